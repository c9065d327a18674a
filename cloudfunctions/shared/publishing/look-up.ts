import { readAgain } from '../retry'
import { findRow } from '../stores/editors-rows'
import { findPoll, type Poll } from '../stores/polls'
import type { EntryKind } from '../stores/published-entries'
import { findPublishedTopic } from '../stores/topics'

/** What a row names: the topic or poll that is published under an id, or why there is none. Empty ids name nothing. */
export interface LookedUp<Found> {
  found: Found | null
  problems: string[]
}

const names: Readonly<Record<EntryKind, string>> = { topics: '专题', polls: '云投' }

async function lookUp<Found>(
  kind: EntryKind,
  id: string,
  label: string,
  find: () => Promise<Found | null>,
): Promise<LookedUp<Found>> {
  if (id === '') return { found: null, problems: [] }
  const found = await readAgain(find)
  if (found) return { found, problems: [] }
  const row = await readAgain(() => findRow(kind, id))
  const problem = row
    ? `${label}：${names[kind]} ${id} 现在没有发布，请先发布它`
    : `${label}：没有编号为 ${id} 的${names[kind]}，请核对`
  return { found: null, problems: [problem] }
}

export const lookUpPoll = (id: string, label: string): Promise<LookedUp<Poll>> =>
  lookUp('polls', id, label, () => findPoll(id))

/** `known`: the topic as it was read already, null if there is none. */
export const lookUpTopic = (
  id: string,
  label: string,
  known?: { id: string; title: string } | null,
): Promise<LookedUp<{ id: string; title: string }>> =>
  lookUp('topics', id, label, async () =>
    known === undefined ? ((await findPublishedTopic(id))?.topic ?? null) : known,
  )
