/** A picture as a story holds it. */
export interface StoryPicture {
  src: string
  width: number
  height: number
}

/** Where a draft's picture may be: in the cloud's storage, on another site, or among the site's own files. */
export const pictureAddress = /^(?:cloud:\/\/|https:\/\/|\/pictures\/)[^\s<>"]+$/

const own = /^(\/pictures\/[^\s#]+)#(\d{1,5})x(\d{1,5})$/

/**
 * One of the site's own files, which no function can open: the address names its size, `/pictures/a.jpg#1200x800`. Null
 * for other addresses, or without a size.
 */
export function ownPicture(address: string): StoryPicture | null {
  const [, src, width, height] = own.exec(address) ?? []
  if (src === undefined || Number(width) < 1 || Number(height) < 1) return null
  return { src, width: Number(width), height: Number(height) }
}
