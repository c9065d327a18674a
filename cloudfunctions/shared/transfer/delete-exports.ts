import { deleteFiles } from '../cloud'
import { forgetExports, listExportsBefore } from '../stores/settings'

/** How long (ms) the file of an export is there to be downloaded. Everybody who has its address can read it. */
export const exportLife = 10 * 60_000

/** Deletes the files of exports whose time is over. */
export async function deleteExports(now: number): Promise<void> {
  const old = await listExportsBefore(now - exportLife)
  if (old.length === 0) return
  const gone = new Set(await deleteFiles(old.map(({ file }) => file)))
  await forgetExports(old.filter(({ file }) => gone.has(file)).map(({ note }) => note))
}
