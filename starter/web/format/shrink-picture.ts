/** As large as a picture is ever shown, px, and as heavy as the server takes, bytes. */
const side = 256
const heaviest = 64 * 1024

/** Cuts the middle square out of a picture and makes it small enough. @throws If the browser cannot read it. */
export async function shrinkPicture(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file)
  const square = Math.min(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (!context || square === 0) throw new Error('The picture cannot be drawn')
  const [left, top] = [(picture.width - square) / 2, (picture.height - square) / 2]
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, left, top, square, square, 0, 0, side, side)
  picture.close()
  for (const quality of [0.9, 0.75, 0.5]) {
    const small = await encoded(canvas, quality)
    if (small.size <= heaviest) return small
  }
  throw new Error('The picture stays too large')
}

/** WebP where the browser writes it, else the PNG that it falls back to. */
const encoded = (canvas: HTMLCanvasElement, quality: number) =>
  new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture cannot be written'))),
      'image/webp',
      quality,
    )
  })
