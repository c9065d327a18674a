import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, Instant, SectionKey, TopicId } from './ids'
import { MoodState } from './mood'

/** A stretch of text. A plain string if it has no marks, as most have none. */
export const Span = v.union([
  v.string(),
  v.object({
    text: v.string(),
    bold: v.optional(v.literal(true)),
    italic: v.optional(v.literal(true)),
    code: v.optional(v.literal(true)),
    /** Lowered or raised: CO₂, 10⁻⁹. Clients that do not know it draw the text in line. */
    sub: v.optional(v.literal(true)),
    sup: v.optional(v.literal(true)),
    /** Id of the story that this text links to. */
    story: v.optional(ArticleId),
  }),
])
export type Span = v.InferOutput<typeof Span>

const Spans = v.array(Span)

/**
 * A picture. `src` is an address, a `cloud://` id, or a path on the web build's address (see platform/picture.ts).
 * Width and height (px) reserve its space before it loads.
 */
export const Picture = v.object({
  src: v.string(),
  width: v.pipe(v.number(), v.integer(), v.minValue(1)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1)),
  alt: v.string(),
})
export type Picture = v.InferOutput<typeof Picture>

/** A story's picture in lists and on cards. `thumb` is a small version, 4:3. */
export const Cover = v.object({ ...Picture.entries, thumb: v.optional(v.string()) })
export type Cover = v.InferOutput<typeof Cover>

/** One block of a story's body. Pages choose how to draw it by `type` alone. */
export const Block = v.variant('type', [
  v.object({ type: v.literal('paragraph'), spans: Spans }),
  v.object({ type: v.literal('heading'), text: v.string() }),
  v.object({ type: v.literal('quote'), spans: Spans }),
  v.object({
    type: v.literal('list'),
    ordered: v.boolean(),
    items: v.array(Spans),
    /** The first number of an ordered list, 1 where there is none. */
    start: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  }),
  v.object({
    type: v.literal('picture'),
    ...Picture.entries,
    caption: v.optional(v.string()),
    credit: v.optional(v.string()),
  }),
  v.object({ type: v.literal('table'), head: v.array(v.string()), rows: v.array(v.array(v.string())) }),
  v.object({ type: v.literal('code'), text: v.string() }),
])
export type Block = v.InferOutput<typeof Block>

/** A story as shown in a list. */
export const Teaser = v.object({
  id: ArticleId,
  title: v.string(),
  /** Empty if the editor wrote none. */
  teaser: v.string(),
  channel: SectionKey,
  /** Empty if the story is in no column. May be a column that this version's site.ts does not contain. */
  column: v.union([SectionKey, v.literal('')]),
  publishedAt: Instant,
  cover: v.optional(Cover),
  /** When the story was last corrected (更正), in a list. A complete story has `corrected` instead. */
  correctedAt: v.optional(Instant),
  /** For its card: a story can be shared before it has loaded. */
  source: v.optional(v.string()),
})
export type Teaser = v.InferOutput<typeof Teaser>

/** A complete story, as published. */
export const Article = v.object({
  ...Teaser.entries,
  /** Increases with every publication of the story. Two copies with the same version are equal. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  source: v.string(),
  author: v.string(),
  editor: v.string(),
  tags: v.array(v.string()),
  /** 分享图: the picture of shared cards, if it is another one than the cover. */
  shareCover: v.optional(Picture),
  /** Credit of the cover picture. */
  credit: v.optional(v.string()),
  /** 更正: when and why the story was corrected. */
  corrected: v.optional(v.object({ at: Instant, reason: v.string() })),
  /** The topic (独家策划) that the story belongs to. */
  topic: v.optional(v.object({ id: TopicId, title: v.string() })),
  /** Id of the story's poll (云投). */
  poll: v.optional(v.string()),
  blocks: v.array(Block),
})
export type Article = v.InferOutput<typeof Article>

/** How many titles 相关阅读 shows. */
export const relatedShown = 5

/** An entry of 相关阅读. */
export const RelatedTitle = v.object({
  id: ArticleId,
  title: v.string(),
  publishedAt: Instant,
  correctedAt: v.optional(Instant),
})
export type RelatedTitle = v.InferOutput<typeof RelatedTitle>

/** Reads a complete story in one call. Errors: `invalid`, `not-found` (also for withdrawn stories). */
export const openArticle = endpoint('content/openArticle', {
  input: v.object({ articleId: ArticleId }),
  output: v.object({ article: Article, mood: MoodState, related: v.array(RelatedTitle) }),
})
