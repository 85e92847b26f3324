/** A text message from a server as one WebSocket frame (RFC 6455 §5.2), for payloads below 64 KiB. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 2 : 4
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x81
  if (length < 126) frame[1] = length
  else {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  }
  frame.write(text, header)
  return frame
}
