import { type FeedPosition, findPositionAfter } from '../stores/articles'
import { putMapPositions, readMapPositions } from '../stores/settings'

/**
 * Where the files of the site map begin. Each position is found from the one before it, so a site of many stories needs
 * many reads. The clock finds them once a day and stores them; a request reads them, and looks only for what is new.
 */

/** Stories in one file of the site map: two reads. */
export const mapSize = 2_000
/** Files of stories in the site map: it ends after 400,000 stories, with the newest left out. */
const mapsAtMost = 200
/** Positions that one request looks for: enough for 10,000 stories of a day, and for a site without a clock. */
const foundAtMost = 5

/** Continues positions until no file follows, or `more` says stop. `complete` is whether none follows. */
async function continued(
  known: readonly FeedPosition[],
  more: (found: number) => boolean,
): Promise<{ positions: FeedPosition[]; complete: boolean }> {
  const positions = known.slice(0, mapsAtMost - 1)
  for (let found = 0; positions.length < mapsAtMost - 1; found++) {
    if (!more(found)) return { positions, complete: false }
    const next = await findPositionAfter(positions.at(-1) ?? null, mapSize)
    if (!next) break
    positions.push(next)
  }
  return { positions, complete: true }
}

/** Where the second and each later file of the site map begins: {@link foundAtMost} + 1 reads at most. */
export async function readSiteMapPositions(): Promise<FeedPosition[]> {
  const stored = await readMapPositions()
  const known = stored.map(({ at, id }) => ({ publishedAt: at, id }))
  return (await continued(known, found => found < foundAtMost)).positions
}

/** Finds all positions anew and stores them. Returns false, and stores nothing, if the deadline comes first. */
export async function storeSiteMapPositions(deadline: number): Promise<boolean> {
  const { positions, complete } = await continued([], () => Date.now() < deadline)
  if (complete) await putMapPositions(positions.map(({ publishedAt, id }) => ({ at: publishedAt, id })))
  return complete
}
