import { byClaim } from '../reading/arrange-slots'
import type { FocusClaim, FocusFields } from '../stores/focus-claims'
import type { PublishedRow } from '../stores/published'
import { type Draft, labels } from './read-draft'
import { writtenTime } from './written-time'

/**
 * Where a story stands in 视觉焦点 of the home page, as its row asks for it. Two stories may ask for one place at one time:
 * the one whose time began last has it, and gives it back at its end. A story without an end gives it up for good to the
 * next one without an end, so the number of stories that ask for a place does not grow for ever.
 */

/** How many other stories may ask for the same place at the same time. Home reads all stories that have a place. */
export const rivalsAtMost = 8

/** What the editor of a story is told because another story takes its place. */
export interface Displaced {
  claim: FocusClaim
  /** When (ms) its time ends for good; null if it gets its place back. */
  endsAt: number | null
  reminder: string
}

export interface Placed {
  fields: FocusFields
  reminders: string[]
  displaced: Displaced[]
}

const nowhere: Placed = { fields: {}, reminders: [], displaced: [] }

const endOf = ({ until }: { until: number | null }): number => until ?? Number.POSITIVE_INFINITY
const dateIf = (field: 'focusFrom' | 'focusUntil', time: number | null): FocusFields =>
  time === null ? {} : { [field]: new Date(time) }

export interface PlacedFrom {
  /** The draft's id. */
  id: string
  /** Its story's present place. */
  before: Pick<PublishedRow, '_id' | 'focusOrder' | 'focusFrom'> | null
  /** The published stories that ask for the same place. */
  claims: readonly FocusClaim[]
  publishedAt: number
  now: number
}

/** When (ms) the time of a story in its place begins. One that stands there already does not begin again. */
function beginningOf(draft: Draft, { before, publishedAt, now }: PlacedFrom): number {
  if (draft.from !== null) return publishedAt > now ? Math.max(draft.from, publishedAt) : draft.from
  const known = before?.focusOrder === draft.order ? before?.focusFrom?.getTime() : undefined
  return known !== undefined && known <= now ? known : Math.max(now, publishedAt)
}

/** The other stories that ask for the place while this one does. The one that has it at last comes first. */
const rivalsOf = (own: FocusClaim, claims: readonly FocusClaim[]): FocusClaim[] =>
  claims
    .filter(
      other =>
        other.draft !== own.draft &&
        other.order === own.order &&
        endOf(other) > own.from &&
        endOf(own) > other.from,
    )
    .sort(byClaim)

export const placeName = (order: number): string => `视觉焦点第 ${order} 位`

const said = (order: number, words: string): string => `${labels.order}：${placeName(order)}${words}`

/** Whether a reminder tells of another story in the same place. A new one replaces it. */
export const isOfPlace = (reminder: string): boolean => reminder.startsWith(`${labels.order}：视觉焦点第`)

/** Tells the editor of a story that another one has its place from a time (ms) on. */
const takenBy = ({ order, title, until }: FocusClaim, from: number): string =>
  said(
    order,
    `从北京时间 ${writtenTime(from)} 起由《${title}》占${until === null ? '' : `，到 ${writtenTime(until)} 为止`}`,
  )

/** The beginning of what a story's editor is told about the story whose place it takes. */
const takenFrom = (order: number, title: string): string => said(order, `原来是《${title}》`)

/**
 * What is still true of a row's reminders, after a story has left a place. `others` are the other stories that have the
 * place or had it, `claims` those that ask for it now or later.
 */
export function stillTrue(
  reminders: readonly string[],
  own: FocusClaim,
  others: readonly FocusClaim[],
  claims: readonly FocusClaim[],
): string[] {
  const { order } = own
  const isTrue = (reminder: string): boolean =>
    !reminder.startsWith(said(order, '')) ||
    reminder.startsWith(said(order, '同时')) ||
    claims.some(other =>
      [other.from, Math.max(other.from, own.from)].some(from =>
        // Its end may have changed since.
        reminder.startsWith(takenBy({ ...other, until: null }, from)),
      ),
    ) ||
    others.some(({ title }) => reminder.startsWith(takenFrom(order, title)))
  return reminders.filter(isTrue)
}

/** The place of a story that is published from a draft. */
export function placeStory(draft: Draft, from: PlacedFrom): Placed {
  const { inFocus, order, until } = draft
  const { id, before, claims, publishedAt, now } = from
  if (!inFocus || (until !== null && until <= now)) return nowhere
  const marked = { focus: true as const, ...dateIf('focusFrom', draft.from), ...dateIf('focusUntil', until) }
  // Home never shows it, so it takes nobody's place.
  if (order === null || draft.cover === '') return { ...nowhere, fields: marked }
  const begins = beginningOf(draft, from)
  const { title } = draft
  const own = { id: before?._id ?? '', draft: id, title, publishedAt, order, from: begins, until }
  const rivals = rivalsOf(own, claims)
  if (rivals.length > rivalsAtMost) {
    const many = `同时已经有 ${rivals.length} 篇要，最多 ${rivalsAtMost} 篇，这一篇没有排进去，请换一位或改时间`
    return { ...nowhere, fields: marked, reminders: [said(order, many)] }
  }
  const later = rivals.filter(rival => byClaim(rival, own) < 0)
  const earlier = rivals.filter(rival => byClaim(rival, own) > 0)
  // The first story without an end that begins later takes the place for good.
  const heir = until === null ? later.filter(rival => rival.until === null).at(-1) : undefined
  const ends = heir?.from ?? until
  const reminders = later.map(rival => takenBy(rival, Math.max(rival.from, begins))).reverse()
  const holder = earlier.find(rival => rival.from <= begins)
  const isBeaten = later.some(rival => rival.from <= begins)
  if (holder && !isBeaten)
    reminders.push(`${takenFrom(order, holder.title)}，从北京时间 ${writtenTime(begins)} 起由这一篇占`)
  const isForGood = (rival: FocusClaim): boolean => until === null && rival.until === null
  return {
    fields: {
      ...(ends !== null && ends <= now ? {} : { focus: true }),
      focusOrder: order,
      ...dateIf('focusFrom', begins),
      ...dateIf('focusUntil', ends),
    },
    reminders,
    displaced: earlier
      .filter(rival => isForGood(rival) || (rival === holder && !isBeaten))
      .map(claim => ({
        claim,
        endsAt: isForGood(claim) ? begins : null,
        reminder: takenBy(own, begins),
      })),
  }
}

/** Whether a story stands in this place already. */
export const isPlacedSo = (before: PublishedRow, fields: FocusFields): boolean =>
  before.focus === (fields.focus ?? false) &&
  before.focusOrder === (fields.focusOrder ?? null) &&
  (before.focusFrom?.getTime() ?? null) === (fields.focusFrom?.getTime() ?? null) &&
  (before.focusUntil?.getTime() ?? null) === (fields.focusUntil?.getTime() ?? null)
