import { hourOf } from '../shared/buckets'
import { deleteExports } from '../shared/transfer/delete-exports'
import type { Tick } from './tick'

/** Deletes once an hour the files of exports that no later export has deleted. An idle tick asks for nothing. */
export async function deleteOldExports({ now, agenda: { state } }: Tick): Promise<void> {
  if (hourOf(now) !== state.hour) await deleteExports(now)
}
