import { aiNotice } from '#contract/ai-notice'
import type { Block } from '#contract/article'
import type { PublishedRow } from '../stores/published'
import { storySchema } from '../stores/story-schema'
import { longestParagraph } from './body/mend-markdown'
import { blocksAtMost, bytesAtMost } from './body/read-body'
import { cleanPieces, plainText } from './body/spans'
import { judgeCover } from './pictures/judge-cover'
import type { StoryPicture } from './pictures/own-picture'
import type { PictureRead } from './pictures/read-pictures'
import { type Draft, labels } from './read-draft'
import type { DraftBody } from './read-draft-body'
import { digestOf } from './row-fields'
import { sourcesHeading } from './story-sources'
import { type PairCounts, termsOf } from './story-terms'
import { storyTimes } from './story-times'
import { thumbOf } from './thumbnail'
import { storyTokens } from './tokens'

/** A draft as fields of a row of `articles`, without the fields that depend on earlier publications. */
export type Content = Record<string, unknown> & { title: string; editor: string; terms: string[] }

export type ContentMade =
  | { ok: true; content: Content; reminders: string[] }
  | { ok: false; problems: string[]; reminders: string[] }

/** A line of text without HTML tags. A remaining `<` cannot open a tag. */
const withoutMarkup = (text: string): string => plainText(cleanPieces([{ text, marks: {} }]).pieces)

/** The blocks at the end of a story: its sources, and the notice on AI-generated content that the law requires. */
function ending(draft: Draft, links: readonly string[]): Block[] {
  const facts = [...new Set([...draft.facts, ...links].map(withoutMarkup).filter(Boolean))]
  const notice = draft.aiNotice ? [aiNotice(draft.aiNotice)] : []
  return [
    ...(facts.length > 0
      ? [
          { type: 'heading' as const, text: sourcesHeading },
          { type: 'list' as const, ordered: false, items: facts.map(fact => [fact]) },
        ]
      : []),
    ...notice.map(text => ({ type: 'paragraph' as const, spans: [text] })),
  ]
}

const message = (one: { message: string }): string => one.message

/** The parts of a draft from which search terms and 相关阅读 are chosen. */
export const storyTextOf = ({ title, teaser, tags }: Draft, { blocks }: DraftBody) => ({
  title,
  teaser,
  tags,
  blocks,
})

/** A draft with everything that composing its story needs. */
export interface StoryParts {
  draft: Draft
  body: DraftBody
  cover: PictureRead | null
  /** The picture of its cards, if it is not the cover. */
  shareCover?: PictureRead | null
  topic: { id: string; title: string } | null
}

const pictureOf = ({ src, width, height }: StoryPicture, alt: string) => ({ src, width, height, alt })

/** Composes a story from a draft and its parts. `counts` tells in how many stories each pair of characters occurs. */
export function composeStory(
  { draft, body, cover, shareCover = null, topic }: StoryParts,
  counts: PairCounts,
): ContentMade {
  const judged = [
    ...(cover ? [judgeCover(cover)] : []),
    ...(shareCover ? [judgeCover(shareCover, labels.shareCover)] : []),
  ]
  const problems = [...judged.flatMap(one => one.problems), ...body.problems.map(message)]
  const reminders = [...judged.flatMap(one => one.reminders), ...body.reminders.map(message)]
  const whole = [...body.blocks, ...ending(draft, body.links)]
  // The limits of the body do not count the link addresses that are added to 资料来源.
  const bytes = Buffer.byteLength(JSON.stringify(whole))
  // A fault of the body is told once.
  const isWhole = body.problems.length === 0
  if (isWhole && whole.length > blocksAtMost)
    problems.push(`正文：连同资料来源有 ${whole.length} 段，最多 ${blocksAtMost} 段，请分成几篇`)
  else if (isWhole && bytes > bytesAtMost)
    problems.push(
      `正文：连同资料来源有 ${Math.ceil(bytes / 1_000)} KB，最多 ${bytesAtMost / 1_000} KB，请分成几篇`,
    )
  else if (whole.slice(body.blocks.length).some(block => JSON.stringify(block).length > longestParagraph))
    problems.push(`资料来源：一共最多 ${longestParagraph / 10_000} 万字，请删去一些`)
  if (problems.length > 0) return { ok: false, problems, reminders }
  const { title, teaser, channel, column, source, author, editor, tags, coverAlt, credit } = draft
  const text = storyTextOf(draft, body)
  const terms = termsOf(text, counts)
  return {
    ok: true,
    content: {
      title,
      teaser,
      channel,
      column,
      source,
      author,
      editor,
      tags,
      ...(cover && 'src' in cover ? { cover: { ...pictureOf(cover, coverAlt), ...thumbOf(cover.src) } } : {}),
      ...(shareCover && 'src' in shareCover ? { shareCover: pictureOf(shareCover, title) } : {}),
      ...(cover && credit ? { credit } : {}),
      ...(topic ? { topic: { id: topic.id, title: topic.title } } : {}),
      ...(draft.poll ? { poll: draft.poll } : {}),
      blocks: whole,
      terms,
      tokens: storyTokens(text, terms),
    },
    reminders,
  }
}

/**
 * A row of `articles`: the content, and the fields that depend on the story's earlier publications. Its place on the home
 * page is not among them (see place-story.ts).
 */
export function storyRow(
  content: Content,
  draft: Draft,
  before: PublishedRow | null,
  now: number,
): Record<string, unknown> & { publishedAt: Date } {
  const { publishedAt, ...times } = storyTimes(draft, before, now)
  const sameReason = before?.corrected?.reason === draft.correction
  const correctedAt = sameReason ? before?.corrected?.at : new Date(now)
  return {
    ...content,
    schema: storySchema.written,
    ...times,
    publishedAt: new Date(publishedAt),
    ...(publishedAt > now ? { publishAt: new Date(publishedAt) } : {}),
    ...(draft.offlineAt === null ? {} : { offlineAt: new Date(draft.offlineAt) }),
    ...(draft.correction ? { corrected: { at: correctedAt, reason: draft.correction } } : {}),
    ...(draft.topic === '' && before?.topic?.listed ? { topic: before.topic } : {}),
  }
}

/**
 * Digest of a story's content, to detect that nothing changed. It excludes search terms and computed 相关阅读, because
 * they also depend on the other stories, and the place on the home page: readers of the story are told of no new version
 * when only its place changes.
 */
export function storyDigest(
  { terms: _, tokens: __, related: ___, ...said }: Content,
  draft: Draft,
  publishedAt: Date,
): string {
  return digestOf([said, publishedAt, draft.offlineAt, draft.correction])
}
