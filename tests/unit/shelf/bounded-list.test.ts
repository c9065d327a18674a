import fc from 'fast-check'
import { putFirst, without } from '../../../src/features/shelf/bounded-list'

const entries = fc.uniqueArray(fc.record({ id: fc.string({ maxLength: 3 }), at: fc.nat() }), {
  selector: entry => entry.id,
  maxLength: 12,
})
const entry = fc.record({ id: fc.string({ maxLength: 3 }), at: fc.nat() })

test('the newest entry stands first, none stands twice, and the oldest leave at the limit', () => {
  fc.assert(
    fc.property(entries, entry, fc.integer({ min: 1, max: 8 }), (list, added, limit) => {
      const next = putFirst(list.slice(0, limit), added, limit)
      expect(next[0]).toEqual(added)
      expect(next.length).toBeLessThanOrEqual(limit)
      expect(new Set(next.map(({ id }) => id)).size).toBe(next.length)
      const rest = list.slice(0, limit).filter(({ id }) => id !== added.id)
      expect(next.slice(1)).toEqual(rest.slice(0, limit - 1))
    }),
  )
})

test('taking an entry out leaves the others in their order', () => {
  fc.assert(
    fc.property(entries, fc.string({ maxLength: 3 }), (list, id) => {
      expect(without(list, id)).toEqual(list.filter(other => other.id !== id))
    }),
  )
})
