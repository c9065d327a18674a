/** What people give a command from outside, as a variable or an option, and what a command says of a wrong value. */

/** Wrong arguments, settings or secrets: nothing was begun. The message says what to do; the exit code is 2. */
export class Misuse extends Error {}

/** The address without the slash at its end, because paths are appended to it; null if nothing can be appended. */
function baseOf(given: string): string | null {
  const url = /^https?:\/\//i.test(given) && URL.canParse(given) ? new URL(given) : null
  // A user, a query or a part of a page is in neither.
  return url && url.href === url.origin + url.pathname ? url.href.replace(/\/$/, '') : null
}

/**
 * The address of a whole site, as `https://kepu.cn`, or empty for none.
 * @param name of the variable or option, for the message
 * @throws Misuse
 */
export function siteAddress(name: string, given: string): string {
  const base = given === '' ? '' : baseOf(given)
  if (base === null || (base !== '' && base !== new URL(base).origin))
    throw new Misuse(`${name} must be the address of a site, like https://kepu.cn, not "${given}".`)
  return base
}

/** As siteAddress, for a web API, which may lie below a path. */
export function apiAddress(name: string, given: string): string {
  const base = given === '' ? '' : baseOf(given)
  if (base === null)
    throw new Misuse(`${name} must be the address of a web API, like https://kepu.cn/api, not "${given}".`)
  return base
}

/**
 * The path of a file or a folder. An empty one would mean the current folder, which is the repository.
 * @param name of the variable or option, for the message
 * @throws Misuse
 */
export function namedPath(name: string, given: string): string {
  if (given.trim() === '') throw new Misuse(`${name} must name a file or a folder, and is empty.`)
  return given
}

/** The message of a parser or of the system in one line: JSON.parse quotes the lines at which it ended. */
export function lineOf(error: unknown): string {
  const { message = String(error) } = Object(error) as { message?: string }
  return message.replace(/\s+/g, ' ')
}
