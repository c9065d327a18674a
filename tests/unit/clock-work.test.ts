import type { Agenda, WaitingEntry, WaitingRow } from '#shared/stores/agenda'
import { workOfEntries } from '../../cloudfunctions/clock/publish-entries'
import { isBusy, workOfTick } from '../../cloudfunctions/clock/publish-waiting'

const minute = 60_000
const day = 24 * 60 * minute
/** A tick that does not check unchanged rows again. */
const now = Date.UTC(2026, 10, 27, 2, 4)
const nothing: Agenda = {
  ...{ drafts: [], more: false, misstated: [], reasoned: [], entries: [], changedEntries: [], ahead: [] },
  ...{ offline: [], fresh: null, hasEnded: false, state: {} as Agenda['state'] },
}
const row = (changes: Partial<WaitingRow> = {}): WaitingRow => ({
  ...{ id: 'one', status: '待发布', isRefused: false, checked: null, isSaved: false, savedAt: 0 },
  ...changes,
})
const checked = (publishAt: number | null, at = now - minute, status = '已定时') => ({
  at,
  publishAt,
  status,
})
const busyWith = (...drafts: WaitingRow[]) => isBusy({ ...nothing, drafts }, now)

test('a tick with nothing to do is idle', () => {
  expect(isBusy(nothing, now)).toBe(false)
})

test.each<[string, Partial<WaitingRow>, boolean]>([
  ['waits for its publication', {}, true],
  ['waits for its withdrawal', { status: '待撤回' }, true],
  ['waits in English', { status: 'ready' }, true],
  ['waits under an id that no text is', { id: 7 }, true],
  ['has such an id, and its editor was told', { id: 7, isRefused: true }, false],
  ['has problems that nobody mended', { isRefused: true, checked: checked(null, now, '待发布') }, false],
  [
    'has problems and was saved since',
    { isRefused: true, isSaved: true, checked: checked(null, now, '待发布') },
    true,
  ],
  ['has problems of another status', { isRefused: true, checked: checked(null, now, '草稿') }, true],
  ['has problems and was never checked', { isRefused: true }, true],
])('a row that %s keeps a tick busy or not', (_what, changes, isIt) => {
  expect(busyWith(row(changes))).toBe(isIt)
})

describe('a row that is scheduled', () => {
  const timed = (at: number, changes: Partial<WaitingRow> = {}) =>
    busyWith(row({ status: '已定时', publishAt: at, checked: checked(at), ...changes }))
  const soon = now + 60 * minute

  test('is left alone until five minutes before its time', () => {
    expect([5 * minute, 5 * minute + 1].map(ms => timed(now + ms))).toEqual([true, false])
    expect([0, -minute].map(ms => timed(now + ms))).toEqual([true, true])
    expect(timed(soon, { publishAt: null, checked: checked(null) })).toBe(false)
  })

  test('is looked at when it was never checked, was saved, or has another time or status than it was checked with', () => {
    expect(timed(soon)).toBe(false)
    expect(timed(soon, { checked: null })).toBe(true)
    expect(timed(soon, { isSaved: true })).toBe(true)
    expect(timed(soon, { publishAt: soon + 1 })).toBe(true)
    expect(timed(soon, { publishAt: null })).toBe(true)
    expect(timed(soon, { checked: checked(soon, now, '待发布') })).toBe(true)
    expect(timed(soon, { isRefused: true })).toBe(false)
  })

  test('of a day ahead is stored once its last day begins', () => {
    const checkedAt = (ahead: number, before: number) =>
      timed(now + ahead, { checked: checked(now + ahead, now + ahead - before) })
    expect(checkedAt(day, day + 1)).toBe(true)
    expect(checkedAt(day + 1, day + 2)).toBe(false)
    expect(checkedAt(day, day)).toBe(false)
  })
})

test.each<[string, Partial<Agenda>, boolean]>([
  [
    'a story that was stored ahead and whose row no longer waits',
    { ahead: [{ id: 'a', draft: 'gone', publishAt: 1 }] },
    true,
  ],
  ['a story that was stored ahead by an import', { ahead: [{ id: 'a', draft: '', publishAt: 1 }] }, false],
  [
    'a story whose row still waits',
    {
      ahead: [{ id: 'a', draft: 'one', publishAt: 1 }],
      drafts: [row({ status: '已定时', publishAt: now + 60 * minute, checked: checked(now + 60 * minute) })],
    },
    false,
  ],
  [
    'such a story while more rows wait than were read',
    { more: true, ahead: [{ id: 'a', draft: 'gone', publishAt: 1 }] },
    false,
  ],
  ['a story whose time is over', { offline: ['a'] }, true],
  ['a place whose time is over', { hasEnded: true }, true],
  ['a reason that was written late', { reasoned: ['one'] }, true],
  ['a status that nobody reads', { misstated: [{ id: 'one', isTold: false }] }, true],
  ['one that its editor was told of', { misstated: [{ id: 'one', isTold: true }] }, false],
  ['one under an id that is no text', { misstated: [{ id: 7, isTold: false }] }, true],
  ['a status that is a list', { drafts: [row({ status: ['待发布'] })] }, true],
  ['a list that its editor was told of', { drafts: [row({ status: ['待发布'], isRefused: true })] }, false],
  ['a topic that its editor changed by hand', { changedEntries: [{ kind: 'topics', id: 'a' }] }, true],
])('%s keeps a tick busy or not', (_what, part, isIt) => {
  expect(isBusy({ ...nothing, ...part }, now)).toBe(isIt)
})

test('hundreds of polls and topics keep no draft waiting; what a draft may name is still published before it', () => {
  const entries = (['topics', 'polls'] as const).flatMap(kind =>
    Array.from({ length: 500 }, (_, n) => ({
      ...{ kind, id: `e${n}`, status: '待发布', isRefused: false, isSaved: false, savedAt: n },
    })),
  )
  const drafts = Array.from({ length: 30 }, (_, n) => row({ id: `d${n}`, savedAt: n }))
  const timed = row({ id: 'timed', status: '已定时', publishAt: now })
  const leaving = row({ id: 'leaving', status: '待撤回' })
  const work = workOfTick(
    { ...nothing, entries, drafts: [...drafts, timed, leaving], offline: ['over'] },
    now,
  )
  const kinds = work.map(({ subject }) => subject.replace(/^d\d+$/, 'draft').replace(/:.*/, ''))
  expect(kinds).toEqual([
    ...['leaving', ...Array(6).fill('polls'), ...Array(6).fill('topics')],
    ...[...Array(5).fill('draft'), 'timed', 'over'],
  ])
})

describe('topics and polls', () => {
  const entry = (
    kind: WaitingEntry['kind'],
    id: string,
    changes: Partial<WaitingEntry> = {},
  ): WaitingEntry => ({
    ...{ kind, id, status: '待发布', isRefused: false, isSaved: false, savedAt: 0 },
    ...changes,
  })
  const work = (...entries: WaitingEntry[]) =>
    workOfEntries(entries, now)
      .flat()
      .map(({ subject, isRecheck }) => `${subject}${isRecheck ? '?' : ''}`)

  test('are withdrawn first, then polls are published before the topics that may name them, faulty ones last', () => {
    expect(
      work(
        entry('topics', 'named'),
        entry('topics', 'faulty', { isRefused: true }),
        entry('topics', 'mended', { isRefused: true, isSaved: true }),
        entry('polls', 'pans'),
        entry('topics', 'leaving', { status: '待撤回' }),
        entry('polls', 'going', { status: 'withdraw', isRefused: true }),
      ),
    ).toEqual([
      'topics:leaving',
      'polls:going',
      'polls:pans',
      'topics:named',
      'topics:mended',
      'topics:faulty?',
    ])
  })

  test('that nobody mended are read five at a time', () => {
    const faulty = Array.from({ length: 12 }, (_, n) => entry('topics', `t${n}`, { isRefused: true }))
    expect(work(...faulty, entry('polls', 'pans'))).toHaveLength(6)
  })
})
