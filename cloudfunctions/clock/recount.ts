import { log } from '../shared/log'
import { type ClockState, writeClockState } from '../shared/stores/rankings'
import {
  isCorrection,
  listBallots,
  listChangedShards,
  listShards,
  type Shard,
  setCorrection,
} from '../shared/stores/votes'
import { addBallot, addSums, liveSums, noSums, type Sums, sameSums, totalOf } from '../shared/sums'
import { countedAs, isRanked } from '../shared/voting/subject'

/** A subject is recounted when nobody has voted on it for this long (ms). */
export const cooledFor = 10 * 60_000

/** Maximum number of busy subjects in the clock's state. */
const listed = 100

type Outcome = 'counted' | 'busy' | { after: string; rev: number; counted: Sums }

const revOf = (shards: readonly Shard[]): number => shards.reduce((sum, { rev }) => sum + rev, 0)

/**
 * Recounts a subject from its ballots, and sets a correction where its shards add up to something else. The result is
 * used only if nobody voted meanwhile. That is so when the sum of all `rev` is the same before and after, because each
 * `rev` only grows. The correction is the difference between the ballots and the other shards. It is set, not added, so
 * setting it twice is harmless; later votes change ballots and shards by the same amount.
 */
async function recount(
  subject: string,
  resumed: ClockState['recounting'],
  now: number,
  deadline: number,
): Promise<Outcome> {
  const atFirst = await listShards([subject])
  const before = revOf(atFirst)
  if (atFirst.some(({ changedAt }) => changedAt > now - cooledFor)) return 'busy'
  if (resumed && resumed.rev !== before) return 'busy'
  const counted: Sums = resumed ? (JSON.parse(resumed.counted) as Sums) : noSums()
  let after: string | null = resumed?.after ?? null
  do {
    const page: Awaited<ReturnType<typeof listBallots>> = await listBallots(subject, after)
    for (const { options, castAt } of page.ballots) {
      addBallot(counted, countedAs(subject, options), castAt.getTime(), now, isRanked(subject))
    }
    after = page.last
    if (after !== null && Date.now() >= deadline) return { after, rev: before, counted }
  } while (after !== null)

  const shards = await listShards([subject])
  if (revOf(shards) !== before) return 'busy'
  const shown = totalOf(shards)
  if (sameSums(counted, shown, now)) return 'counted'
  const missing = noSums()
  addSums(missing, counted)
  addSums(missing, totalOf(shards.filter(shard => !isCorrection(shard))), -1)
  await setCorrection(subject, liveSums(missing, now), new Date(now))
  log('warn', 'counts-corrected', { subject, shown: shown.all, counted: counted.all })
  return 'counted'
}

/**
 * Recounts the subjects that changed since the last recount and that nobody has voted on for `cooledFor`. A subject
 * that still changes is listed as busy; a later run finds it again, because its last change lies ahead of the cursor.
 */
export async function recountChanged(state: ClockState, now: number, deadline: number): Promise<void> {
  const until = now - cooledFor
  const busy = new Map(state.busy.map(({ subject, since }) => [subject, since]))
  const list = () => [...busy].slice(0, listed).map(([subject, since]) => ({ subject, since }))
  const settle = (subject: string, outcome: 'counted' | 'busy'): void => {
    if (outcome === 'counted') busy.delete(subject)
    else if (!busy.has(subject)) busy.set(subject, now)
  }
  const done = new Set<string>()
  let { recounting } = state
  let cursor = state.recountedUpTo
  let page = await listChangedShards(cursor, null, until, [])
  for (;;) {
    for (const { subject, changedAt } of page.shards) {
      if (done.has(subject)) continue
      if (Date.now() >= deadline) {
        await writeClockState({ recountedUpTo: cursor, recounting, busy: list() })
        return
      }
      const outcome = await recount(
        subject,
        recounting?.subject === subject ? recounting : null,
        now,
        deadline,
      )
      if (typeof outcome === 'object') {
        const { after, rev, counted } = outcome
        recounting = { subject, rev, after, counted: JSON.stringify(counted) }
        await writeClockState({ recountedUpTo: cursor, recounting, busy: list() })
        return
      }
      settle(subject, outcome)
      done.add(subject)
      recounting = null
      cursor = changedAt
    }
    if (!page.last) break
    page = await listChangedShards(0, page.last, until, [])
  }
  await writeClockState({ recountedUpTo: until, recounting: null, busy: list() })
}
