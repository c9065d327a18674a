import { tokenHash } from '../../cloudfunctions/shared/preview-token'
import type { StoryRow } from './app-cloud'

const token = '0123456789abcdef'

/** What opens a preview that `previewRow` made. */
export const previewScene = (id: string): string => `${id}.${token}`

const inMilliseconds = (_: string, value: unknown): unknown => {
  const { $date } = (value ?? {}) as { $date?: string }
  return typeof $date === 'string' ? Date.parse($date) : value
}

/** The draft of these previews: a preview whose draft is gone does not open. */
export const previewedDraft: StoryRow = { _id: 'draft', status: '草稿' }

/** A row of `previews` that shows a story of tests and never expires. */
export function previewRow(_id: string, story: StoryRow): StoryRow {
  const article = JSON.parse(JSON.stringify({ ...story, id: _id }), inMilliseconds) as object
  return {
    _id,
    draft: previewedDraft._id,
    token: tokenHash(token),
    expiresAt: { $date: '2099-01-01T00:00:00Z' },
    code: '',
    article,
  }
}
