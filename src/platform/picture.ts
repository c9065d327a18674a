/**
 * Where a picture of ours is. Stories name their pictures by a path on the web build's address, so that a story can
 * move with its deployment; addresses and `cloud://` ids stand for themselves.
 */
export function pictureUrl(src: string): string {
  return src.startsWith('/') ? SITE_URL + src : src
}
