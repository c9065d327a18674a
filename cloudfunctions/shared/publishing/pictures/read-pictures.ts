import { createHash } from 'node:crypto'
import { pictures as settings } from '#site'
import { fileAddresses, storeFile } from '../../cloud'
import { errorDetail, log } from '../../log'
import type { PictureCopy } from '../../stores/drafts'
import {
  type Guard,
  guardOf,
  guardOfStorage,
  type OpenedPicture,
  openPicture,
  PictureRefused,
  type Refusal,
} from './open-picture'
import { ownPicture, type StoryPicture } from './own-picture'

/** A picture with its length in bytes (null for a file of the site's own), or why it cannot be used, in Chinese. */
export type PictureRead = (StoryPicture & { bytes: number | null }) | { fault: string }

/** Chinese text for each refusal, to append to 图片. */
const said: Readonly<Record<Refusal, (detail: string) => string>> = {
  host: detail => `放在 ${detail}，不在允许的网站之列，请先上传到云存储，再写它的 cloud:// 地址`,
  private: () => '的地址通向内部网络，不能用，请先上传到云存储',
  redirect: () => '转到了别的地方，请写它最后的地址',
  status: detail => `打不开（${detail}），请核对地址`,
  slow: () => '5 秒内没有读到，请稍后再试，或先上传到云存储',
  'too-large': () => '超过 10 MB，请压缩后再上传',
  'not-a-picture': () => '的地址打开后不是图片，只能用 JPEG、PNG、GIF 和 WebP',
  cut: () => '没有传完整，后面缺了一段，请重新上传',
  unreachable: () => '打不开，请核对地址',
}
const fault = {
  size: '要写上大小，如 /pictures/a.jpg#1200x800',
  missing: '在云存储里找不到，请核对地址',
  storage: '暂时读不到（云存储没有回应），请稍后再试',
  late: '太多，没有在规定时间内读完，请稍后再试，或减少图片',
}

/** Sides (px) and pixels of what can be seen as a picture, and what phones have the memory to draw. */
const shortestSide = 8
const pixelsAtMost = 100_000_000

/** The picture, or a fault if nobody could see it at its size. */
function ofUse(picture: PictureRead): PictureRead {
  if ('fault' in picture) return picture
  const { width, height } = picture
  if (Math.min(width, height) < shortestSide)
    return { fault: `只有 ${width}×${height} 像素，看不见，请删去或换一张` }
  return width * height > pixelsAtMost
    ? { fault: `有 ${width}×${height} 像素，手机打不开，请缩小再上传` }
    : picture
}

/** How many pictures are open at the same time, and after how long (ms) no further one is opened. */
const lanes = 6
const budget = 10_000

/** Query parameters of addresses that expire: those of CloudBase, COS, OSS and S3, and common names of other CDNs. */
const signed = new Set(
  ['sign', 'signature', 'expires', 'auth_key', 'q-signature', 'q-sign-time', 'x-cos-security-token'].concat([
    'x-amz-signature',
    'x-amz-expires',
    'x-oss-signature',
    'x-oss-expires',
    'ossaccesskeyid',
  ]),
)
const expires = ({ searchParams }: URL): boolean =>
  [...searchParams.keys()].some(name => signed.has(name.toLowerCase()))

/** The file name is the content's digest, so a repeated upload produces the same file. */
async function copied({ kind, content }: OpenedPicture): Promise<string> {
  const bytes = content ?? Buffer.alloc(0)
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return storeFile(`stories/${digest}.${kind}`, bytes)
}

async function readOne(
  address: string,
  stored: ReadonlyMap<string, string>,
  copies: boolean,
  guard: Guard,
): Promise<PictureRead> {
  const [whole = ''] = address.split('#')
  if (whole.startsWith('/pictures/')) {
    const picture = ownPicture(address)
    return picture ? { ...picture, bytes: null } : { fault: fault.size }
  }
  if (whole.startsWith('cloud://')) {
    const link = stored.get(whole)
    if (link === undefined) return { fault: fault.missing }
    const { width, height, bytes } = await openPicture(link, guardOfStorage(new URL(link)))
    return { src: whole, width, height, bytes }
  }
  const url = URL.canParse(whole) ? new URL(whole) : null
  const copy = copies && url !== null && (expires(url) || settings.copied.some(host => host === url.hostname))
  const opened = await openPicture(whole, guard, { whole: copy })
  const { width, height, bytes } = opened
  return { src: copy ? await copied(opened) : (url?.href ?? whole), width, height, bytes }
}

async function storedAddresses(addresses: readonly string[]): Promise<Map<string, string> | null> {
  const ids = addresses.filter(one => one.startsWith('cloud://')).map(one => one.split('#')[0] ?? '')
  try {
    return await fileAddresses([...new Set(ids)])
  } catch (error) {
    log('warn', 'storage-failed', errorDetail(error))
    return null
  }
}

const withoutSize = (address: string): string => address.split('#')[0] ?? ''

/** The copies among pictures that were read: those in cloud storage whose own addresses are elsewhere. */
export const copiesIn = (pictures: ReadonlyMap<string, PictureRead>): PictureCopy[] =>
  [...pictures].flatMap(([address, picture]) =>
    'src' in picture && picture.src.startsWith('cloud://') && !address.startsWith('cloud://')
      ? [{ from: withoutSize(address), to: picture.src }]
      : [],
  )

/**
 * Reads the size of each picture from its first bytes. Where `copies` is set, a picture whose address expires is copied
 * into cloud storage, and `src` is the copy. A copy of `earlier` is used instead of its picture, as long as it can be read.
 * `guard` checks addresses outside of cloud storage. Never throws: a picture that cannot be used has a `fault`.
 */
export async function readPictures(
  addresses: readonly string[],
  copies: boolean,
  earlier: readonly PictureCopy[] = [],
  guard = guardOf(settings.hosts),
): Promise<Map<string, PictureRead>> {
  const read = new Map<string, PictureRead>()
  const queue = [...new Set(addresses)]
  const made = new Map(earlier.map(({ from, to }) => [from, to]))
  const known = queue.flatMap(address => made.get(withoutSize(address)) ?? [])
  const stored = await storedAddresses([...queue, ...known])
  const readAny = async (address: string): Promise<PictureRead> => {
    const copy = made.get(withoutSize(address))
    const read = copy && (await readOne(copy, stored ?? new Map(), false, guard).catch(refused))
    return read && 'src' in read ? read : readOne(address, stored ?? new Map(), copies, guard).catch(refused)
  }
  const until = Date.now() + budget
  const lane = async (): Promise<void> => {
    for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
      if (stored === null && address.startsWith('cloud://')) read.set(address, { fault: fault.storage })
      else if (Date.now() >= until) read.set(address, { fault: fault.late })
      else read.set(address, ofUse(await readAny(address)))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return read
}

function refused(error: unknown): PictureRead {
  if (error instanceof PictureRefused) return { fault: said[error.refusal](error.detail) }
  log('warn', 'picture-failed', errorDetail(error))
  return { fault: fault.storage }
}
