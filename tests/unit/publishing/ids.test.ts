import type { Transaction } from '#shared/cloud'
import { findEntryOf, topicIdOf } from '#shared/publishing/entry-id'
import { previewIdsOf } from '#shared/publishing/preview-ids'
import { findStoryOf } from '#shared/publishing/story-id'
import { storyIdOf } from '#shared/publishing/story-id-of'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

/** A transaction that only reads these rows. */
const readOnly = (rows: Readonly<Record<string, object>>) =>
  ({
    collection: (name: string) => ({
      doc: (id: string) => ({
        get: async () => ({ data: rows[`${name}/${id}`] ? { _id: id, ...rows[`${name}/${id}`] } : null }),
      }),
    }),
  }) as unknown as Transaction

const draft = 'whale-fall'
const ids = [0, 1, 2, 3, 4].map(nth => storyIdOf(draft, nth))

test('the addresses that were given once stay: an id follows from its row for ever', () => {
  expect(storyIdOf('whale-fall')).toBe('5n7kg64hux')
  expect(storyIdOf('whale-fall', 1)).toBe('4j4thcs3e8')
  expect(topicIdOf('一个专题')).toBe('40famb5l4r')
  expect(topicIdOf('一个专题', 1)).toBe('tybkeillee')
  expect(previewIdsOf('whale-fall')).toEqual([
    '2z7hf4zs18',
    '44s734tjjq',
    '2g9x7i3gmv',
    '1886i03ngm',
    '43nju8ij8f',
  ])
  for (const id of [...ids, topicIdOf('x', 2), ...previewIdsOf('x')]) expect(id).toMatch(/^[0-9a-z]{10}$/)
  expect(new Set([...ids, ...previewIdsOf(draft)]).size).toBe(10)
})

test('a topic keeps the id of its row where an address can hold it', () => {
  expect(topicIdOf('deepsea001')).toBe('deepsea001')
  expect(topicIdOf('deepsea001', 1)).toMatch(/^[0-9a-z]{10}$/)
  expect(topicIdOf('deepsea001', 1)).not.toBe('deepsea001')
  for (const row of ['short', 'Deepsea001', 'a'.repeat(32)]) expect(topicIdOf(row)).not.toBe(row)
})

test('a draft finds its story again, and takes another id where a story of another draft has its own', async () => {
  const at = (nth: number) => `articles/${ids[nth]}`
  const [own, other] = [{ draft, version: 3 }, { draft: 'other' }]
  expect(await findStoryOf(readOnly({}), draft)).toEqual({ id: ids[0], before: null })
  expect(await findStoryOf(readOnly({ [at(0)]: own }), draft)).toMatchObject({
    id: ids[0],
    before: { version: 3 },
  })
  expect(await findStoryOf(readOnly({ [at(0)]: other }), draft)).toEqual({ id: ids[1], before: null })
  expect(await findStoryOf(readOnly({ [at(0)]: other, [at(1)]: own }), draft)).toMatchObject({
    ...{ id: ids[1], before: { version: 3 } },
  })
  const taken = Object.fromEntries([0, 1, 2, 3].map(nth => [at(nth), other]))
  expect(await findStoryOf(readOnly(taken), draft)).toEqual({ id: ids[4], before: null })
  await expect(findStoryOf(readOnly({ ...taken, [at(4)]: other }), draft)).rejects.toThrow(draft)
})

test('a topic does so too, and a poll keeps the id of its row', async () => {
  const at = (nth: number) => `publishedTopics/${topicIdOf(draft, nth)}`
  const other = { row: 'other' }
  expect(await findEntryOf(readOnly({}), 'topics', draft)).toEqual({ id: topicIdOf(draft), before: null })
  expect(await findEntryOf(readOnly({ [at(0)]: { row: draft, version: 2 } }), 'topics', draft)).toMatchObject(
    {
      ...{ id: topicIdOf(draft), before: { version: 2 } },
    },
  )
  const taken = Object.fromEntries([0, 1, 2, 3].map(nth => [at(nth), other]))
  expect(await findEntryOf(readOnly(taken), 'topics', draft)).toEqual({
    id: topicIdOf(draft, 4),
    before: null,
  })
  await expect(findEntryOf(readOnly({ ...taken, [at(4)]: other }), 'topics', draft)).rejects.toThrow(draft)
  const poll = { [`publishedPolls/${draft}`]: other }
  expect(await findEntryOf(readOnly(poll), 'polls', draft)).toMatchObject({
    id: draft,
    before: { row: 'other' },
  })
})
