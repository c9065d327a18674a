import { topicReminders } from '#shared/publishing/topic-places'
import type { PinnedTopic } from '#shared/stores/named-topics'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const hour = 3_600_000
/** Noon in Beijing. */
const noon = Date.UTC(2026, 10, 27, 4)
const topic = (
  title: string,
  from: number | null,
  until: number | null,
  changes: Partial<PinnedTopic> = {},
): PinnedTopic => ({
  ...{ id: title, row: title, title, order: 2, from, until, publishedAt: from ?? 0 },
  ...changes,
})
const place = '版位次序：独家策划第 2 位'

describe('the editor of a topic is told who else wants its place', () => {
  const own = topic('海', noon, noon + 4 * hour)
  test.each<[string, PinnedTopic, string | null]>([
    ['the topic itself', { ...own, title: '另一个' }, null],
    ['a topic in another place', topic('山', noon, null, { order: 3 }), null],
    ['one that ends before', topic('山', noon - 2 * hour, noon), null],
    ['one that begins after', topic('山', noon + 4 * hour, null), null],
    [
      'a later one, which has it until its end',
      topic('山', noon + hour, noon + 2 * hour),
      '从北京时间 2026-11-27 13:00 起由专题《山》占，到 2026-11-27 14:00 为止',
    ],
    [
      'a later one that stays longer',
      topic('山', noon + hour, noon + 4 * hour),
      '从北京时间 2026-11-27 13:00 起由专题《山》占',
    ],
    [
      'a later one without an end',
      topic('山', noon + hour, null),
      '从北京时间 2026-11-27 13:00 起由专题《山》占',
    ],
    [
      'an earlier one, from which it takes the place',
      topic('山', noon - hour, noon + hour),
      '专题《山》也要，从北京时间 2026-11-27 12:00 起由这一个占',
    ],
    [
      'one that has always been there',
      topic('山', null, null),
      '专题《山》也要，从北京时间 2026-11-27 12:00 起由这一个占',
    ],
  ])('%s', (_what, other, words) => {
    expect(topicReminders(own, [own, other])).toEqual(words === null ? [] : [place + words])
  })

  test('two that have always been there: the one published last has it', () => {
    const [older, newer] = [topic('山', null, null), topic('海', null, null, { publishedAt: 1 })]
    expect(topicReminders(older, [older, newer])).toEqual([`${place}由专题《海》占`])
    expect(topicReminders(newer, [older, newer])).toEqual([`${place}专题《山》也要，由这一个占`])
  })

  test('five of them, those that have it first', () => {
    const others = Array.from({ length: 7 }, (_, nth) => topic(`第${nth}个`, noon + nth, null))
    const told = topicReminders(own, others).map(words => /《(.*)》/.exec(words)?.[1])
    expect(told).toEqual(['第6个', '第5个', '第4个', '第3个', '第2个'])
  })
})
