import { dayOf } from '../shared/beijing-time'
import { storeSiteMapPositions } from '../shared/reading/site-map-positions'
import { writeClockState } from '../shared/stores/rankings'
import type { Tick } from './tick'

/**
 * Once a day: finds where the files of the site map begin, one read for each 2,000 stories. A tick without enough time
 * leaves it to the next one. Makes no request on any other tick.
 */
export async function mapStories({ now, agenda: { state }, lease }: Tick, deadline: number): Promise<void> {
  const today = dayOf(now)
  if (state.mappedOn >= today || !(await lease.take())) return
  if (await storeSiteMapPositions(deadline)) await writeClockState({ mappedOn: today })
}
