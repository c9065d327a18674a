import type { PublishedRow } from '../stores/published'
import type { Draft } from './read-draft'

/** What decides whether readers see a story. */
export type StoryTimes = Pick<PublishedRow, 'state' | 'publishAt' | 'offlineAt'>

/** Whether readers see a story at a time (ms). */
export const isPublic = <Row extends StoryTimes>(row: Row | null, now: number): row is Row =>
  row?.state === 'published' &&
  (row.publishAt?.getTime() ?? 0) <= now &&
  (row.offlineAt?.getTime() ?? Number.POSITIVE_INFINITY) > now

/** Whether a story is stored ahead of its time, so that readers do not see it yet. */
export const isAhead = <Row extends StoryTimes>(
  row: Row | null,
  now: number,
): row is Row & { publishAt: Date } =>
  row?.state === 'published' && row.publishAt !== null && row.publishAt.getTime() > now

/**
 * Publishing time of a story (ms), and `revisedAt` if a new version of a public story was scheduled. Such a version does
 * not move the story to the top of the lists again.
 */
export function storyTimes(
  draft: Draft,
  before: PublishedRow | null,
  now: number,
): { publishedAt: number; revisedAt?: Date } {
  const { publishAt } = draft
  const known = before?.publishedAt?.getTime()
  // A publishing time in the future belongs to a story that readers have not seen yet.
  const first = known !== undefined && known <= now ? known : undefined
  if (first === undefined || publishAt === null) return { publishedAt: publishAt ?? first ?? now }
  const isTimed = draft.status === '已定时' || before?.revisedAt?.getTime() === publishAt
  if (isPublic(before, now) && publishAt > first && isTimed)
    return { publishedAt: first, revisedAt: new Date(publishAt) }
  return { publishedAt: publishAt }
}
