import * as v from 'valibot'

/**
 * A story's id: 8–12 of `[0-9a-z]`. With a share mark of ten (`id-mark` is 23 characters at most) it fits the 32
 * characters a mini-code's `scene` may have.
 */
export const ArticleId = v.pipe(v.string(), v.regex(/^[0-9a-z]{8,12}$/))

/** A topic's id: made like a story's. */
export const TopicId = ArticleId

/** Ten of `[0-9a-z]` that name one act of sharing, never a reader. */
export const ShareMark = v.pipe(v.string(), v.regex(/^[0-9a-z]{10}$/))

/** A channel's or column's key as site.ts writes it. */
export const SectionKey = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,23}$/))

/** A moment: milliseconds since 1970, UTC. */
export const Instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))
