import type { OpenedStory } from '../actors/phone'
import type { Row } from '../rows'
import type { World } from '../world'
import type { Checker } from './checker'

/** How long (ms) an instance may still serve what it has cached after a story was withdrawn. */
const goneWithin = 5_000
/** How far the clocks of the cloud may differ (ms). */
const clockSkew = 50

/** What actors tell the checker of stories. */
export interface StoryLedger {
  /** A reader opened a story. `sentAt`: when the call was sent (ms). */
  opened(reader: string, id: string, opened: OpenedStory | null, sentAt: number): void
  /** An editor saved a text under this number. */
  saved(draft: string, text: Saved): void
  /** An editor asks for an earlier version: its text may appear before the time that it was written for. */
  restoring(draft: string): void
}

export interface Saved {
  number: number
  status: string
  /** The time at which it may appear (ms); null: at once. */
  publishAt: number | null
  /** When it was saved (ms). */
  at: number
}

/** Every text has a number, which its headline, its teaser and its body repeat. */
export const titleOf = (number: number): string => `深海热泉第${number}稿`
const numbersIn = (text: string): number[] =>
  [...text.matchAll(/第(\d+)稿/g)].map(([, number]) => Number(number))

const isPublicAt = ({ state, publishAt, offlineAt }: Row, now: number): boolean =>
  state === 'published' &&
  !(typeof publishAt === 'number' && publishAt > now) &&
  !(typeof offlineAt === 'number' && offlineAt <= now)

/**
 * A story is whole; nobody sees an older version than one that somebody saw long enough ago; nothing appears early or
 * unpublished; and a withdrawn story is gone within five seconds.
 */
export function watchStories(world: World): Checker & StoryLedger {
  const texts = new Map<number, Saved & { draft: string }>()
  const restored = new Set<string>()
  /** When (ms) each story stopped being public. */
  const hiddenSince = new Map<string, number>()
  /** The versions seen, with the time of the first reply that had them. */
  const seen = new Map<string, Map<number, number>>()
  /** The texts that each story had in the database, and from when (ms) readers may see them. */
  const published = new Map<string, Map<number, number>>()

  function remember(row: Row): void {
    const known = published.get(row._id) ?? new Map<number, number>()
    published.set(row._id, known)
    const now = world.schedule.now()
    const from = typeof row.publishAt === 'number' ? row.publishAt : now
    // Any reader may ask at this moment.
    if (isPublicAt(row, now)) checkWhole(row._id, row)
    for (const number of numbersIn(String(row.title))) {
      if (row.state === 'published') known.set(number, Math.min(from, known.get(number) ?? from))
      const due = texts.get(number)?.publishAt ?? 0
      if (isPublicAt(row, now) && now < due - clockSkew && !restored.has(String(row.draft)))
        world.problem(`text ${number} of ${row._id} is public ${Math.round(due - now)} ms early`)
    }
  }

  /** Returns the number of the story's text; undefined if no editor of this run wrote it. */
  function checkWhole(id: string, story: Record<string, unknown>): number | undefined {
    const { title, teaser, blocks, version } = story
    const all = numbersIn(JSON.stringify([title, teaser, blocks]))
    const [number] = all
    if (number !== undefined && (all.length < 3 || all.some(other => other !== number)))
      world.problem(`story ${id} is not whole: it has texts ${all.join(', ')} in version ${version}`)
    return number
  }

  function checkText(id: string, { article }: OpenedStory): void {
    const number = checkWhole(id, article)
    if (number === undefined) return
    const from = published.get(id)?.get(number)
    const now = world.schedule.now()
    if (from === undefined) world.problem(`story ${id} shows text ${number}, which was not published`)
    else if (now < from - clockSkew)
      world.problem(`text ${number} of ${id} appeared ${Math.round(from - now)} ms early`)
  }

  return {
    restoring: draft => void restored.add(draft),
    saved: (draft, text) => void texts.set(text.number, { ...text, draft }),
    opened(reader, id, opened, sentAt) {
      if (!opened) return
      checkText(id, opened)
      const { version } = opened.article
      const since = hiddenSince.get(id)
      const row = world.rows.in('articles').find(({ _id }) => _id === id)
      const isBack = row !== undefined && isPublicAt(row, world.schedule.now())
      if (since !== undefined && !isBack && sentAt > since + goneWithin)
        world.problem(`${reader} saw story ${id} ${Math.round(sentAt - since)} ms after it was withdrawn`)
      const versions = seen.get(id) ?? new Map<number, number>()
      seen.set(id, versions)
      for (const [other, at] of versions)
        if (other > version && sentAt > at + goneWithin)
          world.problem(
            `${reader} saw version ${version} of ${id} ${Math.round(sentAt - at)} ms after ${other}`,
          )
      if (!versions.has(version)) versions.set(version, world.schedule.now())
    },
    changed(changes) {
      const now = world.schedule.now()
      for (const { collection, before, after } of changes) {
        if (collection !== 'articles' || !after) continue
        remember(after)
        if (before && after.version !== undefined && Number(after.version) < Number(before.version))
          world.problem(`story ${after._id} went back from version ${before.version} to ${after.version}`)
        if (isPublicAt(after, now)) hiddenSince.delete(after._id)
        else if (before && isPublicAt(before, now)) hiddenSince.set(after._id, now)
      }
    },
    restarted() {
      // A withdrawal that was lost with the process did not happen.
      for (const row of world.rows.in('articles')) {
        remember(row)
        if (isPublicAt(row, world.schedule.now())) hiddenSince.delete(row._id)
      }
    },
    end() {
      for (const row of world.rows.in('drafts')) checkDraft(row)
    },
  }

  /** What an editor saved is published, waits for its time, or has a problem. */
  function checkDraft(row: Row): void {
    const status = String(row.status)
    const story = world.rows.in('articles').find(({ _id }) => _id === row.storyId)
    const number = numbersIn(String(row.title))[0]
    const hasProblems = Array.isArray(row.problems) && row.problems.length > 0
    const due = texts.get(number ?? 0)?.publishAt ?? 0
    const isWaiting = status === '已定时' && due > world.schedule.now()
    if (status === '待发布' || (status === '已定时' && !isWaiting) || status === '待撤回') {
      if (!hasProblems) world.problem(`draft ${row._id} stays ${status} without a problem`)
      return
    }
    if (status === '已撤回' && story && isPublicAt(story, world.schedule.now()))
      world.problem(`draft ${row._id} is 已撤回, but readers see its story`)
    if (status !== '已发布') return
    if (!story || !isPublicAt(story, world.schedule.now())) {
      world.problem(`draft ${row._id} is 已发布, but readers see no story`)
      return
    }
    const isRestored = String(row.result ?? '').includes('恢复')
    if (!isRestored && numbersIn(String(story.title))[0] !== number)
      world.problem(`draft ${row._id} is 已发布 with text ${number}, but readers see ${String(story.title)}`)
  }
}
