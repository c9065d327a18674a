/**
 * Returns the address of one of our pictures. Stories name pictures by a path on the web build's address, so that they
 * stay valid when the deployment moves. Full addresses and `cloud://` ids are returned unchanged; `//host` gets https,
 * since a mini-program has no protocol of its own. Empty for anything else, such as `javascript:` or `data:`: no such
 * picture is shown.
 */
export function pictureUrl(src: string): string {
  if (src.startsWith('/')) return src.startsWith('//') ? `https:${src}` : SITE_URL + src
  return /^(https?|cloud):\/\//.test(src) ? src : ''
}
