import { longestSide } from './picture-size'

/** A picture as stored in a story: its address and its size in pixels. */
export interface StoryPicture {
  src: string
  width: number
  height: number
}

/** Matches the allowed addresses of pictures: cloud storage, another site over https, or a file of our own site. */
export const pictureAddress = /^(?:cloud:\/\/|https:\/\/|\/pictures\/)[^\s<>"]+$/

/** Folders and a file name, without `..`, spaces or marks that have a meaning in an address. */
const own = /^(\/pictures\/(?:[\p{L}\d_-]+\/)*[\p{L}\d_-]+\.[a-z]{3,4})#(\d{1,5})x(\d{1,5})$/iu

/**
 * Reads the address of a file of our own site, such as `/pictures/a.jpg#1200x800`. It contains the size in pixels,
 * because cloud functions cannot open these files. Null for other addresses and for addresses without a size.
 */
export function ownPicture(address: string): StoryPicture | null {
  const [, src, width, height] = own.exec(address) ?? []
  const size = { width: Number(width), height: Number(height) }
  const isPossible = Object.values(size).every(side => side >= 1 && side <= longestSide)
  return src !== undefined && isPossible ? { src, ...size } : null
}
