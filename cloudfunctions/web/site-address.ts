import { shownPicture } from '../../src/web/shown-picture'
import { plainLine } from './plain-line'

/** The local cloud gives its own address to its functions under this name. */
const { KEPU_SITE_URL: given = '' } = process.env
const givenOrigin = /^https?:/.test(given) && URL.canParse(given) ? new URL(given).origin : ''

/**
 * The origin of the site's addresses: the build's, else that of KEPU_SITE_URL in the function's environment; empty if
 * neither names one. A request's host is never used, because it can be forged.
 */
export const siteOrigin = (): string => SITE_ORIGIN || givenOrigin

/** An address of this deployment, with the site's origin if that is known. */
export const absolute = (path: string): string =>
  path.startsWith('/') && !path.startsWith('//') ? siteOrigin() + path : path

/** The whole address of a picture, for programs; undefined for one that pages do not show, or whose origin is not known. */
export function pictureAddress(src: string): string | undefined {
  const address = shownPicture(src)
  if (!address) return undefined
  const whole = absolute(plainLine(address))
  if (whole.startsWith('/')) return undefined
  return whole.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent)
}
