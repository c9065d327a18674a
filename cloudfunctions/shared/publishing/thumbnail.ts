/** The build adds a small 4:3 version of each of the site's own pictures: `a-s.jpg` for `a.jpg`. */
const own = /^(\/pictures\/[^?#]+)\.jpg$/

/** The field `thumb` of a cover, if its picture has a small version for lists. */
export function thumbOf(src: string): { thumb?: string } {
  const name = own.exec(src)?.[1]
  return name === undefined ? {} : { thumb: `${name}-s.jpg` }
}
