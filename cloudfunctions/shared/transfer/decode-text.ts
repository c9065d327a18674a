import { type FileLimits, UnreadableFile } from './limits'

/** A file that can be read more than once. */
export type FileSource = () => AsyncIterable<Uint8Array>

/** How files of Excel begin: .xlsx is a ZIP archive, .xls a compound file. */
const workbooks = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
]

const encodings = ['utf-8', 'gb18030'] as const

/** Whether a file is valid in an encoding. Also counts its bytes. */
async function fits(open: FileSource, encoding: string, most: number): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let bytes = 0
  try {
    for await (const chunk of open()) {
      bytes += chunk.length
      if (bytes > most) throw new UnreadableFile(`文件太大，最多 ${Math.floor(most / 1024 / 1024)} MB`)
      decoder.decode(chunk, { stream: true })
    }
    decoder.decode()
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false
    throw error
  }
}

/** The encoding named by a byte order mark at the beginning of a file, as Excel writes it. */
async function markedEncoding(open: FileSource): Promise<string | null> {
  for await (const chunk of open()) {
    if (chunk.length === 0) continue
    const isWorkbook = workbooks.some(mark => mark.every((byte, index) => chunk[index] === byte))
    if (isWorkbook) throw new UnreadableFile('这是 Excel 文件，请在 Excel 里另存为 CSV，再选一次')
    if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
    if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
    return null
  }
  throw new UnreadableFile('文件是空的')
}

/**
 * The text of a file, in pieces, without a byte order mark: UTF-8, or GBK as Excel in Chinese writes CSV. Reads the file
 * three times. @throws UnreadableFile
 */
export async function* decodeText(open: FileSource, limits: FileLimits): AsyncGenerator<string> {
  let encoding = await markedEncoding(open)
  for (const one of encoding === null ? encodings : []) {
    if (encoding === null && (await fits(open, one, limits.bytes))) encoding = one
  }
  if (encoding === null || !(await fits(open, encoding, limits.bytes))) {
    throw new UnreadableFile('看不懂文件的编码，请存成 UTF-8 的 CSV 或 JSON Lines')
  }
  const decoder = new TextDecoder(encoding)
  for await (const chunk of open()) {
    const text = decoder.decode(chunk, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}
