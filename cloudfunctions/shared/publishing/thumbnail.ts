/** The build draws a small version, 4:3, beside each of the site's own pictures: `a.jpg` and `a-s.jpg`. */
const own = /^(\/pictures\/[^?#]+)\.jpg$/

/** The field `thumb` of a cover, where its picture has a small version for lists. */
export function thumbOf(src: string): { thumb?: string } {
  const name = own.exec(src)?.[1]
  return name === undefined ? {} : { thumb: `${name}-s.jpg` }
}
