import { pictureUrl } from '#platform/picture.h5'

/** The address at which pages show a picture; undefined for one that a browser would not load. */
export function shownPicture(src: string): string | undefined {
  const address = pictureUrl(src)
  return /^(?:https?:\/)?\//.test(address) ? address : undefined
}
