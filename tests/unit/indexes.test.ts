import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { Index } from '../../deploy/state'

// A query that no index serves reads its whole collection: the platform slows it down, then refuses it.

const file = path.resolve(__dirname, '../../cloudfunctions/rules/indexes.json')
const indexes = v.parse(v.record(v.string(), v.array(Index)), JSON.parse(readFileSync(file, 'utf8')))

type Sort = readonly (readonly [field: string, direction: 1 | -1])[]
const newest: Sort = [
  ['publishedAt', -1],
  ['_id', -1],
]

/** Whether an index holds the documents of a query together, in its order or in the reverse one. */
function serves({ fields }: Index, equal: readonly string[], sort: Sort): boolean {
  const first = fields.slice(0, equal.length).map(({ field }) => field)
  /** 1 where the index has the order of the query, -1 where it has the reverse one, 0 where it has neither. */
  const turns = sort.map(([field, direction], at) => {
    const key = fields[equal.length + at]
    return key?.field === field ? key.direction * direction : 0
  })
  return (
    [...first].sort().join() === [...equal].sort().join() &&
    turns.every(turn => turn !== 0 && turn === turns[0])
  )
}

/** What is asked of each collection: the fields that are equal, and the order or the range. */
const queries: [collection: string, index: string, equal: string[], sort: Sort][] = [
  ['articles', 'feed', ['state'], newest],
  ['articles', 'channel-feed', ['state', 'channel'], newest],
  ['articles', 'column-feed', ['state', 'channel', 'column'], newest],
  ['articles', 'topic', ['state', 'topic.id'], newest],
  ['articles', 'search', ['state', 'tokens'], newest],
  ['articles', 'tags', ['state', 'tags'], [['publishedAt', -1]]],
  [
    'articles',
    'focus-order',
    ['state', 'focus'],
    [
      ['focusOrder', -1],
      ['publishedAt', -1],
    ],
  ],
  ['articles', 'focus-until', ['state', 'focus'], [['focusUntil', 1]]],
  ['articles', 'ahead', ['state'], [['publishAt', 1]]],
  ['articles', 'offline', ['state'], [['offlineAt', 1]]],
  ['articles', 'fresh', ['state', 'fresh'], []],
  ['topics', 'status', ['status'], []],
  ['publishedTopics', 'newest', ['state'], [['publishedAt', -1]]],
  ['polls', 'status', ['status'], []],
  ['publishedPolls', 'article', ['articleId'], []],
  ['publishedPolls', 'topic', ['topicId'], []],
  ['votes', 'subject', ['subject', 'kind'], [['_id', 1]]],
  [
    'votes',
    'changed',
    ['kind'],
    [
      ['changedAt', 1],
      ['_id', 1],
    ],
  ],
  ['votes', 'reader', ['reader'], [['firstAt', -1]]],
  ['shares', 'article', ['articleId'], [['at', -1]]],
  [
    'shares',
    'at',
    [],
    [
      ['at', 1],
      ['_id', 1],
    ],
  ],
  ['shares', 'opened', [], [['opened', -1]]],
  ['shares', 'article-opened', ['articleId'], [['opened', -1]]],
  ['drafts', 'status', ['status', 'link'], []],
  ['drafts', 'seen-status', ['status', 'checked.status'], []],
  ['drafts', 'refused', ['checked.refused'], []],
  ['versions', 'draft', ['draft'], [['version', -1]]],
  ['versions', 'at', [], [['at', 1]]],
  ['audit', 'action', ['action'], [['at', 1]]],
  ['previews', 'expires', [], [['expiresAt', 1]]],
]

test.each(queries)('%s: the index %s serves what is asked for', (collection, name, equal, sort) => {
  const index = indexes[collection]?.find(one => one.name === name)
  expect(index && serves(index, equal, sort)).toBe(true)
})

test('there is no index that nothing asks for, because each one makes writing dearer; none refuses equal values', () => {
  const named = Object.entries(indexes).flatMap(([collection, list]) =>
    list.map(({ name }) => `${collection} ${name}`),
  )
  expect(named.sort()).toEqual(queries.map(([collection, name]) => `${collection} ${name}`).sort())
  expect(
    Object.values(indexes)
      .flat()
      .filter(({ unique }) => unique),
  ).toEqual([])
})

test('every collection that functions use is declared', () => {
  expect(Object.keys(indexes).sort()).toEqual([
    ...['articles', 'audit', 'drafts', 'polls', 'previews', 'publishedPolls', 'publishedTopics', 'quotas'],
    ...['rankings', 'settings', 'shareDays', 'shares', 'summaries', 'topics', 'versions', 'votes'],
  ])
})
