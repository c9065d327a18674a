import fc from 'fast-check'
import { focusAtMost } from '#contract/home'
import { type PlacedFrom, placeStory, rivalsAtMost } from '#shared/publishing/place-story'
import type { Draft } from '#shared/publishing/read-draft'
import { arrangeHome, type HomeRows } from '#shared/reading/arrange-home'
import { byClaim } from '#shared/reading/arrange-slots'
import type { FocusClaim } from '#shared/stores/focus-claims'
import { placementLines } from '../../../cloudfunctions/editor/placement-lines'
import { withWaiting } from '../../../cloudfunctions/editor/waiting-drafts'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const start = Date.UTC(2026, 10, 27)
const last = 20
const moment = fc.integer({ min: 0, max: last }).map(n => start + n)
const mayBe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const order = fc.integer({ min: 1, max: focusAtMost })
const pictures = ['a', 'b', 'c'].map(name => ({ src: `/${name}.jpg`, width: 4, height: 3, alt: '' }))
const cover = fc.constantFrom(undefined, ...pictures)
const window = { order: mayBe(order), from: mayBe(moment), until: mayBe(moment) }

const teaserOf = (id: string, publishedAt: number, picture?: (typeof pictures)[number]) => ({
  ...{ id, title: `题${id}`, teaser: '', channel: '', column: '', publishedAt },
  ...(picture ? { cover: picture } : {}),
})
const story = fc
  .record({ publishedAt: moment, cover })
  .map(one => (id: string) => teaserOf(id, one.publishedAt, one.cover))
const rows: fc.Arbitrary<HomeRows> = fc
  .record({
    placed: fc.array(fc.record({ story, ...window }), { maxLength: 12 }),
    newest: fc.array(story, { maxLength: 8 }),
    topics: fc.array(fc.record({ publishedAt: moment, cover, ...window }), { maxLength: 4 }),
  })
  .map(({ placed, newest, topics }) => {
    const stories = placed.map((one, n) => ({ ...one, story: one.story(`placed${n}`) }))
    return {
      placed: stories,
      // The newest stories are mostly among the placed ones as well.
      newest: [
        ...newest.map((one, n) => one(`newest${n}`)),
        ...stories.slice(0, 3).map(({ story: each }) => each),
      ],
      topics: topics.map(({ cover: picture, ...one }, n) => ({
        ...one,
        card: { id: `topic${n}`, title: `专题${n}`, lead: '', ...(picture ? { cover: picture } : {}) },
      })),
    }
  })

const isOn = ({ from, until }: { from: number | null; until: number | null }, at: number): boolean =>
  (from ?? 0) <= at && at < (until ?? Number.POSITIVE_INFINITY)

const shownIn = (lines: readonly string[], heading: string): string[] => {
  const begin = lines.findIndex(line => line.startsWith(heading)) + 1
  const rest = lines.slice(begin)
  const end = rest.findIndex(line => !line.startsWith('　'))
  return rest.slice(0, end < 0 ? undefined : end).flatMap(line => /《(.+?)》/.exec(line)?.[1] ?? [])
}

test('editors read what readers see, in the same order', () => {
  fc.assert(
    fc.property(rows, moment, (all, at) => {
      const seen = arrangeHome(all, at)
      const lines = placementLines(all, [], at)
      expect(shownIn(lines, '视觉焦点（')).toEqual(seen.focus.map(({ one }) => one.story.title))
      expect(shownIn(lines, '独家策划（')).toEqual(seen.topics.map(({ one }) => one.card.title))
    }),
  )
})

test('视觉焦点 holds a story with a picture once, and has a gap only if no story is left', () => {
  fc.assert(
    fc.property(rows, moment, (all, at) => {
      const { focus } = arrangeHome(all, at)
      const ids = focus.map(({ one }) => one.id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(focus.every(({ one }) => one.story.cover !== undefined)).toBe(true)
      const ofTopics = new Set(all.topics.map(({ card }) => card.cover?.src))
      const free = all.newest.filter(one => one.cover && !ofTopics.has(one.cover.src))
      if (focus.length < focusAtMost) expect(free.filter(({ id }) => !ids.includes(id))).toEqual([])
    }),
  )
})

test('a story that has a place now stands in it, also if a topic shows its picture', () => {
  fc.assert(
    fc.property(rows, moment, (all, at) => {
      const { focus } = arrangeHome(all, at)
      const asked = all.placed.filter(one => one.order !== null && one.story.cover && isOn(one, at))
      const enough = focus.length === focusAtMost
      for (const one of enough ? asked : [])
        expect(focus[(one.order ?? 0) - 1]?.one).toMatchObject({ order: one.order })
    }),
  )
})

test('a picture that a topic shows fills no gap of 视觉焦点; a place that an editor chose, or a page without others, has it', () => {
  const [shown, other] = pictures
  const topics = [
    {
      ...{ publishedAt: start, order: null, from: null, until: null },
      card: { id: 'topic', title: '专题', lead: '', ...(shown ? { cover: shown } : {}) },
    },
  ]
  const place = { order: null, from: null, until: null }
  const asked = { ...place, story: teaserOf('asked', start + 2, shown) }
  const pinned = { ...asked, order: 2 }
  const newest = [teaserOf('new', start + 3, shown), teaserOf('old', start, other)]
  const ids = (rows: Partial<HomeRows>) =>
    arrangeHome({ placed: [], newest: [], topics, ...rows }, start + 4).focus.map(({ one }) => one.id)
  expect(ids({ placed: [asked], newest })).toEqual(['old'])
  expect(ids({ placed: [pinned], newest })).toEqual(['old', 'asked'])
  expect(ids({ placed: [asked], newest: newest.slice(0, 1) })).toEqual(['asked', 'new'])
})

test('the story that home is shown under leaves its place to the next one', () => {
  const pin = (id: string, from: number) => ({
    story: teaserOf(id, start, pictures[0]),
    order: 1,
    from,
    until: null,
  })
  const all = { placed: [pin('first', start + 2), pin('second', start + 1)], topics: [], newest: [] }
  const ids = (without?: string) =>
    arrangeHome(all, start + 3, without).focus.map(({ one, displaced }) => [
      one.id,
      displaced.map(({ id }) => id),
    ])
  expect(ids()).toEqual([
    ['first', ['second']],
    ['second', []],
  ])
  expect(ids('first')).toEqual([['second', []]])
})

test('a story fills a gap before the others only during its time', () => {
  const all = {
    placed: [
      { story: teaserOf('timed', start, pictures[0]), order: null, from: start + 5, until: start + 6 },
    ],
    newest: [teaserOf('newer', start + 1, pictures[1]), teaserOf('timed', start, pictures[0])],
    topics: [],
  }
  const ids = [4, 5, 6].map(n => arrangeHome(all, start + n).focus.map(({ one }) => one.id))
  expect(ids).toEqual([
    ['newer', 'timed'],
    ['timed', 'newer'],
    ['newer', 'timed'],
  ])
})

describe('at a later time the panel counts on the drafts that the clock will have published', () => {
  const draft = (_id: string, changes: object) => ({
    _id,
    title: _id,
    cover: `cloud://e/${_id}.jpg#4x3`,
    status: '已定时',
    ...changes,
  })
  const told = (drafts: ReturnType<typeof draft>[], at: number) => {
    const nothing = { placed: [], topics: [], newest: [] }
    const { home, waiting } = withWaiting(nothing, drafts, { at, now: start })
    return {
      focus: arrangeHome(home, at).focus.map(({ one }) => one.story.title),
      waiting: waiting.map(({ title }) => title),
    }
  }
  const publishAt = start + 3_600_000
  const drafts = [
    draft('pinned', { publishAt, placement: '视觉焦点', order: 2 }),
    draft('plain', { publishAt: publishAt + 1 }),
    draft('faulty', { publishAt, placement: '视觉焦点', problems: ['标题：还没有填写，请写上'] }),
    draft('leaving', { publishAt, placement: '视觉焦点', offlineAt: publishAt + 1 }),
  ]

  test('from their time on', () => {
    expect(told(drafts, publishAt - 1)).toEqual({ focus: [], waiting: ['pinned', 'leaving'] })
    expect(told(drafts, publishAt + 1)).toEqual({ focus: ['plain', 'pinned'], waiting: [] })
  })

  test('also on the next version of a story, which may give up its place', () => {
    const placed = [{ story: teaserOf('story00001', start, pictures[0]), order: 2, from: null, until: null }]
    const row = draft('moved', { publishAt, storyId: 'story00001', placement: '' })
    const at = (time: number) => {
      const rowsThen = { placed, topics: [], newest: placed.map(one => one.story) }
      const { home } = withWaiting(rowsThen, [row], { at: time, now: start })
      return arrangeHome(home, time).focus.map(({ isPinned }) => isPinned)
    }
    expect([at(publishAt - 1), at(publishAt)]).toEqual([[true], [false]])
  })
})

test('the panel names ten stories that wait, and how many there are if there are more', () => {
  const waiting = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ title: `第${n}篇`, order: null, from: start + n, until: null, publishAt: null },
    }))
  const linesOf = (count: number) => {
    const lines = placementLines({ placed: [], topics: [], newest: [] }, waiting(count), start)
    return lines.slice(lines.indexOf('等着的') + 1)
  }
  expect(linesOf(10)).toHaveLength(10)
  expect(linesOf(11).slice(9)).toEqual([expect.stringContaining('《第9篇》'), '　　等 11 篇'])
})

/** The articles of an editorial office that publishes drafts one after another, as far as their places go. */
function office() {
  const stories = new Map<string, FocusClaim & { isIn: boolean }>()
  const claims = (now: number) =>
    [...stories.values()].filter(one => one.isIn && isOn({ ...one, from: 0 }, now))
  return {
    claims,
    publish(id: string, changes: Partial<Draft>, now: number) {
      const known = stories.get(id)
      const before: PlacedFrom['before'] = known
        ? { _id: id, focusOrder: known.order, focusFrom: new Date(known.from) }
        : null
      const draft = { title: id, inFocus: true, order: 1, from: null, until: null, ...changes } as Draft
      const publishedAt = known?.publishedAt ?? now
      const placed = placeStory(draft, { id, before, claims: claims(now), publishedAt, now })
      const { focus, focusOrder, focusFrom, focusUntil } = placed.fields
      stories.delete(id)
      if (focusOrder !== undefined)
        stories.set(id, {
          ...{ id, draft: id, title: id, publishedAt, order: focusOrder, isIn: focus === true },
          from: focusFrom?.getTime() ?? 0,
          until: focusUntil?.getTime() ?? null,
        })
      for (const { claim, endsAt } of placed.displaced) {
        const other = stories.get(claim.id)
        if (other && endsAt !== null) stories.set(claim.id, { ...other, until: endsAt })
      }
      return placed
    },
    holder: (at: number) =>
      claims(at)
        .filter(one => isOn(one, at))
        .sort(byClaim)[0]?.id,
  }
}

describe('two stories for one place', () => {
  const [hour, ten] = [3_600_000, start + 36_000_000]
  const name = '版位次序：视觉焦点第 1 位'

  test('the later one is told whom it replaces, and the other by whom it is replaced', () => {
    const { publish, holder } = office()
    expect(publish('甲', {}, start)).toMatchObject({ reminders: [], displaced: [] })
    const taken = publish('乙', { until: start + 2 * hour }, start + hour)
    expect(taken.reminders).toEqual([`${name}原来是《甲》，从北京时间 2026-11-27 09:00 起由这一篇占`])
    expect(taken.displaced).toMatchObject([
      { endsAt: null, reminder: `${name}从北京时间 2026-11-27 09:00 起由《乙》占，到 2026-11-27 10:00 为止` },
    ])
    expect([hour - 1, hour, 2 * hour - 1, 2 * hour].map(n => holder(start + n))).toEqual([
      '甲',
      '乙',
      '乙',
      '甲',
    ])
  })

  test('one that begins in the very moment at which another ends does not meet it', () => {
    const { publish, holder } = office()
    publish('甲', { until: start + 2 * hour }, start)
    expect(publish('乙', { from: start + 2 * hour }, start + hour)).toMatchObject({
      reminders: [],
      displaced: [],
    })
    expect(publish('丙', { from: start + hour, until: start + hour * 2 }, start + hour).reminders).toEqual([
      `${name}原来是《甲》，从北京时间 2026-11-27 09:00 起由这一篇占`,
    ])
    expect([hour, 2 * hour].map(n => holder(start + n))).toEqual(['丙', '乙'])
  })

  test('one that is saved first and begins later takes the place; the other is told at once', () => {
    const { publish, holder } = office()
    publish('丙', { from: start + 2 * hour, until: start + 3 * hour }, start)
    const placed = publish('丁', {}, start + hour)
    expect(placed.reminders).toEqual([
      `${name}从北京时间 2026-11-27 10:00 起由《丙》占，到 2026-11-27 11:00 为止`,
    ])
    expect(placed.displaced).toEqual([])
    expect([1, 2, 3].map(n => holder(start + n * hour))).toEqual(['丁', '丙', '丁'])
  })

  test('without an end the older one is out for good, and correcting its text does not bring it back', () => {
    const { publish, holder } = office()
    publish('甲', {}, start)
    expect(publish('乙', {}, start + hour).displaced).toMatchObject([{ endsAt: start + hour }])
    expect(publish('甲', { title: '甲，改正' }, start + 2 * hour).fields.focus).toBeUndefined()
    expect(holder(start + 3 * hour)).toBe('乙')
    publish('甲', { from: start + 4 * hour }, start + 3 * hour)
    expect([3, 4].map(n => holder(start + n * hour))).toEqual(['乙', '甲'])
  })

  test('of fifty with an end, nine ask for it at one time; the others are told and fill gaps', () => {
    const { publish, claims } = office()
    const placed = Array.from({ length: 50 }, (_, n) => publish(`第${n}篇`, { until: ten }, start + n))
    expect(claims(start + 100)).toHaveLength(rivalsAtMost + 1)
    expect(placed.at(-1)).toMatchObject({
      fields: { focus: true, focusUntil: new Date(ten) },
      reminders: [`${name}同时已经有 9 篇要，最多 8 篇，这一篇没有排进去，请换一位或改时间`],
    })
    expect(placed.at(-1)?.fields).not.toHaveProperty('focusOrder')
  })

  test('at no time more than nine ask for it, whatever is published when', () => {
    const draft = fc.record({
      id: fc.constantFrom(...Array.from({ length: 30 }, (_, n) => `s${n}`)),
      from: mayBe(moment),
      until: mayBe(moment),
    })
    fc.assert(
      fc.property(fc.array(draft, { minLength: 10, maxLength: 60 }), drafts => {
        const { publish, claims } = office()
        drafts.forEach(({ id, from, until }, n) => {
          const now = start + Math.floor((n * last) / drafts.length)
          if (from === null || until === null || from < until) publish(id, { from, until }, now)
          for (let at = now; at <= start + last; at++)
            expect(claims(now).filter(one => isOn(one, at)).length).toBeLessThanOrEqual(rivalsAtMost + 1)
          const open = claims(now).filter(one => one.until === null)
          expect(open.length).toBeLessThanOrEqual(1)
        })
      }),
    )
  })
})
