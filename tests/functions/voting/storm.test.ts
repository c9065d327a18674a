import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { storm } from '../../bench/votes-storm'
import { startAppCloud } from '../../support/app-cloud'

test('sixty readers, with workers and the gateway killed and restarted: no vote is lost, doubled or undone', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'storm-'))
  try {
    const build = {
      folder,
      start: (options = {}) => startAppCloud({ ...options, args: ['--no-timers', '--instances', '8'] }),
    }
    const readers = 60
    expect(await storm(build, readers)).toMatchObject({ answered: readers, lost: 0, double: 0, stale: 0 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 180_000)
