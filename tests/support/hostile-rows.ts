import { moodKeys } from '#contract/mood'
import { rankingSpanKeys } from '#contract/ranking'
import { pairsOf } from '../../cloudfunctions/shared/publishing/tokens'
import { type StoryRow, storyRow } from './app-cloud'
import { previewedDraft, previewRow } from './preview-row'

/** Text that runs a script wherever it is taken for markup, and that a template or a quoted string could trip over. */
export const attack = '</title></script><script>alert(1)</script><img src=x onerror=alert(1)>"\'`&{{'

/** A hostile value of a field; the name shows which field a page has drawn. */
export const field = (name: string): string => `${name}${attack}`

/** What nobody sees: NUL, a mark that reverses text, half a character, a code that is none. Readers never get it. */
const unseen = '\u0000\u202e\ud800\uffff'
export const anyUnseen = /[\u202e\ud800\uffff\ufffd]|\\u(?:0000|202e|d800|ffff|fffd)/

/** Rows as somebody may write them past publishing: every attack in them hides such characters. */
const written = (rows: StoryRow[]): StoryRow[] =>
  JSON.parse(JSON.stringify(rows), (_, value: unknown) =>
    typeof value === 'string' ? value.replace('<img', `${unseen}<img`) : value,
  ) as StoryRow[]

/** The same for a field that holds sixty characters at most. */
export const shortField = (name: string): string => `${name}<img src=x onerror=alert(1)>"'\`&{{`

/** The same for a field that holds forty characters at most. */
const tinyField = (name: string): string => `${name}<img src=x onerror=alert(1)>`

const cover = {
  src: `/pictures/${attack}`,
  width: 4,
  height: 3,
  alt: field('alt'),
  thumb: `javascript:${attack}`,
}

const blocks = [
  {
    type: 'paragraph',
    spans: [
      field('plain'),
      { text: field('bold'), bold: true },
      { text: field('italic'), italic: true },
      { text: field('mono'), code: true },
      { text: field('link'), story: 'hostile002' },
      { text: field('below'), sub: true },
      { text: field('above'), sup: true },
    ],
  },
  { type: 'heading', text: field('heading') },
  { type: 'quote', spans: [field('quote')] },
  { type: 'list', ordered: true, items: [[field('item')]] },
  { type: 'list', ordered: false, items: [[field('bullet')]] },
  { type: 'picture', ...cover, src: `/${attack}`, caption: field('caption'), credit: field('owner') },
  { type: 'table', head: [field('head')], rows: [[field('cell')]] },
  { type: 'code', text: field('code') },
]

const place = { id: 'hostile001', count: 9, total: 9, publishedAt: Date.UTC(2026, 0, 1) }
const boards = moodKeys.flatMap(mood =>
  rankingSpanKeys.map(span => ({
    _id: `${mood}:${span}`,
    entries: [place],
    floor: null,
    updatedAt: { $date: '2026-01-01T00:00:00Z' },
  })),
)

/** Newer than every other story, also in years to come: they stand first wherever stories are listed. */
const newest = 40_000_000

const hostileStory = storyRow('hostile001', newest + 2, {
  title: field('title'),
  teaser: field('teaser'),
  source: field('source'),
  author: field('author'),
  editor: field('editor'),
  tags: [field('tag')],
  tokens: pairsOf('title'),
  credit: field('credit'),
  corrected: { at: { $date: '2026-01-01T00:00:00Z' }, reason: field('reason') },
  topic: { id: 'hostile003', title: field('topic') },
  poll: 'hostile-poll',
  related: ['hostile002'],
  focus: true,
  cover,
  blocks,
})

/**
 * Hostile text in every field of a story, of a long one, of a topic, of a poll, of a withdrawn story, of
 * each ranking and of the preview of a draft.
 */
export const hostileRows: Record<
  'articles' | 'publishedTopics' | 'publishedPolls' | 'rankings' | 'previews' | 'drafts',
  StoryRow[]
> = {
  articles: written([
    hostileStory,
    // So long that the mini-program draws its end as rich text.
    storyRow('hostile002', newest + 1, {
      title: field('long'),
      cover,
      blocks: [
        ...Array.from({ length: 820 }, (_, index) => ({ type: 'paragraph', spans: [`第${index}段。`] })),
        ...blocks,
      ],
    }),
    storyRow('hostile004', newest, { state: 'withdrawn', title: field('gone'), reason: field('why') }),
  ]),
  publishedTopics: written([
    {
      _id: 'hostile003',
      state: 'published',
      title: field('topic'),
      lead: field('lead'),
      cover,
      credit: tinyField('credit'),
      editor: tinyField('editor'),
      publishedAt: { $date: '2026-11-26T00:00:00Z' },
      stories: ['hostile001'],
    },
  ]),
  publishedPolls: written([
    {
      _id: 'hostile-poll',
      question: field('question'),
      options: [
        { key: 'one', label: shortField('one'), picture: cover },
        { key: 'two', label: shortField('two') },
      ],
      choices: 'one',
      state: 'published',
      opensAt: { $date: '2026-01-01T00:00:00Z' },
      closesAt: { $date: '2099-01-01T00:00:00Z' },
      articleId: 'hostile001',
    },
  ]),
  rankings: boards,
  previews: written([previewRow('hostile005', hostileStory)]),
  drafts: [previewedDraft],
}
