import { hashOf } from '../../cloudfunctions/shared/hash'
import { ballotIdOf, countedAs } from '../../cloudfunctions/shared/voting/subject'
import type { Row } from '../rows'
import type { World } from '../world'
import { type BallotCall, isLinearizable } from './ballot-history'
import type { Checker } from './checker'

/** What readers told the checker of their votes. */
export interface VoteLedger {
  /** A call on a ballot has ended, with a reply or without. */
  called(reader: string, subject: string, call: BallotCall): void
  /** The cloud said that it holds this revision. */
  acknowledged(reader: string, subject: string, wish: number): void
  /** From now on the reader's ballots may go. */
  deleting(reader: string): void
  /** The cloud said that everything from before this epoch is gone. */
  deleted(reader: string, epoch: number): void
}

type Counts = Record<string, number>

const add = (counts: Counts, key: string, by: number): void => {
  counts[key] = (counts[key] ?? 0) + by
  if (counts[key] === 0) delete counts[key]
}

const written = (counts: Counts): string =>
  JSON.stringify(Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))))

/**
 * Counts equal ballots; no reader counts twice; no answered vote is lost; no newer choice is undone; deleted votes stay
 * deleted; and each ballot behaves as if its calls had come one after another.
 */
export function watchVotes(world: World): Checker & VoteLedger {
  const calls = new Map<string, BallotCall[]>()
  const acknowledged = new Map<string, { reader: string; subject: string; wish: number }>()
  const leavers = new Set<string>()
  const gone = new Map<string, number>()
  /** Readers by the hash that rows store. */
  const readers = new Set<string>()
  let salt: string | null = null

  const readerHash = (reader: string): string | null => {
    salt ??=
      (world.rows.in('settings').find(({ _id }) => _id === 'identity')?.salt as string | undefined) ?? null
    return salt === null ? null : hashOf(salt, reader)
  }
  const ballotId = (reader: string, subject: string): string | null => {
    const hash = readerHash(reader)
    return hash === null ? null : ballotIdOf(hash, subject)
  }

  function compareCounts(subject: string): void {
    const counted: Counts = {}
    const ballots: Counts = {}
    const seen = new Set<unknown>()
    for (const row of world.rows.in('votes')) {
      if (row.subject !== subject) continue
      if (row.kind === 'shard') {
        for (const [option, count] of Object.entries((row.all ?? {}) as Counts)) add(counted, option, count)
      } else if (row.kind === 'ballot') {
        if (seen.has(row.reader)) world.problem(`a reader has two ballots on ${subject}`)
        seen.add(row.reader)
        for (const option of countedAs(subject, row.options as string[])) add(ballots, option, 1)
      }
    }
    if (written(counted) !== written(ballots))
      world.problem(`counts of ${subject} are ${written(counted)}, its ballots ${written(ballots)}`)
  }

  function compareAcknowledged(): void {
    const byId = new Map(world.rows.in('votes').map(row => [row._id, row]))
    for (const { reader, subject, wish } of acknowledged.values()) {
      if (leavers.has(reader)) continue
      const held = Number(byId.get(ballotId(reader, subject) ?? '')?.revision ?? 0)
      if (held < wish)
        world.problem(`an answered vote of ${reader} on ${subject} is lost: ${wish}, held ${held}`)
    }
  }

  function compareBallots(before: Row | null, after: Row | null): void {
    if (before && after && Number(after.revision) < Number(before.revision))
      world.problem(
        `a newer choice on ${after.subject} was undone: ${Number(before.revision)} by ${Number(after.revision)}`,
      )
    const epoch = after && gone.get(String(after.reader))
    // A frozen instance may commit a vote much later: pruneNotes removes such ballots when the note expires.
    if (after && epoch && Number(after.epoch) < epoch && !world.luck.has('frozen'))
      world.problem(`a deleted vote on ${after.subject} came back`)
  }

  return {
    called(reader, subject, call) {
      const key = `${reader} ${subject}`
      calls.set(key, [...(calls.get(key) ?? []), call])
    },
    acknowledged(reader, subject, wish) {
      readers.add(reader)
      const key = `${reader} ${subject}`
      const known = acknowledged.get(key)
      if (!known || known.wish < wish) acknowledged.set(key, { reader, subject, wish })
    },
    deleting: reader => void leavers.add(reader),
    deleted(reader, epoch) {
      const hash = readerHash(reader)
      if (hash === null) return
      gone.set(hash, Math.max(epoch, gone.get(hash) ?? 0))
      if (world.luck.has('frozen')) return
      for (const row of world.rows.in('votes'))
        if (row.kind === 'ballot' && row.reader === hash && Number(row.epoch) < epoch)
          world.problem(`${reader} was told that all votes are deleted, but one on ${row.subject} is there`)
    },
    changed(changes) {
      const subjects = new Set<string>()
      for (const { collection, before, after } of changes) {
        if (collection !== 'votes') continue
        const row = after ?? before
        if (row?.kind === 'ballot') compareBallots(before, after)
        if (row?.kind === 'ballot' || row?.kind === 'shard') subjects.add(String(row.subject))
      }
      for (const subject of subjects) compareCounts(subject)
      if (subjects.size > 0) compareAcknowledged()
    },
    restarted: compareAcknowledged,
    end() {
      for (const [key, all] of calls) {
        const [reader = ''] = key.split(' ')
        if (leavers.has(reader)) continue
        if (!isLinearizable(all))
          world.problem(`no order of its calls explains the ballot of ${key}: ${told(all)}`)
      }
    },
  }
}

/** The calls on a ballot in one line. */
function told(calls: readonly BallotCall[]): string {
  const shown = calls.map(({ kind, from, to, choice, wish, basedOn, told: reply }) => {
    const what =
      kind === 'vote' ? `${choice || 'nothing'}@${wish}${basedOn ? ` on ${basedOn.join()}` : ''}` : 'read'
    return `[${from}-${to}] ${what} → ${reply ? `${reply.choice || 'nothing'}@${reply.wish}` : '?'}`
  })
  return shown.join('; ')
}
