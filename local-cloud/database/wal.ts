import { readFileSync } from 'node:fs'

/*
 * SQLite ignores a write-ahead log from the first frame with a wrong checksum on. That is right after a torn write at
 * the very end. After any other damage it would silently lose answered writes.
 * File format: sqlite.org/fileformat2.html#the_write_ahead_log
 */

const headerBytes = 32
const frameHeaderBytes = 24
const magic = 0x377f0682

/** Describes the damage of a write-ahead log. Null if it is undamaged or does not exist. Changes nothing. */
export function damageOfWal(file: string): string | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : String(error)
  }
  // Empty after a checkpoint, or too short for a frame: it contains no committed changes.
  if (bytes.length < headerBytes) return null
  const kind = bytes.readUInt32BE(0)
  if (kind !== magic && kind !== magic + 1) return 'its header is not one of SQLite'
  const read = kind === magic ? littleEndian : bigEndian
  const pageBytes = bytes.readUInt32BE(8)
  let sum = checksum(bytes, 0, 24, [0, 0], read)
  if (!sameSum(bytes, 24, sum)) return 'the checksum of its header is wrong'
  const frameBytes = frameHeaderBytes + pageBytes
  const salt = bytes.subarray(16, 24)
  let broken: number | null = null
  for (let at = headerBytes; at + frameBytes <= bytes.length; at += frameBytes) {
    // Frames with another salt are left over from before the last checkpoint. No frame of the present log follows them.
    if (!bytes.subarray(at + 8, at + 16).equals(salt)) {
      broken ??= at
      continue
    }
    if (broken !== null) return `frame ${frameNumber(broken, frameBytes)} is damaged`
    sum = checksum(bytes, at, 8, sum, read)
    sum = checksum(bytes, at + frameHeaderBytes, pageBytes, sum, read)
    if (!sameSum(bytes, at + 16, sum)) broken = at
  }
  return null
}

type Sum = readonly [number, number]
type Read = (bytes: Buffer, at: number) => number
const littleEndian: Read = (bytes, at) => bytes.readUInt32LE(at)
const bigEndian: Read = (bytes, at) => bytes.readUInt32BE(at)

function checksum(bytes: Buffer, from: number, length: number, start: Sum, read: Read): Sum {
  let [a, b] = start
  for (let at = from; at < from + length; at += 8) {
    a = (a + read(bytes, at) + b) >>> 0
    b = (b + read(bytes, at + 4) + a) >>> 0
  }
  return [a, b]
}

function sameSum(bytes: Buffer, at: number, [a, b]: Sum): boolean {
  return bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b
}

function frameNumber(at: number, frameBytes: number): number {
  return (at - headerBytes) / frameBytes + 1
}
