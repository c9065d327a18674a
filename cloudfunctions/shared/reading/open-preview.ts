import type { openPreview } from '#contract/preview'
import { AppError } from '../app-error'
import { opens } from '../preview-token'
import type { Handler } from '../serve'
import { findPreviews, findPreviewText, hasDraft } from '../stores/previews'

/**
 * Opens a preview. A guess costs one small read and learns nothing: the answer is the same whether the preview does not
 * exist, has expired or has another token. A draft's withdrawal lets its previews expire; its deletion is seen here.
 * Nothing is cached.
 */
export const openPreviewHandler: Handler<typeof openPreview> = async ({ scene }) => {
  const [id = '', token = ''] = scene.split('.')
  const [head] = await findPreviews([id])
  const isRight = opens(token, head?.token ?? null)
  const isLive = head !== undefined && head.expiresAt > Date.now()
  const [text, isKept] =
    isRight && isLive
      ? await Promise.all([findPreviewText(id, head.token), hasDraft(head.draft)])
      : [null, false]
  if (!text || !head || !isKept) throw new AppError('not-found', 'no such preview')
  const { article, related, poll } = text
  return { article, expiresAt: head.expiresAt, related, ...(poll ? { poll } : {}) }
}
