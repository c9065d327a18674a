import { shownPicture } from '../../src/web/shown-picture'
import { plainLine } from './plain-line'

/**
 * An address of this deployment, with its origin if the build knows it. A request's host is never used, because it can
 * be forged.
 */
export const absolute = (path: string): string =>
  path.startsWith('/') && !path.startsWith('//') ? SITE_ORIGIN + path : path

/** The whole address of a picture, for programs; undefined for one that a browser would not load. */
export function pictureAddress(src: string): string | undefined {
  const address = shownPicture(src)
  return address && absolute(plainLine(address)).replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent)
}
