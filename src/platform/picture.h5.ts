/**
 * As in picture.ts. A browser cannot load `cloud://environment.bucket/path`. The cloud serves the file at the bucket's
 * public address (storage.json lets everybody read). A cloud that also serves the site, like the local one, serves its
 * files under /storage/.
 */
export function pictureUrl(src: string): string {
  const [, bucket = '', path] = /^cloud:\/\/[^/.]+\.([^/]+)\/(.+)$/.exec(src) ?? []
  if (path !== undefined)
    return encodeURI(`${CLOUD_URL ? `https://${bucket}.tcb.qcloud.la` : '/storage'}/${path}`)
  return src.startsWith('//') ? `https:${src}` : src
}
