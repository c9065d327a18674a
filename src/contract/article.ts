import * as v from 'valibot'
import { endpoint } from './endpoint'
import { ArticleId, Instant, SectionKey, TopicId } from './ids'
import { MoodState } from './mood'

/** A stretch of text: bare where nothing marks it, which most are. */
export const Span = v.union([
  v.string(),
  v.object({
    text: v.string(),
    bold: v.optional(v.literal(true)),
    italic: v.optional(v.literal(true)),
    code: v.optional(v.literal(true)),
    /** Id of another story of ours. */
    story: v.optional(ArticleId),
  }),
])
export type Span = v.InferOutput<typeof Span>

const Spans = v.array(Span)

/**
 * A picture. `src` is an address, a `cloud://` id, or a path on the web build's own address (see platform/picture.ts).
 * Width and height are in pixels, so that its place is kept before it loads.
 */
export const Picture = v.object({
  src: v.string(),
  width: v.pipe(v.number(), v.integer(), v.minValue(1)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1)),
  alt: v.string(),
})
export type Picture = v.InferOutput<typeof Picture>

/** A story's picture in lists and on cards. `thumb` is the small one, 4:3. */
export const Cover = v.object({ ...Picture.entries, thumb: v.optional(v.string()) })
export type Cover = v.InferOutput<typeof Cover>

/** One block of a story's body. `type` is the only thing a page switches on. */
export const Block = v.variant('type', [
  v.object({ type: v.literal('paragraph'), spans: Spans }),
  v.object({ type: v.literal('heading'), text: v.string() }),
  v.object({ type: v.literal('quote'), spans: Spans }),
  v.object({ type: v.literal('list'), ordered: v.boolean(), items: v.array(Spans) }),
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

/** What a list shows of a story. */
export const Teaser = v.object({
  id: ArticleId,
  title: v.string(),
  /** Empty where the editor wrote none. */
  teaser: v.string(),
  channel: SectionKey,
  /** Empty where the story stands in no column; perhaps one that this version's site.ts does not know. */
  column: v.union([SectionKey, v.literal('')]),
  publishedAt: Instant,
  cover: v.optional(Cover),
})
export type Teaser = v.InferOutput<typeof Teaser>

/** A story in full, as published. */
export const Article = v.object({
  ...Teaser.entries,
  /** Grows with every publication of the story: the key of every cache. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  source: v.string(),
  author: v.string(),
  editor: v.string(),
  tags: v.array(v.string()),
  /** Whose picture the cover is. */
  credit: v.optional(v.string()),
  /** 更正: when and why the story was corrected. */
  corrected: v.optional(v.object({ at: Instant, reason: v.string() })),
  /** The topic (独家策划) the story belongs to. */
  topic: v.optional(v.object({ id: TopicId, title: v.string() })),
  /** Id of the poll (云投) that goes with the story. */
  poll: v.optional(v.string()),
  blocks: v.array(Block),
})
export type Article = v.InferOutput<typeof Article>

/** What 相关阅读 shows. */
export const RelatedTitle = v.object({ id: ArticleId, title: v.string(), publishedAt: Instant })
export type RelatedTitle = v.InferOutput<typeof RelatedTitle>

/** Opens a story complete in one call. Errors: `invalid`, `not-found` (also for withdrawn stories). */
export const openArticle = endpoint('content/openArticle', {
  input: v.object({ articleId: ArticleId }),
  output: v.object({ article: Article, mood: MoodState, related: v.array(RelatedTitle) }),
})
