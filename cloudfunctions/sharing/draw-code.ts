import type { drawCode } from '#contract/poster'
import { AppError } from '../shared/app-error'
import { BoundedMap } from '../shared/bounded-map'
import { drawMiniCode } from '../shared/cloud'
import { hashOf } from '../shared/hash'
import { errorDetail, log } from '../shared/log'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { readSalt } from '../shared/stores/settings'
import { withinDay } from './day-limits'

/**
 * How many mini-codes are drawn in a Beijing day. Readers are spread over 64 quotas by their hash, as for openings: `all`
 * and `story` are the limits of each.
 */
const codesADay = { reader: 20, all: 100, story: 40 }

/** Codes by their `scene`: a request that is sent again costs nothing. */
const drawn = new BoundedMap<string, string>(50)

/**
 * Draws a mini-code, only for readers with an identity: a guest can make the cloud draw nothing. Codes are not stored,
 * because each poster has a mark of its own. Phones keep theirs.
 */
export const drawCodeHandler: Handler<typeof drawCode> = async ({ articleId, mark }, caller) => {
  const reader = await caller.reader()
  await requirePublished(articleId)
  const scene = `${articleId}-${mark}`
  const known = drawn.get(scene)
  if (known) return { code: known }
  // As for openings, not the reader's hash in `votes`.
  const today = hashOf(await readSalt(), 'quota', reader)
  const limits = {
    all: codesADay.all,
    [`stories.${articleId}`]: codesADay.story,
    [`readers.${today}`]: codesADay.reader,
  }
  await withinDay(`code:${today.slice(0, 1)}`, `${articleId} ${today}`, limits, Date.now())
  try {
    const { content, contentType } = await drawMiniCode({
      scene,
      page: 'pages/article/index',
      // Whoever scans a poster is no tester.
      envVersion: 'release',
    })
    const kind = contentType === 'image/png' ? 'png' : 'jpeg'
    const code = `data:image/${kind};base64,${content.toString('base64')}`
    drawn.set(scene, code)
    return { code }
  } catch (error) {
    log('warn', 'mini-code-failed', { id: articleId, ...errorDetail(error) })
    throw new AppError('unavailable', 'no mini-code now')
  }
}
