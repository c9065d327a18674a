import { GIF } from 'image-size-2/types/gif'
import type { IImage } from 'image-size-2/types/interface'
import { JPG } from 'image-size-2/types/jpg'
import { PNG } from 'image-size-2/types/png'
import { WEBP } from 'image-size-2/types/webp'

/** Formats that every supported phone can display. */
const kinds = [
  ['jpg', JPG],
  ['png', PNG],
  ['gif', GIF],
  ['webp', WEBP],
] as const satisfies readonly (readonly [string, IImage])[]

export type PictureKind = (typeof kinds)[number][0]

export interface PictureSize {
  kind: PictureKind
  width: number
  height: number
}

/** Number of bytes that identify the format, and the size of every format except JPEG. */
export const firstBytes = 64
/** Maximum length of a picture's side (px). */
export const longestSide = 30_000
/** EXIF orientations from this one (5 to 8) rotate a picture by 90 degrees. */
const turnedFrom = 5

/** The format by a file's first bytes; ignores its name and content type. Null if the file is not a supported picture. */
export function kindOf(bytes: Uint8Array): PictureKind | null {
  return kinds.find(([, reader]) => attempt(() => reader.validate(bytes)))?.[0] ?? null
}

/** Size in pixels after EXIF rotation. Null if there are too few bytes or they are not a supported picture. */
export function sizeOf(bytes: Uint8Array): PictureSize | null {
  const [kind, reader] = kinds.find(([name]) => name === kindOf(bytes)) ?? []
  const size = reader && attempt(() => reader.calculate(bytes))
  if (!kind || !size) return null
  const isTurned = (size.orientation ?? 1) >= turnedFrom
  const [width, height] = isTurned ? [size.height, size.width] : [size.width, size.height]
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= longestSide
  return isSide(width) && isSide(height) ? { kind, width, height } : null
}

/** The library's readers throw when bytes are missing. */
function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

const jpegEnd = Buffer.from([0xff, 0xd9])
const gifEnd = Buffer.from([0x00, 0x3b])
/** A program may have added a few bytes after the end of a GIF. */
const gifTail = 64

/** Where the drawn data of a JPEG begin, after its segments: a thumbnail among them has an end of its own. */
function scanOf(bytes: Buffer): number {
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda)
    at += bytes[at + 1] === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  return at
}

/** How many bytes at the end of a long file tell whether it was cut. */
export const lastBytes = 65_536
/** What may follow the byte 0xFF within the drawn data of a JPEG: a zero, a restart, and what begins another scan. */
const inScan = new Set([0x00, 0xc4, 0xda, 0xff, ...Array.from({ length: 8 }, (_, n) => 0xd0 + n)])

/**
 * Whether the last bytes of a long file show that it was cut. Other data may follow a picture, such as the film of a
 * moving photo: a JPEG whose last bytes are no drawn data is not taken for cut. For WebP, see `isShorter`.
 */
export function isCutAtEnd(kind: PictureKind, bytes: Buffer): boolean {
  switch (kind) {
    case 'jpg': {
      if (bytes.includes(jpegEnd)) return false
      const marks = [...bytes.subarray(0, -1).entries()].filter(([, byte]) => byte === 0xff)
      return marks.every(([at]) => inScan.has(bytes[at + 1] ?? 0))
    }
    case 'png':
    case 'gif':
      return !isComplete(kind, bytes)
    case 'webp':
      return false
  }
}

/** Whether a file has fewer bytes than its beginning says. Only WebP says it. */
export const isShorter = (kind: PictureKind, head: Buffer, bytes: number): boolean =>
  kind === 'webp' && bytes < 8 + head.readUInt32LE(4)

/** Whether a whole file holds its picture to the end. A phone draws a file that was cut in part, and the rest grey. */
export function isComplete(kind: PictureKind, bytes: Buffer): boolean {
  switch (kind) {
    case 'jpg':
      return bytes.indexOf(jpegEnd, scanOf(bytes)) >= 0
    case 'png':
      return bytes.includes('IEND')
    case 'gif':
      return bytes.subarray(-gifTail).includes(gifEnd)
    case 'webp':
      return bytes.length >= 8 && !isShorter(kind, bytes, bytes.length)
  }
}
