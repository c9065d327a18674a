import { CloudError } from './cloud-error'

/**
 * The fields of a multipart body as bytes. The SDK sends protobuf in a field, which a text parser would damage.
 * @throws CloudError if the body is not multipart
 */
export function parseMultipart(body: Buffer, contentType: string): Map<string, Buffer> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (!boundary) throw new CloudError('INVALID_PARAM', 'multipart without boundary')
  const mark = Buffer.from(`--${boundary}`)
  const fields = new Map<string, Buffer>()
  let from = body.indexOf(mark)
  while (from >= 0) {
    const start = from + mark.length + 2
    const next = body.indexOf(mark, start)
    if (next < 0) break
    const part = body.subarray(start, next - 2)
    const headersEnd = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/.exec(part.subarray(0, Math.max(headersEnd, 0)).toString())?.[1]
    if (headersEnd < 0 || name === undefined)
      throw new CloudError('INVALID_PARAM', 'a multipart field without a name')
    fields.set(name, part.subarray(headersEnd + 4))
    from = next
  }
  return fields
}
