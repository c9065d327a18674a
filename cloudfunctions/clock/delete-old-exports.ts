import { hourOf } from '../shared/buckets'
import { deleteExports } from '../shared/transfer/delete-exports'
import type { Tick } from './tick'

/** Deletes exported files once an hour, if no later export has deleted them. Other ticks make no request. */
export async function deleteOldExports({ now, agenda: { state } }: Tick): Promise<void> {
  if (hourOf(now) !== state.hour) await deleteExports(now)
}
