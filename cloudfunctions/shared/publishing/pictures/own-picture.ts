/** A picture as stored in a story: its address and its size in pixels. */
export interface StoryPicture {
  src: string
  width: number
  height: number
}

/** Matches the allowed addresses of pictures: cloud storage, another site over https, or a file of our own site. */
export const pictureAddress = /^(?:cloud:\/\/|https:\/\/|\/pictures\/)[^\s<>"]+$/

const own = /^(\/pictures\/[^\s#]+)#(\d{1,5})x(\d{1,5})$/

/**
 * Reads the address of a file of our own site, such as `/pictures/a.jpg#1200x800`. It contains the size in pixels,
 * because cloud functions cannot open these files. Null for other addresses and for addresses without a size.
 */
export function ownPicture(address: string): StoryPicture | null {
  const [, src, width, height] = own.exec(address) ?? []
  if (src === undefined || Number(width) < 1 || Number(height) < 1) return null
  return { src, width: Number(width), height: Number(height) }
}
