import fc from 'fast-check'
import { idOf, putFirst } from '#platform/bounded-list'

const entries = fc.uniqueArray(fc.record({ id: fc.string({ maxLength: 3 }), at: fc.nat() }), {
  selector: entry => entry.id,
  maxLength: 12,
})
const entry = fc.record({ id: fc.string({ maxLength: 3 }), at: fc.nat() })

test('the newest entry is first, no entry is repeated, and the oldest are dropped at the limit', () => {
  fc.assert(
    fc.property(entries, entry, fc.integer({ min: 1, max: 8 }), (list, added, limit) => {
      const next = putFirst(list.slice(0, limit), added, limit, idOf)
      expect(next[0]).toEqual(added)
      expect(next.length).toBeLessThanOrEqual(limit)
      expect(new Set(next.map(({ id }) => id)).size).toBe(next.length)
      const rest = list.slice(0, limit).filter(({ id }) => id !== added.id)
      expect(next.slice(1)).toEqual(rest.slice(0, limit - 1))
    }),
  )
})

test('entries that are their own key appear once, the latest first', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2 })), fc.integer({ min: 1, max: 10 }), (list, most) => {
      const recent = list.reduce<string[]>((before, query) => putFirst(before, query, most), [])
      expect(recent).toEqual([...new Set([...list].reverse())].slice(0, most))
    }),
  )
})
