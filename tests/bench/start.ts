import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Figure } from './figure'

const root = path.resolve(__dirname, '../..')

/** The files of a checkout, without anything that is built. */
const sources = [
  'babel.config.js',
  'cloudfunctions',
  'config',
  'local-cloud',
  'package-lock.json',
  'package.json',
  'project.config.json',
  'src',
  'stories',
  'tsconfig.base.json',
  'tsconfig.json',
  'tsconfig.node.json',
]

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()))
    })
  })
}

/** Seconds from `npm start` until the page answers. */
async function secondsToPage(folder: string, port: number): Promise<number> {
  const begun = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  let running = true
  void ended.then(() => {
    running = false
  })
  try {
    while (running) {
      const reply = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
      if (reply?.ok) return (performance.now() - begun) / 1000
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error('npm start ended before its page answered')
  } finally {
    if (running && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await ended
  }
}

/** start.first and start.again, in a copy of the sources with dependencies installed and nothing built. */
export async function measureStart(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'start-'))
  try {
    for (const name of sources) cpSync(path.join(root, name), path.join(folder, name), { recursive: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    const port = await freePort()
    const how = 'npm start in a fresh copy of the sources until / answers'
    return [
      { name: 'start.first', value: await secondsToPage(folder, port), unit: 's', how },
      {
        name: 'start.again',
        value: await secondsToPage(folder, port),
        unit: 's',
        how: `${how}, a second time`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
