import type { Block } from '#contract/article'
import { findTopic } from '../stores/topics'
import { longestParagraph } from './body/mend-markdown'
import { blocksAtMost, bytesAtMost } from './body/read-body'
import type { Draft } from './read-draft'
import { readDraftBody } from './read-draft-body'
import { countPairs, termsOf } from './story-terms'
import { storyTokens } from './tokens'

/** What a draft says in the form of a row of `articles`, without what depends on earlier publications. */
export type Content = Record<string, unknown> & { title: string; editor: string }

export type ContentMade =
  | { ok: true; content: Content; reminders: string[] }
  | { ok: false; problems: string[]; reminders: string[] }

/** What stands under every story: sources, and the notice on generated content that the law asks for. */
function ending(draft: Draft, links: readonly string[]): Block[] {
  const facts = [...new Set([...draft.facts, ...links])]
  const notice = draft.aiNotice ? [`本文含 AI 生成的${draft.aiNotice}。`] : []
  return [
    ...(facts.length > 0
      ? [
          { type: 'heading' as const, text: '资料来源' },
          { type: 'list' as const, ordered: false, items: facts.map(fact => [fact]) },
        ]
      : []),
    ...notice.map(text => ({ type: 'paragraph' as const, spans: [text] })),
  ]
}

/** Makes a story of a draft. One database read where the draft names a topic, else none. */
export async function makeContent(draft: Draft): Promise<ContentMade> {
  const { blocks, problems, reminders, links } = readDraftBody(draft.body)
  const topic = draft.topic === '' ? null : await findTopic(draft.topic)
  if (draft.topic !== '' && !topic) problems.push(`专题：没有编号为 ${draft.topic} 的专题，请核对`)
  const whole = [...blocks, ...ending(draft, links)]
  if (whole.length > blocksAtMost)
    problems.push(`正文：连同资料来源有 ${whole.length} 段，最多 ${blocksAtMost} 段，请分成几篇`)
  // What a link's address adds to 资料来源 is in no limit of the body.
  const bytes = Buffer.byteLength(JSON.stringify(whole))
  if (bytes > bytesAtMost)
    problems.push(
      `正文：连同资料来源有 ${Math.ceil(bytes / 1_000)} KB，最多 ${bytesAtMost / 1_000} KB，请分成几篇`,
    )
  if (whole.slice(blocks.length).some(block => JSON.stringify(block).length > longestParagraph))
    problems.push(`资料来源：一共最多 ${longestParagraph / 10_000} 万字，请删去一些`)
  if (problems.length > 0) return { ok: false, problems, reminders }
  const { title, teaser, channel, column, source, author, editor, tags, cover, coverAlt, credit } = draft
  const story = { title, teaser, tags, blocks }
  const terms = termsOf(story, countPairs([story]))
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
      ...(cover ? { cover: { ...cover, alt: coverAlt } } : {}),
      ...(cover && credit ? { credit } : {}),
      ...(topic ? { topic: { id: topic.topic.id, title: topic.topic.title } } : {}),
      blocks: whole,
      terms,
      tokens: storyTokens(story, terms),
    },
    reminders,
  }
}
