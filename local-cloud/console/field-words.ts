import { channels } from '#site'
import { entryStatuses } from '../../cloudfunctions/shared/publishing/entry-statuses'
import { aiKinds, placements } from '../../cloudfunctions/shared/publishing/read-draft'
import { ways } from '../../cloudfunctions/shared/publishing/read-poll'
import { type Status, spellingsOf, statuses } from '../../cloudfunctions/shared/publishing/status-words'
import { ourStatuses } from '../../cloudfunctions/shared/transfer/plan-import'

/** The words of a field that takes a few words only. The data models call it a text: see docs/编辑手册.md. */
export interface FieldWords {
  /** What an editor may write, in the order of the hints. */
  offered: string[]
  /** The Chinese word of each other spelling that a row may hold. */
  names: Record<string, string>
  /** Another field on which the offered words depend, and the words for each of its values. */
  by?: { field: string; offered: Record<string, string[]> }
}

const isChinese = (word: string): boolean => /\p{Script=Han}/u.test(word)

/** From a map of spellings to meanings. `system`: words that only publishing writes. */
function wordsOf(
  spellings: ReadonlyMap<string, string>,
  system: ReadonlySet<string> = new Set(),
): FieldWords {
  const chinese = [...spellings.keys()].filter(isChinese)
  const names = [...spellings].flatMap(([spelling, meaning]) => {
    const word = chinese.find(one => spellings.get(one) === meaning)
    return word === undefined || word === spelling ? [] : [[spelling, word] as const]
  })
  return { offered: chinese.filter(word => !system.has(word)), names: Object.fromEntries(names) }
}

const statusWords = (known: readonly Status[]): FieldWords => wordsOf(spellingsOf(known), ourStatuses)

const columnsOf = ({ columns }: { columns: Readonly<Record<string, string>> }): [string, string][] =>
  Object.entries(columns)

function sectionWords(): { channel: FieldWords; column: FieldWords } {
  const all = Object.entries(channels)
  const labels = all.map(([, { label }]) => label)
  const byChannel = all.map(([, channel]) => [channel.label, columnsOf(channel).map(([, label]) => label)])
  return {
    channel: { offered: labels, names: Object.fromEntries(all.map(([key, { label }]) => [key, label])) },
    column: {
      offered: [],
      names: Object.fromEntries(all.flatMap(([, channel]) => columnsOf(channel))),
      by: { field: 'channel', offered: Object.fromEntries(byChannel) as Record<string, string[]> },
    },
  }
}

/** The words by collection and field. */
export const fieldWords = (): Record<string, Record<string, FieldWords>> => ({
  drafts: {
    status: statusWords(statuses),
    ...sectionWords(),
    aiNotice: wordsOf(aiKinds),
    placement: wordsOf(placements),
  },
  topics: { status: statusWords(entryStatuses) },
  polls: { status: statusWords(entryStatuses), choices: wordsOf(ways) },
})
