import * as v from 'valibot'
import { Epoch, Revision } from '#contract/vote'
import { afterDrawing } from '#platform/after-drawing'
import { onNetworkBack } from '#platform/network'
import { readStored, readStoredRows, removeStored, writeStored } from '#platform/storage'
import { tell } from '#platform/tell'
import { createVoteStore, type VoteDescription, type VoteState, type VoteStore } from './vote-store'
import { wordsOf } from './vote-words'

/** All kinds share it. It is stored, because the cloud drops pending votes of a phone that does not know the epoch. */
const deletion = {
  get epoch() {
    return readStored('deletion', Epoch) ?? 0
  },
  set epoch(epoch) {
    writeStored('deletion', epoch)
  },
}

type Kind = Pick<VoteStore<VoteState, unknown>, 'sendPending' | 'clear' | 'forget'>
const kinds: Kind[] = []

/** The votes of one kind on this phone. Each kind stores its pending choices under its own storage key. */
export function phoneVotes<State extends VoteState, Choice, Own = Choice>(
  key: string,
  choice: v.GenericSchema<unknown, Choice>,
  description: VoteDescription<State, Choice, Own>,
): VoteStore<State, Choice, Own> {
  const Row = v.object({
    subject: v.string(),
    wanted: choice,
    revision: Revision,
    at: v.number(),
    basedOn: v.array(v.number()),
  })
  const store = createVoteStore(description, {
    storage: {
      read: () => readStoredRows(key, Row),
      write: rows => void (rows.length > 0 ? writeStored(key, rows) : removeStored(key)),
    },
    clock: {
      now: Date.now,
      after(ms, run) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      random: Math.random,
    },
    deletion,
    onUnheard(outcome) {
      if (outcome.kind === 'superseded') tell(wordsOf(outcome))
    },
  })
  kinds.push(store)
  return store
}

/** Sends pending votes after the first page is drawn, and whenever the network is back. */
export function startVotes(): void {
  const send = async () => {
    for (const kind of kinds) await kind.sendPending()
  }
  afterDrawing(() => void send())
  onNetworkBack(() => void send())
}

/**
 * Drops pending votes before a deletion: sent later, they would bring deleted votes back. Returns the epoch of the last
 * deletion that the phone knows of.
 */
export function clearVotes(): number {
  for (const kind of kinds) kind.clear()
  return deletion.epoch
}

/** Call when a deletion is complete. Votes cast before it are no longer shown; later votes carry its epoch. */
export function forgetVotesBefore(epoch: number): void {
  for (const kind of kinds) kind.forget(epoch)
}
