import * as v from 'valibot'

/**
 * A story's id: 8–12 of `[0-9a-z]`. Together with a share mark of ten characters (`id-mark`, at most 23) it fits the 32
 * characters allowed in a mini-code's `scene`.
 */
export const ArticleId = v.pipe(v.string(), v.regex(/^[0-9a-z]{8,12}$/))

/** A topic's id, in the same form as a story's. */
export const TopicId = ArticleId

/** Ten of `[0-9a-z]`. Identifies one act of sharing, never a reader. */
export const ShareMark = v.pipe(v.string(), v.regex(/^[0-9a-z]{10}$/))

/** Made at random by a phone or browser whose reader has no identity, and kept in its storage. */
export const GuestId = ShareMark

/** Key of a channel or column in site.ts. */
export const SectionKey = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,23}$/))

/** The last moment of the year 9999 in Beijing. Later years have five digits, which dates in feeds and files cannot have. */
export const lastInstant = 253_402_271_999_999

/** A point in time: milliseconds since 1970, UTC. */
export const Instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(lastInstant))
