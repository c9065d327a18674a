import type { World } from '../world'
import type { Checker } from './checker'

/** What readers told the checker of the stories that they opened by a mark. */
export interface ShareLedger {
  /** A reader's phone tells the cloud of an opening. */
  tried(reader: string, mark: string): void
  /** The cloud said that it is recorded. */
  recorded(reader: string, mark: string): void
}

/** An opening counts once for each reader and mark, and one that was answered is never lost. */
export function watchShares(world: World): Checker & ShareLedger {
  const tried = new Map<string, Set<string>>()
  const recorded = new Map<string, Set<string>>()
  const note = (all: Map<string, Set<string>>, mark: string, reader: string): void => {
    const known = all.get(mark) ?? new Set()
    known.add(reader)
    all.set(mark, known)
  }
  function check(): void {
    const rows = new Map(world.rows.in('shares').map(row => [row._id, row]))
    for (const [mark, readers] of tried) {
      const row = rows.get(mark)
      const opened = Number(row?.opened ?? 0)
      const kept = Object.keys((row?.openings ?? {}) as object).length
      const ways = Object.values((row?.ways ?? {}) as Record<string, number>).reduce(
        (sum, way) => sum + way,
        0,
      )
      if (opened !== kept || opened !== ways)
        world.problem(`mark ${mark} counts ${opened} openings, and keeps ${kept} in ${ways} ways`)
      if (opened > readers.size)
        world.problem(`mark ${mark} counts ${opened} openings of ${readers.size} readers`)
      const answered = recorded.get(mark)?.size ?? 0
      if (opened < answered) world.problem(`mark ${mark} counts ${opened} openings, but answered ${answered}`)
    }
  }
  return {
    tried: (reader, mark) => note(tried, mark, reader),
    recorded: (reader, mark) => note(recorded, mark, reader),
    changed(changes) {
      if (changes.some(({ collection }) => collection === 'shares')) check()
    },
    restarted: check,
    end: check,
  }
}
