/** As large as a picture is ever shown, px, and as heavy as the server takes that of a group, bytes. */
const side = 256
const heaviest = 40 * 1024
/** Heavier files are not opened: a phone has not the memory for what they unpack to. */
const heaviestFile = 20 * 1024 * 1024

/** Cuts the middle square out of a picture and makes it small enough; else why that cannot be. */
export async function readPicture(file: Blob): Promise<Blob | 'unreadable' | 'large'> {
  if (file.size > heaviestFile) return 'large'
  try {
    return await shrunk(file)
  } catch {
    return 'unreadable'
  }
}

async function shrunk(file: Blob): Promise<Blob> {
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
  for (const [type, quality] of [
    ['image/webp', 0.9],
    ['image/webp', 0.75],
    ['image/webp', 0.5],
    ['image/jpeg', 0.75],
  ] as const) {
    // A browser that does not write WebP falls back to a PNG, which may be too heavy.
    const small = await encoded(canvas, type, quality)
    if (small.size <= heaviest) return small
  }
  throw new Error('The picture stays too large')
}

const encoded = (canvas: HTMLCanvasElement, type: string, quality: number) =>
  new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture cannot be written'))), type, quality)
  })
