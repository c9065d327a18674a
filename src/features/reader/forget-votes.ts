import { call } from '#cloud/call'
import { forgetReader } from '#contract/reader'
import { clearVotes, forgetVotesBefore } from '../../votes/phone-votes'

/** Maximum number of calls. One call removes as many votes as its time allows; 40 calls are enough for any reader. */
const callsAtMost = 40

/** Removes every vote of this reader and returns their number. Rejects with CallFailed. Idempotent. */
export async function forgetVotes(): Promise<number> {
  // A pending vote on this phone would restore a deleted vote.
  const after = clearVotes()
  let total = 0
  let epoch: number | undefined
  for (let i = 0; i < callsAtMost; i++) {
    const reply = await call(forgetReader, epoch === undefined ? { after } : { continues: epoch })
    total += reply.removed
    epoch = reply.epoch ?? epoch
    if (reply.done) break
  }
  forgetVotesBefore(epoch ?? 0)
  return total
}
