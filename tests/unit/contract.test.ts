import * as v from 'valibot'
import * as addresses from '#contract/addresses'
import { aiNotice, isAiNotice } from '#contract/ai-notice'
import { Article, Block, relatedShown, Span, Teaser } from '#contract/article'
import { Reply, Request, WireError } from '#contract/envelope'
import { Cursor, feedPageSize, readFeed } from '#contract/feed'
import { FocusStory, focusAtMost, otherStoriesAtMost, topicsAtMost } from '#contract/home'
import { ArticleId, GuestId, Instant, SectionKey, ShareMark } from '#contract/ids'
import { MoodCounts, MoodState, moods, setMood } from '#contract/mood'
import {
  answerPoll,
  OptionKey,
  PollId,
  PollOption,
  PollPlace,
  PollState,
  pollOptionsAtLeast,
  pollOptionsAtMost,
} from '#contract/poll'
import { drawCode } from '#contract/poster'
import { openPreview, PreviewScene } from '#contract/preview'
import {
  RankingCursor,
  RankingRow,
  rankingLength,
  rankingMinimum,
  rankingPageSize,
  rankingSpans,
  readRanking,
} from '#contract/ranking'
import { forgetReader } from '#contract/reader'
import { foundTopicsAtMost, queryLongest, queryOf, search } from '#contract/search'
import { recordOpening, recordShare, shareChannels } from '#contract/sharing'
import { readTopic } from '#contract/topic'
import { Epoch, Revision, voteInput } from '#contract/vote'

const letters = (count: number, one = 'a') => one.repeat(count)
const id = 'story00001'
const mark = '0123456789'
const teaser = { id, title: '题', teaser: '', channel: 'earth', column: '', publishedAt: 0 }
const picture = { src: '/a.jpg', width: 1, height: 1, alt: '' }
const article = { ...teaser, version: 1, source: '', author: '', editor: '', tags: [], blocks: [] }
const mood = { counts: {}, own: null, canVote: false, wish: 0 }
const poll = {
  ...{ id: 'p', question: '问', options: [], choices: 'one', opensAt: 0, closesAt: 0, closed: false },
  ...{ own: [], canVote: true, wish: 0, result: null },
}
const topic = { id: 'topic00001', title: '题', lead: '', publishedAt: 0 }
const row = { rank: 1, id, title: '题', publishedAt: 0, count: 1, share: 1 }
const vote = { wish: 1 }
const basedOn = (count: number) => Array.from({ length: count }, (_, n) => n)
const voteOf = v.object(voteInput)

/** What each schema takes and what it refuses: each bound from both sides. */
const bounds: [name: string, schema: v.GenericSchema, takes: unknown[], refuses: unknown[]][] = [
  [
    'a story’s id',
    ArticleId,
    [letters(8), letters(12), '0123456789'],
    [letters(7), letters(13), 'Story00001', 'story-0001', `${id}\n`, ` ${id}`, 7],
  ],
  ['a share mark', ShareMark, [mark], [letters(9), letters(11), 'ABCDEFGHIJ', '']],
  ['a guest', GuestId, [mark], [letters(9), letters(11)]],
  [
    'a channel',
    SectionKey,
    ['a', `a${letters(23)}`, 'deep-sea2'],
    ['', `a${letters(24)}`, '2a', '-a', 'A', 'a_b'],
  ],
  ['an instant', Instant, [0, 253_402_271_999_999], [-1, 253_402_272_000_000, 0.5, '0', Number.NaN]],
  [
    'a cursor',
    Cursor,
    ['k-story001-a', 'k3x9abcdefg-story0000012-a1b2c3d'],
    [
      'k-story01-a',
      'k3x9abcdefgh-story001-a',
      '-story001-a',
      'k-story001-',
      'k-story001-a1b2c3d4',
      'k-story00001234-a',
      'K-story001-a',
    ],
  ],
  ['a ranking’s cursor', RankingCursor, ['0', '20', '100'], ['', '1000', '-1', '2.5', 'a']],
  ['a poll’s id', PollId, ['a', letters(40), 'A-_9'], ['', letters(41), 'a b', '一']],
  [
    'an option’s key',
    OptionKey,
    ['a', letters(24), '9-a', 'constructors'],
    ['', letters(25), 'A', 'constructor', 'prototype', 'a_b'],
  ],
  [
    'an option',
    PollOption,
    [
      { key: 'a', label: '看' },
      { key: 'a', label: letters(60) },
      { key: 'a', label: '看', picture },
    ],
    [
      { key: 'a', label: '' },
      { key: 'a', label: ' ' },
      { key: 'a', label: letters(61) },
    ],
  ],
  [
    'what opens a preview',
    PreviewScene,
    ['draft001.0123456789abcdef', 'draft0000012.0123456789abcdef'],
    [
      'draft01.0123456789abcdef',
      'draft00000123.0123456789abcdef',
      'draft001.0123456789abcde',
      'draft001.0123456789abcdef0',
      'draft001x0123456789abcdef',
    ],
  ],
  ['a revision', Revision, [1, Number.MAX_SAFE_INTEGER], [0, -1, 1.5, Number.MAX_SAFE_INTEGER + 1, '1']],
  ['an epoch', Epoch, [0, 1], [-1, 0.5]],
  [
    'a vote',
    voteOf,
    [vote, { ...vote, basedOn: [0] }, { ...vote, basedOn: basedOn(8), epoch: 0 }],
    [
      {},
      { ...vote, basedOn: [] },
      { ...vote, basedOn: basedOn(9) },
      { ...vote, basedOn: [-1] },
      { ...vote, epoch: -1 },
    ],
  ],
  [
    'a mood',
    setMood.input,
    [...Object.keys(moods), null].map(one => ({ articleId: id, mood: one, ...vote })),
    [
      { articleId: id, ...vote },
      { articleId: id, mood: 'angry', ...vote },
      { articleId: 'x', mood: null, ...vote },
      { articleId: id, mood: null },
    ],
  ],
  // An older client accepts a newer mood.
  ['counts', MoodCounts, [{}, { happy: 0, wonder: 3 }], [{ happy: -1 }, { happy: 0.5 }, { happy: '1' }]],
  [
    'the moods of a story',
    MoodState,
    [mood, { ...mood, own: 'wonder', sinceDeletion: 0, epoch: 1 }],
    [
      { ...mood, own: undefined },
      { ...mood, wish: -1 },
      { ...mood, canVote: undefined },
    ],
  ],
  [
    'an answer',
    answerPoll.input,
    [[], ['a'], Array.from({ length: 8 }, (_, n) => `o${n}`)].map(options => ({
      pollId: 'p',
      options,
      ...vote,
    })),
    [['a', 'a'], ['A'], Array.from({ length: 9 }, (_, n) => `o${n}`)].map(options => ({
      pollId: 'p',
      options,
      ...vote,
    })),
  ],
  [
    'a poll',
    PollState,
    [poll, { ...poll, choices: 'several', own: ['a'], result: { counts: { a: 0 }, readers: 0 } }],
    [
      { ...poll, choices: 'two' },
      { ...poll, result: undefined },
      { ...poll, result: { counts: {}, readers: -1 } },
      { ...poll, closed: undefined },
    ],
  ],
  [
    'a place of a poll',
    PollPlace,
    [{ pollId: 'p' }, { articleId: id }, { topicId: id }],
    [{}, { pollId: '' }, { articleId: 'x' }],
  ],
  [
    'a poster’s code',
    drawCode.output,
    ['png', 'jpeg'].map(kind => ({ code: `data:image/${kind};base64,AA+/=` })),
    [
      { code: 'data:image/svg+xml;base64,AA' },
      { code: 'https://a.example/' },
      { code: 'data:image/png;base64,' },
    ],
  ],
  [
    'a row of the ranking',
    RankingRow,
    [row, { ...row, share: 0, correctedAt: 5 }],
    [
      { ...row, rank: 0 },
      { ...row, count: 0 },
      { ...row, share: 1.01 },
      { ...row, share: -0.01 },
      { ...row, rank: 1.5 },
    ],
  ],
  [
    'a ranking',
    readRanking.output,
    [
      { items: [], next: null, updatedAt: null },
      { items: [row], next: '20', updatedAt: 0 },
    ],
    [
      { items: [], next: null },
      { items: [], updatedAt: 0 },
    ],
  ],
  [
    'a question to the ranking',
    readRanking.input,
    Object.keys(rankingSpans).map(span => ({ mood: 'sad', span })),
    [
      { mood: 'sad', span: '1y' },
      { mood: 'angry', span: '7d' },
      { mood: 'sad', span: '7d', cursor: 'x' },
    ],
  ],
  [
    'a stretch of text',
    Span,
    [
      '字',
      { text: '字' },
      { text: '2', sub: true, sup: true, bold: true, italic: true, code: true, story: id },
    ],
    [{ text: '字', bold: false }, { text: '字', story: 'x' }, {}],
  ],
  [
    'a block',
    Block,
    [
      ...[
        { type: 'paragraph', spans: [] },
        { type: 'quote', spans: ['字'] },
        { type: 'heading', text: '' },
        { type: 'code', text: '' },
      ],
      ...[
        { type: 'list', ordered: true, items: [['字']], start: 0 },
        { type: 'list', ordered: false, items: [] },
      ],
      ...[
        { type: 'picture', ...picture },
        { type: 'picture', ...picture, caption: '', credit: '' },
        { type: 'table', head: [''], rows: [['']] },
      ],
    ],
    [
      { type: 'video' },
      { type: 'list', ordered: true, items: [], start: -1 },
      { type: 'list', items: [] },
      { type: 'picture', ...picture, width: 0 },
      { type: 'picture', ...picture, height: 0 },
      { type: 'picture', ...picture, width: 1.5 },
    ],
  ],
  [
    'a story in a list',
    Teaser,
    [
      teaser,
      { ...teaser, column: 'ocean', cover: { ...picture, thumb: '/s.jpg' }, correctedAt: 1, source: '' },
      { ...teaser, cover: picture },
    ],
    [
      { ...teaser, channel: '' },
      { ...teaser, column: undefined },
      { ...teaser, teaser: undefined },
    ],
  ],
  ['a story in 视觉焦点', FocusStory, [{ ...teaser, cover: picture }], [teaser]],
  [
    'a story',
    Article,
    [
      article,
      {
        ...article,
        corrected: { at: 0, reason: '' },
        topic: { id, title: '' },
        poll: 'p',
        shareCover: picture,
        credit: '',
      },
    ],
    [
      { ...article, version: 0 },
      { ...article, source: undefined },
      { ...article, corrected: { at: 0 } },
    ],
  ],
  [
    'an opened preview',
    openPreview.output,
    [
      { article, expiresAt: 0 },
      {
        article,
        expiresAt: 0,
        related: [{ id, title: '' }],
        poll: { question: '', choices: 'several', options: [{ label: '' }] },
      },
    ],
    [{ article }],
  ],
  [
    'a question to the feed',
    readFeed.input,
    [{}, { channel: 'earth', column: 'ocean', cursor: 'k-story001-a' }],
    [{ cursor: 'x' }, { channel: '' }],
  ],
  ['a question to a topic', readTopic.input, [{ topicId: id }], [{}, { topicId: id, cursor: 'x' }]],
  [
    'a topic with its stories',
    readTopic.output,
    [
      { topic, items: [], next: null },
      {
        topic: { ...topic, cover: picture, credit: '图', editor: '编', poll: 'p' },
        poll,
        items: [teaser],
        next: 'k-story001-a',
      },
    ],
    [
      { topic, items: [], next: null, poll: {} },
      { topic, items: [], next: 'x' },
      { topic, items: [{}], next: null },
      { topic: { ...topic, publishedAt: -1 }, items: [], next: null },
      { topic: { ...topic, cover: {} }, items: [], next: null },
      { topic: { ...topic, id: 'x' }, items: [], next: null },
    ],
  ],
  [
    'a search',
    search.input,
    [{ query: '' }, { query: letters(40) }],
    [{}, { query: letters(41) }, { query: 'a', cursor: 'x' }],
  ],
  [
    'what a search finds',
    search.output,
    [
      { items: [], next: null },
      {
        items: [{ ...teaser, marks: { title: [[0, 1]], teaser: [] } }],
        next: null,
        total: 0,
        more: true,
        topics: [],
      },
    ],
    [
      { items: [teaser], next: null },
      { items: [], next: null, total: -1 },
    ],
  ],
  [
    'a share',
    recordShare.input,
    Object.keys(shareChannels).map(channel => ({ articleId: id, channel, mark, parent: mark })),
    [
      { articleId: id, channel: 'mail', mark },
      { articleId: id, channel: 'link' },
      { articleId: id, channel: 'link', mark, parent: '' },
    ],
  ],
  [
    'an opening',
    recordOpening.input,
    ['friend', 'group', 'moments', 'poster', 'link', 'favourites', 'other'].map(way => ({
      articleId: id,
      mark,
      way,
      guest: mark,
    })),
    [
      { articleId: id, mark, way: 'mail' },
      { articleId: id, mark, way: 'link', guest: 'x' },
      { articleId: id, way: 'link' },
    ],
  ],
  [
    'a deletion',
    forgetReader.input,
    [{}, { after: 0 }, { continues: 1 }],
    [{ after: -1 }, { continues: 0.5 }],
  ],
  [
    'what a deletion has done',
    forgetReader.output,
    [
      { done: true, removed: 0 },
      { done: false, removed: 1, epoch: 1 },
    ],
    [{ done: true, removed: -1 }, { removed: 0 }],
  ],
  [
    'a request',
    Request,
    [{ action: '' }, { action: letters(64), data: 1 }],
    [{ action: letters(65) }, {}, 'text'],
  ],
  [
    'a reply',
    Reply,
    [
      { ok: true, data: undefined },
      { ok: false, error: { code: 'conflict', message: '' } },
    ],
    [{ ok: 1 }, { ok: false }, { ok: false, error: { code: 'conflict' } }],
  ],
  [
    'an error',
    WireError,
    [
      { code: 'too-many', message: '', retryAfter: 0 },
      { code: 'of next year', message: '' },
    ],
    [{ code: 'too-many', message: '', retryAfter: -1 }, { code: 'conflict' }],
  ],
]

test.each(bounds)('%s: what is taken and what is refused', (_, schema, takes, refuses) => {
  expect(takes.filter(one => !v.is(schema, one))).toEqual([])
  expect(refuses.filter(one => v.is(schema, one))).toEqual([])
})

test('a code that this client does not know counts as `internal`; an option’s label has no space around it', () => {
  expect(v.parse(WireError, { code: 'of next year', message: 'why' })).toEqual({
    code: 'internal',
    message: 'why',
  })
  expect(v.parse(PollOption, { key: 'a', label: ' 看过 ' }).label).toBe('看过')
})

test('readers see the moods, the spans and the ways of sharing in this order, under these words', () => {
  expect(Object.entries(moods)).toEqual([
    ['happy', '开心'],
    ['sad', '难过'],
    ['like', '点赞'],
    ['pass', '飘过'],
  ])
  expect(Object.entries(rankingSpans)).toEqual([
    ['24h', '24小时'],
    ['7d', '7天'],
    ['30d', '30天'],
    ['all', '全部'],
  ])
  expect(shareChannels).toEqual({
    friend: '微信好友',
    moments: '朋友圈',
    link: '链接',
    poster: '海报',
    favourites: '收藏',
  })
})

test('a page shows so many stories, topics and options, and so many votes make a ranking', () => {
  expect([relatedShown, feedPageSize, focusAtMost, topicsAtMost, otherStoriesAtMost]).toEqual([
    5, 20, 6, 8, 5,
  ])
  expect([queryLongest, foundTopicsAtMost, pollOptionsAtLeast, pollOptionsAtMost]).toEqual([40, 4, 2, 8])
  expect([rankingPageSize, rankingLength, rankingMinimum]).toEqual([20, 100, 3])
})

describe('the words of a search', () => {
  test.each([
    ['  日食  ', '日食'],
    ['日食\t\n 月食  极光', '日食 月食 极光'],
    ['   ', ''],
    [letters(41), letters(40)],
    // A character of two units is kept whole or left out.
    [`${letters(39)}𠮷`, letters(39)],
    [`${letters(38)}𠮷a`, `${letters(38)}𠮷`],
  ])('%j are sent as %j', (typed, query) => {
    expect(queryOf(typed)).toBe(query)
    expect(query.length).toBeLessThanOrEqual(queryLongest)
  })
})

test('the site’s addresses are these', () => {
  const { channelAddress, channelFeedAddress, furtherAddress, previewAddress, rankingOf, searchFor } =
    addresses
  expect([
    ...[addresses.storyAddress(id), addresses.topicAddress('topic00001')],
    ...[channelAddress('earth'), channelAddress('earth', ''), channelAddress('earth', 'ocean')],
    ...[rankingOf('happy', '7d'), rankingOf('sad', '7d'), rankingOf('happy', 'all'), rankingOf('sad', '30d')],
    ...[searchFor(''), searchFor('日 食&'), previewAddress('draft001.a/b')],
    ...[channelFeedAddress('rss'), channelFeedAddress('json', 'earth')],
    ...[furtherAddress('/c/earth', 'k-a-1'), furtherAddress('/search?q=a', 'k-a-1')],
  ]).toEqual([
    ...['/a/story00001', '/t/topic00001'],
    ...['/c/earth', '/c/earth', '/c/earth/ocean'],
    ...['/ranking', '/ranking?mood=sad', '/ranking?span=all', '/ranking?mood=sad&span=30d'],
    ...['/search', '/search?q=%E6%97%A5%20%E9%A3%9F%26', '/preview?scene=draft001.a%2Fb'],
    ...['/rss.xml', '/c/earth/feed.json'],
    ...['/c/earth?from=k-a-1', '/search?q=a&from=k-a-1'],
  ])
})

test('the notice that AI made something is known again, and no other sentence is taken for it', () => {
  expect(
    [aiNotice('图片'), aiNotice('文字'), '含 AI 生成的图片', '本文讲 AI 生成的图片'].map(isAiNotice),
  ).toEqual([true, true, false, false])
})
