import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, ShareMark } from './ids'

/** A small picture inside a reply: a canvas draws it without a download. */
const InlinePicture = v.pipe(v.string(), v.regex(/^data:image\/(png|jpeg);base64,[0-9A-Za-z+/=]+$/))

/**
 * Draws the mini-code that opens a story with a share mark, for a poster. Changes nothing but the day's count. Errors:
 * `unauthenticated`, `not-found`, `too-many`, `unavailable` (WeChat draws none now).
 */
export const drawCode = endpoint('sharing/drawCode', {
  input: v.object({ articleId: ArticleId, mark: ShareMark }),
  output: v.object({ code: InlinePicture }),
})
