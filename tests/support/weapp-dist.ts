import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { built } from './app-cloud'

const dist = path.resolve(__dirname, '../../dist/weapp')

const lock = path.resolve(dist, '../.weapp.lock')
/** A build takes about 20 s. An older lock was left by a process that died. */
const staleAfter = 180_000

/** Only one process builds and the others wait, because jest runs test files in parallel. */
async function withLock(run: () => Promise<void>): Promise<void> {
  fs.mkdirSync(path.dirname(lock), { recursive: true })
  for (;;) {
    try {
      fs.mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > staleAfter) fs.rmSync(lock, { recursive: true, force: true })
      await setTimeout(250)
    }
  }
  try {
    await run()
  } finally {
    fs.rmSync(lock, { recursive: true, force: true })
  }
}

/**
 * The built mini-program as readers get it. If its sources changed, it is built now, in about 20 s. WEAPP_DIST names
 * another build to test in its place.
 */
export async function weappDist(): Promise<string> {
  const given = process.env.WEAPP_DIST
  if (given) return path.resolve(given)
  await withLock(() => built('weapp'))
  return dist
}

export interface DistCopy {
  folder: string
  /** Changes one file. Throws if the file stays the same, so that every planted fault is a real one. */
  edit(file: string, change: (text: string) => string): void
  write(file: string, text: string): void
  remove(): void
}

/** A copy of a build for planting a fault. Remove it when done. */
export function copyDist(from: string): DistCopy {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weapp-dist-'))
  fs.cpSync(from, folder, { recursive: true })
  const at = (file: string) => path.join(folder, file)
  return {
    folder,
    edit(file, change) {
      const before = fs.readFileSync(at(file), 'utf8')
      const after = change(before)
      if (after === before) throw new Error(`nothing to change was found in ${file}`)
      fs.writeFileSync(at(file), after)
    },
    write(file, text) {
      fs.mkdirSync(path.dirname(at(file)), { recursive: true })
      fs.writeFileSync(at(file), text)
    },
    remove() {
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
