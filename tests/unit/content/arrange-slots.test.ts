import fc from 'fast-check'
import { topicReminders } from '#shared/publishing/topic-places'
import { type Candidate, fillSlots } from '#shared/reading/arrange-slots'

const places = 4
const arrangeSlots = (candidates: readonly Candidate[], count: number, now: number): Candidate[] =>
  fillSlots(candidates, count, now).map(({ one }) => one)
const time = fc.option(fc.integer({ min: 0, max: 10 }), { nil: null })
const candidate = fc.record({
  id: fc.string({ minLength: 1, maxLength: 3 }),
  publishedAt: fc.integer({ min: 0, max: 5 }),
  order: fc.option(fc.integer({ min: 1, max: places }), { nil: null }),
  from: time,
  until: time,
})
const cases = fc.record({
  all: fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 9 }),
  now: fc.integer({ min: 0, max: 10 }),
})
const named = (id: string, changes: Partial<Candidate> = {}): Candidate => ({
  id,
  publishedAt: 0,
  order: null,
  from: null,
  until: null,
  ...changes,
})
const idsOf = (list: readonly Candidate[]) => list.map(({ id }) => id).join('')
const isLive = ({ order, from, until }: Candidate, now: number): boolean =>
  order !== null && (from ?? 0) <= now && now < (until ?? 99)

test('fills every place while there are candidates, each at most once, in whatever order they are read', () => {
  fc.assert(
    fc.property(cases, ({ all, now }) => {
      const arranged = arrangeSlots(all, places, now)
      expect(new Set(arranged).size).toBe(arranged.length)
      const pinnedBeyond = all.filter(one => isLive(one, now)).length
      expect(arranged.length).toBeLessThanOrEqual(Math.min(places, all.length))
      expect(arranged.length).toBeGreaterThanOrEqual(Math.min(places, all.length - pinnedBeyond))
      expect(arrangeSlots([...all].reverse(), places, now)).toEqual(arranged)
    }),
  )
})

test('a place belongs to a candidate that is pinned to it now, if there is one', () => {
  fc.assert(
    fc.property(cases, ({ all, now }) => {
      const enough = [...all, ...[1, 2, 3, 4].map(n => named(`last${n}`, { publishedAt: -1 }))]
      const arranged = arrangeSlots(enough, places, now)
      for (const one of all.filter(each => isLive(each, now)))
        expect(arranged[(one.order ?? 0) - 1]).toMatchObject({ order: one.order })
    }),
  )
})

test('the others follow from new to old', () => {
  fc.assert(
    fc.property(cases, ({ all, now }) => {
      const free = arrangeSlots(all, places, now).filter(one => !isLive(one, now))
      expect(free.map(({ publishedAt }) => publishedAt)).toEqual(
        free.map(({ publishedAt }) => publishedAt).sort((a, b) => b - a),
      )
    }),
  )
})

test('a candidate pinned to a place that there is not fills a gap as the others do', () => {
  const all = [named('a', { order: 0 }), named('b', { order: places + 1 }), named('c', { order: 2 })]
  expect(idsOf(arrangeSlots(all, places, 0))).toBe('acb')
})

test('a pin applies from its beginning until its end, to the millisecond', () => {
  const all = [
    named('a', { publishedAt: 2 }),
    named('b', { publishedAt: 1, order: 1, from: 100, until: 200 }),
  ]
  expect([99, 100, 199, 200].map(now => idsOf(arrangeSlots(all, places, now)))).toEqual([
    'ab',
    'ba',
    'ba',
    'ab',
  ])
})

test('of two for one place, the one whose time began last stands there, then the newer one', () => {
  const pins = [
    named('a', { order: 1, from: 10, publishedAt: 9 }),
    named('b', { order: 1, from: 20, publishedAt: 1 }),
    named('c', { order: 1, from: 20, publishedAt: 2 }),
  ]
  expect([10, 20].map(now => idsOf(arrangeSlots(pins, places, now)))).toEqual(['acb', 'cab'])
})

test('the editor of a topic is told of the others in its place only while both want it', () => {
  const topic = (id: string, from: number | null, until: number | null) => ({
    ...named(id, { order: 1, from, until }),
    ...{ row: id, title: id, order: 1 },
  })
  const own = topic('own', 10, 20)
  const others = [
    own,
    topic('over', 0, 10),
    topic('meets', 0, 11),
    topic('later', 19, 30),
    topic('too late', 20, null),
    topic('always', null, null),
    { ...topic('elsewhere', 10, 20), order: 2 },
  ]
  const told = topicReminders(own, others).map(words => /《(.*)》/.exec(words)?.[1])
  expect(told.sort()).toEqual(['always', 'later', 'meets'])
})
