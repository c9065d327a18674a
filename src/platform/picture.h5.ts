/**
 * As in picture.ts. A browser cannot load `cloud://environment.bucket/path`. The cloud serves the file at the bucket's
 * public address, which needs no signature and never expires, because storage.json lets everybody read
 * (cloud.tencent.com/document/product/876/19352, 获取临时链接). The address has the form that Tencent's own CMS builds:
 * `fileIdToUrl` in github.com/TencentCloudBase/cloudbase-extension-cms, packages/admin/src/utils/cloudbase.ts. A cloud
 * that also serves the site, like the local one, serves its files under /storage/.
 */
export function pictureUrl(src: string): string {
  const [, bucket = '', path] = /^cloud:\/\/[^/.]+\.([^/]+)\/(.+)$/.exec(src) ?? []
  if (path !== undefined)
    return encodeURI(`${CLOUD_URL ? `https://${bucket}.tcb.qcloud.la` : '/storage'}/${path}`)
  if (src.startsWith('//')) return `https:${src}`
  return /^(https?:\/)?\//.test(src) ? src : ''
}
