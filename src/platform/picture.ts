/**
 * Returns the address of one of our pictures. Stories name pictures by a path on the web build's address, so that they
 * stay valid when the deployment moves. Full addresses and `cloud://` ids are returned unchanged.
 */
export function pictureUrl(src: string): string {
  return src.startsWith('/') ? SITE_URL + src : src
}
