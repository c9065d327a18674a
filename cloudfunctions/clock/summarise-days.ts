import { moods } from '#contract/mood'
import { dayOf, isoTime, startOfDay } from '../shared/beijing-time'
import { countWords } from '../shared/count-words'
import { noCounts } from '../shared/ledger/share-counts'
import { openingsLine, sharesLine } from '../shared/ledger/share-words'
import { sumDay } from '../shared/ledger/sum-day'
import { listAudited } from '../shared/stores/audit'
import { writeClockState } from '../shared/stores/rankings'
import { addSummary, type DayFigures } from '../shared/stores/summaries'
import { listVersionNumbers } from '../shared/stores/versions'
import { sumVotesOf } from '../shared/voting/sum-votes'
import type { Tick } from './tick'

/** How long (ms) after midnight a day is counted: a call that began before may still be on its way. */
const settled = 300_000

/** Days that are made up for after the clock stood still. The counts of votes keep 31 days. */
const madeUpFor = 7

/** Pages of 1,000 documents that a figure may take. Above them it says that it is not whole. */
const pagesAtMost = 20
const rowsAtMost = 1_000

/** Results of a withdrawal that took nothing from readers. The others hold the reason, or the story's id. */
const withoutChange = new Set(['cancelled', 'missing', 'not-published', 'settled'])

/** The audit names topics and polls by their collection. */
const isStory = (subject: string): boolean => !/^(topics|polls):/.test(subject)

async function figuresOf(day: number, problems: number, deadline: number): Promise<DayFigures | undefined> {
  const [from, to] = [new Date(startOfDay(day)), new Date(startOfDay(day + 1))]
  const versions = await listVersionNumbers(from, to, rowsAtMost)
  const withdrawals = await listAudited(['withdraw', 'offline'], from, to, rowsAtMost)
  const { votes, isWhole } = await sumVotesOf(day, pagesAtMost)
  const shares = await sumDay(day, deadline, pagesAtMost)
  if (!shares) return undefined
  return {
    published: versions.filter(version => version === 1).length,
    revised: versions.filter(version => version > 1).length,
    withdrawn: withdrawals.filter(({ subject, result }) => isStory(subject) && !withoutChange.has(result))
      .length,
    votes,
    shares: { ...noCounts(), ...shares.all },
    problems,
    isPartial:
      !isWhole || !shares.isWhole || versions.length === rowsAtMost || withdrawals.length === rowsAtMost,
  }
}

const linesOf = ({
  published,
  revised,
  withdrawn,
  votes,
  shares,
  problems,
  isPartial,
}: DayFigures): string[] => [
  `发布 ${published} 篇　新版 ${revised} 次　撤回 ${withdrawn} 篇`,
  `心情　${countWords(moods, votes)}`,
  sharesLine(shares),
  openingsLine(shares),
  `有问题、还在等编辑的　${problems} 行`,
  ...(isPartial ? ['这一天的太多，没有数完：上面的数字偏少'] : []),
]

/**
 * Once a day: writes a summary of the Beijing day before, and of days before that if the clock stood still. A row is
 * written once under its date, so a tick that is killed or runs twice changes nothing. Makes no request on any other tick.
 * The first tick of an environment only notes the day.
 */
export async function summariseDays({ now, agenda, lease }: Tick, deadline: number): Promise<void> {
  const { state, drafts, entries } = agenda
  const last = dayOf(now - settled) - 1
  if (state.summarisedUpTo >= last || !(await lease.take())) return
  const problems = [...drafts, ...entries].filter(({ isRefused }) => isRefused).length
  const first = state.summarisedUpTo === 0 ? last + 1 : Math.max(state.summarisedUpTo, last - madeUpFor) + 1
  for (let day = first; day <= last; day++) {
    const figures = Date.now() < deadline ? await figuresOf(day, problems, deadline) : undefined
    if (!figures) return
    const date = isoTime(startOfDay(day)).slice(0, 10)
    await addSummary({ day: date, lines: linesOf(figures), at: new Date(now), ...figures })
    await writeClockState({ summarisedUpTo: day })
  }
  if (first > last) await writeClockState({ summarisedUpTo: last })
}
