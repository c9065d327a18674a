import { deleteFiles } from '../cloud'
import { forgetExports, listExportsBefore } from '../stores/settings'

/** Lifetime (ms) of an exported file. Anybody who has its address can download it. */
export const exportLife = 10 * 60_000

/** Deletes exported files whose lifetime is over. */
export async function deleteExports(now: number): Promise<void> {
  const old = await listExportsBefore(now - exportLife)
  if (old.length === 0) return
  const gone = new Set(await deleteFiles(old.map(({ file }) => file)))
  await forgetExports(old.filter(({ file }) => gone.has(file)).map(({ note }) => note))
}
