import * as v from 'valibot'
import { Article } from './article'
import { endpoint } from './endpoint'
import { Instant } from './ids'

/**
 * What opens the preview of a draft: the preview's id, a full stop and a secret token. At most 29 characters, because a
 * mini-code's `scene` holds 32, and only characters that it allows [wxacode.getUnlimited].
 */
export const PreviewScene = v.pipe(v.string(), v.regex(/^[0-9a-z]{8,12}\.[0-9a-z]{16}$/))

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
  }),
})
