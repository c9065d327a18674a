/**
 * Returns the address of one of our pictures. Stories name pictures by a path on the web build's address, so that they
 * stay valid when the deployment moves. Full addresses and `cloud://` ids are returned unchanged; `//host` gets https,
 * since a mini-program has no protocol of its own.
 */
export function pictureUrl(src: string): string {
  return src.startsWith('//') ? `https:${src}` : src.startsWith('/') ? SITE_URL + src : src
}
