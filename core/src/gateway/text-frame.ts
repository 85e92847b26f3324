/**
 * One WebSocket text message from the server as one contiguous buffer: header and payload, unmasked, unfragmented
 * (RFC 6455 §5.2). Encoded once, it can be written to any number of sockets.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  if (length < 126) {
    const frame = Buffer.allocUnsafe(length + 2)
    frame[0] = 0x81
    frame[1] = length
    frame.write(text, 2, 'utf8')
    return frame
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(length + 4)
    frame[0] = 0x81
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
    frame.write(text, 4, 'utf8')
    return frame
  }
  const frame = Buffer.allocUnsafe(length + 10)
  frame[0] = 0x81
  frame[1] = 127
  frame.writeBigUInt64BE(BigInt(length), 2)
  frame.write(text, 10, 'utf8')
  return frame
}

/** Splits a buffer of whole frames into their texts. */
export function frameTexts(frames: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at < frames.length;) {
    const short = frames[at + 1]! & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    const length =
      short < 126 ? short : short === 126 ? frames.readUInt16BE(at + 2) : Number(frames.readBigUInt64BE(at + 2))
    texts.push(frames.toString('utf8', at + header, at + header + length))
    at += header + length
  }
  return texts
}
