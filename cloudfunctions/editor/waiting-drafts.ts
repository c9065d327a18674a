import * as v from 'valibot'
import { focusAtMost } from '#contract/home'
import type { Document } from '../shared/cloud'
import { labels, waysToPlace } from '../shared/publishing/read-draft'
import { readTime } from '../shared/publishing/read-time'
import { orderField } from '../shared/publishing/row-fields'
import type { HomeRows } from '../shared/reading/arrange-home'
import type { PlacedStory } from '../shared/stores/articles'
import type { WaitingStory } from './placement-lines'

type Story = PlacedStory['story']

/** A row of drafts that the clock will publish, as home will show it. Times are ms. */
interface WaitingDraft extends PlacedStory {
  inFocus: boolean
  /** Null: at the next tick. */
  publishAt: number | null
  offlineAt: number | null
  /** Whether it is the next version of a story. */
  isKnown: boolean
}

function readWaiting(row: Document, now: number): WaitingDraft {
  const time = (field: string): number | null => readTime(row[field], now) ?? null
  const order = v.safeParse(orderField(labels.order, focusAtMost), row.order)
  const [cover] = [row.cover].flat()
  const [src = ''] = typeof cover === 'string' ? cover.trim().split('#') : []
  const isKnown = typeof row.storyId === 'string' && row.storyId !== ''
  const publishAt = time('publishAt')
  const story: Story = {
    id: isKnown ? String(row.storyId) : `draft:${row._id}`,
    title: typeof row.title === 'string' ? row.title : row._id,
    teaser: '',
    channel: '',
    column: '',
    publishedAt: publishAt ?? now,
    ...(src === '' ? {} : { cover: { src, width: 1, height: 1, alt: '' } }),
  }
  const inFocus = typeof row.placement === 'string' && waysToPlace.includes(row.placement.trim())
  return {
    story,
    inFocus,
    isKnown,
    publishAt,
    offlineAt: time('offlineAt'),
    order: order.success ? order.output : null,
    from: time('from') ?? publishAt ?? now,
    until: time('until'),
  }
}

const newestFirst = (a: Story, b: Story): number => b.publishedAt - a.publishedAt

/**
 * What home is made of at a time (ms), with the drafts that the clock has published by then, and the stories that wait
 * for their place after it. Rows with problems are left out: nobody knows when they are corrected.
 */
export function withWaiting(
  rows: HomeRows,
  drafts: readonly Document[],
  { at, now }: { at: number; now: number },
): { home: HomeRows; waiting: WaitingStory[] } {
  const read = drafts
    .filter(({ problems }) => !Array.isArray(problems) || problems.length === 0)
    .map(row => readWaiting(row, now))
  const isOut = ({ publishAt }: WaitingDraft): boolean => (publishAt === null ? at > now : publishAt <= at)
  const out = read.filter(one => isOut(one) && (one.offlineAt === null || one.offlineAt > at))
  const replaced = new Set(out.map(({ story }) => story.id))
  const known = new Set([...rows.placed.map(({ story }) => story), ...rows.newest].map(({ id }) => id))
  const home = {
    ...rows,
    placed: [
      ...rows.placed.filter(({ story }) => !replaced.has(story.id)),
      ...out.filter(one => one.inFocus),
    ],
    newest: [
      ...rows.newest,
      ...out.filter(one => !one.isKnown && !known.has(one.story.id)).map(({ story }) => story),
    ].sort(newestFirst),
  }
  const waiting = read
    .filter(one => one.inFocus && !isOut(one))
    .map(({ story: { title }, order, from, until, publishAt }) => ({
      title,
      order,
      from: from === publishAt ? null : from,
      until,
      publishAt: publishAt ?? now,
    }))
  return { home, waiting }
}
