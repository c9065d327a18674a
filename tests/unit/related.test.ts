import fc from 'fast-check'
import type { Article } from '#contract/article'
import { chooseRelated } from '../../cloudfunctions/shared/reading/choose-related'

const article: Article = {
  id: 'self0000',
  title: '极光为什么是绿的',
  teaser: '',
  channel: 'earth',
  column: 'weather',
  publishedAt: 1000,
  version: 1,
  source: '',
  author: '',
  editor: '',
  tags: ['极光', '磁场', '氧'],
  blocks: [],
}

const candidate = (id: string, fields: { tags?: string[]; column?: string; publishedAt?: number } = {}) => ({
  id,
  title: id,
  publishedAt: 500,
  column: 'ocean',
  tags: [],
  ...fields,
})

const candidates = fc.array(
  fc.record({
    id: fc.constantFrom('self0000', ...Array.from({ length: 12 }, (_, n) => `story${n}00`)),
    title: fc.string(),
    publishedAt: fc.nat(),
    column: fc.constantFrom('weather', 'ocean'),
    tags: fc.subarray(['极光', '磁场', '氧', '鲸']),
  }),
  { maxLength: 30 },
)

describe('相关阅读', () => {
  test('never names the story itself, never one twice, and at most five', () => {
    fc.assert(
      fc.property(candidates, list => {
        const ids = chooseRelated(article, list).map(related => related.id)
        expect(ids).not.toContain(article.id)
        expect(new Set(ids).size).toBe(ids.length)
        const possible = new Set(list.map(({ id }) => id).filter(id => id !== article.id))
        expect(ids).toHaveLength(Math.min(5, possible.size))
      }),
    )
  })

  test('takes shared tags before the column, the column before the time', () => {
    const list = [
      candidate('newest', { publishedAt: 900 }),
      candidate('older', { publishedAt: 100 }),
      candidate('column', { column: 'weather', publishedAt: 50 }),
      candidate('tag', { tags: ['氧'], publishedAt: 20 }),
      candidate('tags', { tags: ['氧', '极光'], publishedAt: 10 }),
    ]
    expect(chooseRelated(article, list).map(({ id }) => id)).toEqual([
      'tags',
      'tag',
      'column',
      'newest',
      'older',
    ])
  })

  test('does not depend on the order the database answered in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          candidates.chain(list => fc.constantFrom(...list, candidate('only'))),
          { selector: row => row.id },
        ),
        list => {
          expect(chooseRelated(article, [...list].reverse())).toEqual(chooseRelated(article, list))
        },
      ),
    )
  })
})
