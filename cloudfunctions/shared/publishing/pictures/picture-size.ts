import { GIF } from 'image-size-2/types/gif'
import type { IImage } from 'image-size-2/types/interface'
import { JPG } from 'image-size-2/types/jpg'
import { PNG } from 'image-size-2/types/png'
import { WEBP } from 'image-size-2/types/webp'

/** What every phone draws. */
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

/** A kind is told from this many bytes, and all but a JPEG's size. */
export const firstBytes = 64
const longestSide = 30_000
/** EXIF orientations that turn a picture by 90 degrees. */
const turnedFrom = 5

/** The kind of a picture by its first bytes, whatever its name or its server says; null for anything else. */
export function kindOf(bytes: Uint8Array): PictureKind | null {
  return kinds.find(([, reader]) => attempt(() => reader.validate(bytes)))?.[0] ?? null
}

/** Size in pixels as it is drawn. Null if the bytes end before it, or are no picture. */
export function sizeOf(bytes: Uint8Array): PictureSize | null {
  const [kind, reader] = kinds.find(([name]) => name === kindOf(bytes)) ?? []
  const size = reader && attempt(() => reader.calculate(bytes))
  if (!kind || !size) return null
  const isTurned = (size.orientation ?? 1) >= turnedFrom
  const [width, height] = isTurned ? [size.height, size.width] : [size.width, size.height]
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= longestSide
  return isSide(width) && isSide(height) ? { kind, width, height } : null
}

/** The readers throw, or read past the end, where bytes are missing. */
function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
