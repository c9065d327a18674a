import { call } from '#cloud/call'
import { forgetReader } from '#contract/reader'

/** A call removes what it has time for; so many calls serve any reader there can be. */
const callsAtMost = 40

/** Removes every vote of this reader, and gives how many. Rejects with CallFailed; repeating it is harmless. */
export async function forgetVotes(): Promise<number> {
  let total = 0
  for (let i = 0; i < callsAtMost; i++) {
    const { done, removed } = await call(forgetReader, {})
    total += removed
    if (done) break
  }
  return total
}
