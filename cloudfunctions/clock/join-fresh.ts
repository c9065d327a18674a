import { joinStory } from '../shared/publishing/join-story'
import { isBusy } from './publish-waiting'
import type { Tick } from './tick'

/** Joins one story to the older ones. A tick that publishes does not: the next ones do. */
export async function joinFresh({ now, agenda, lease }: Tick): Promise<void> {
  if (!agenda.fresh || isBusy(agenda, now) || !(await lease.take())) return
  await joinStory(agenda.fresh)
}
