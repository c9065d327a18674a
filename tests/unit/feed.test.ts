import fc from 'fast-check'
import * as v from 'valibot'
import { countNew, mergePages } from '#cloud/merge-pages'
import type { Teaser } from '#contract/article'
import { Cursor } from '#contract/feed'
import { lastInstant } from '#contract/ids'
import { readCursor, writeCursor } from '../../cloudfunctions/shared/reading/feed-cursor'

const teaser = (id: string, title = id): Teaser => ({
  id,
  title,
  teaser: '',
  channel: 'earth',
  column: 'ocean',
  publishedAt: 0,
})

describe('pages of a feed', () => {
  const pages = fc.array(fc.array(fc.integer({ min: 0, max: 15 }).map(n => teaser(`story-${n}`))), {
    maxLength: 5,
  })

  test('put together show every story once, in the order of first appearance', () => {
    fc.assert(
      fc.property(pages, list => {
        const shown = list.reduce<Teaser[]>((shown, page) => mergePages(shown, page), [])
        expect(shown.map(item => item.id)).toEqual([...new Set(list.flat().map(item => item.id))])
      }),
    )
  })

  test('keep a story that is already shown unchanged', () => {
    expect(mergePages([teaser('a', 'first')], [teaser('a', 'second'), teaser('b')])).toEqual([
      teaser('a', 'first'),
      teaser('b'),
    ])
  })

  test('count the stories of a fresh page that the reader has not seen', () => {
    expect(countNew([teaser('a'), teaser('b')], [teaser('c'), teaser('a'), teaser('c')])).toBe(1)
    expect(countNew([], [])).toBe(0)
  })
})

describe('a feed cursor', () => {
  const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,23}$/)
  const scopes = fc.record({
    channel: fc.option(key, { nil: undefined }),
    column: fc.option(key, { nil: undefined }),
  })
  const positions = fc.record({
    publishedAt: fc.integer({ min: 0, max: lastInstant }),
    id: fc.stringMatching(/^[0-9a-z]{8,12}$/),
  })

  test('leads back to its position and passes the contract', () => {
    fc.assert(
      fc.property(scopes, positions, (scope, position) => {
        const cursor = writeCursor(scope, position)
        expect(v.is(Cursor, cursor)).toBe(true)
        expect(readCursor(scope, cursor)).toEqual(position)
      }),
    )
  })

  test('is refused when any character of it was changed', () => {
    const characters = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz-')
    fc.assert(
      fc.property(scopes, positions, fc.nat(), characters, (scope, position, place, character) => {
        const cursor = writeCursor(scope, position)
        const at = place % cursor.length
        fc.pre(cursor[at] !== character)
        const altered = cursor.slice(0, at) + character + cursor.slice(at + 1)
        expect(readCursor(scope, altered)).toBeNull()
      }),
    )
  })

  test('is refused when something is added, cut off or missing', () => {
    const cursor = writeCursor({}, { publishedAt: 1_700_000_000_000, id: 'abcdefgh' })
    for (const wrong of [
      '',
      '-',
      '--',
      cursor.slice(0, -1),
      `${cursor}0`,
      `${cursor}-0`,
      `0${cursor}`,
      `-${cursor}`,
    ]) {
      expect(readCursor({}, wrong)).toBeNull()
    }
  })

  test('is refused when it was forged for a time or an id that cannot exist', () => {
    const id = 'abcdefgh'
    expect(readCursor({}, writeCursor({}, { publishedAt: lastInstant + 1, id }))).toBeNull()
    for (const wrong of ['', 'short', 'ABCDEFGH', 'a'.repeat(13)]) {
      expect(readCursor({}, writeCursor({}, { publishedAt: 1, id: wrong }))).toBeNull()
    }
  })

  test('of one list is refused by another list', () => {
    fc.assert(
      fc.property(scopes, scopes, positions, (ours, theirs, position) => {
        fc.pre(ours.channel !== theirs.channel || ours.column !== theirs.column)
        expect(readCursor(theirs, writeCursor(ours, position))).toBeNull()
      }),
    )
  })
})
