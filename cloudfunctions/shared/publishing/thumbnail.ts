import { pictures as settings } from '#site'

/** The build adds a small 4:3 version of each of the site's own pictures: `a-s.jpg` for `a.jpg`. */
const own = /^(\/pictures\/[^?#]+)\.jpg$/

/** A file in the cloud's storage: its bucket and its path. Everybody may read it at the bucket's public address. */
const stored = /^(?:cloud:\/\/[^/.]+\.([^/]+)|https:\/\/([^/]+)\.tcb\.qcloud\.la)\/([^?#]+)$/

/**
 * Scales to 336×252, as the build does, and cuts what is left over from the middle; answers with the whole picture if that
 * fails (cloud.tencent.com/document/product/460/6929; as a query of the public address: docs.cloudbase.net/storage/ci).
 */
const processing = 'imageView2/1/w/336/h/252/ignore-error/1'

/** The field `thumb` of a cover, if its picture has a small version for lists. */
export function thumbOf(src: string, isProcessed = settings.thumbnails): { thumb?: string } {
  const name = own.exec(src)?.[1]
  if (name !== undefined) return { thumb: `${name}-s.jpg` }
  const [, bucket, host = bucket, path] = (isProcessed && stored.exec(src)) || []
  if (host === undefined || path === undefined) return {}
  const address = bucket === undefined ? path : encodeURI(path)
  return { thumb: `https://${host}.tcb.qcloud.la/${address}?${processing}` }
}
