import { joinStory } from '../shared/publishing/join-story'
import { type FreshStory, findFresh } from '../shared/stores/fresh-stories'
import { isBusy } from './publish-waiting'
import type { Tick } from './tick'

/** A site that starts with many stories has joined them all soon; a tick makes at most this many times 15 requests. */
const joinedAtMost = 5

/** Joins stories to the older ones. A tick that publishes does not: the next ones do. */
export async function joinFresh({ now, agenda, lease }: Tick, deadline: number): Promise<void> {
  if (!agenda.fresh || isBusy(agenda, now) || !(await lease.take())) return
  let story: FreshStory | null = agenda.fresh
  for (let joined = 0; story && joined < joinedAtMost && Date.now() < deadline; joined++) {
    await joinStory(story)
    story = await findFresh()
  }
}
