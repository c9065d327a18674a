import * as v from 'valibot'
import { Article } from './article'
import { endpoint } from './endpoint'
import { ArticleId, Instant } from './ids'

/**
 * What opens the preview of a draft: the preview's id, a full stop and a secret token. At most 29 characters, because a
 * mini-code's `scene` holds 32, and only characters that it allows [wxacode.getUnlimited].
 */
export const PreviewScene = v.pipe(v.string(), v.regex(/^[0-9a-z]{8,12}\.[0-9a-z]{16}$/))

/** A poll as a preview shows it. */
export const PreviewPoll = v.object({
  question: v.string(),
  choices: v.picklist(['one', 'several']),
  options: v.array(v.object({ label: v.string() })),
})
export type PreviewPoll = v.InferOutput<typeof PreviewPoll>

/**
 * Opens the preview of a draft. Errors: `invalid`; `not-found`, the same for an id that does not exist, a wrong token
 * and an expired preview.
 */
export const openPreview = endpoint('content/openPreview', {
  input: v.object({ scene: PreviewScene }),
  output: v.object({
    /** The draft as it would be published. Its id is the preview's: no story has it. */
    article: Article,
    expiresAt: Instant,
    /** Its 相关阅读 as it would be now. Older previews have none. */
    related: v.optional(v.array(v.object({ id: ArticleId, title: v.string() }))),
    /** Its poll (云投), without votes. */
    poll: v.optional(PreviewPoll),
  }),
})
