import type { drawCode } from '#contract/poster'
import { previewVersion } from '#site'
import { AppError } from '../shared/app-error'
import { drawMiniCode } from '../shared/cloud'
import { errorDetail, log } from '../shared/log'
import { requirePublished } from '../shared/require-published'
import type { Handler } from '../shared/serve'
import { withinDay } from './day-limits'

/** How many mini-codes are drawn in a Beijing day: of one story, and of all stories. */
const codesADay = { story: 500, all: 5_000 }

/**
 * Draws a mini-code. It is not stored: each poster has a mark of its own, so no code is asked for twice. The limits hold
 * for all callers together, because anybody can make up marks.
 */
export const drawCodeHandler: Handler<typeof drawCode> = async ({ articleId, mark }) => {
  await requirePublished(articleId)
  const limits = { all: codesADay.all, [`stories.${articleId}`]: codesADay.story }
  await withinDay('code', articleId, limits, Date.now())
  try {
    const { content, contentType } = await drawMiniCode({
      scene: `${articleId}-${mark}`,
      page: 'pages/article/index',
      envVersion: previewVersion,
    })
    const kind = contentType === 'image/png' ? 'png' : 'jpeg'
    return { code: `data:image/${kind};base64,${content.toString('base64')}` }
  } catch (error) {
    log('warn', 'mini-code-failed', { id: articleId, ...errorDetail(error) })
    throw new AppError('unavailable', 'no mini-code now')
  }
}
