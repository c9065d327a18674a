import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { openDataFolder, requireFree } from '../local-cloud/data-folder'
import { outputs, root } from './targets'

/** The key of the function `editor` on this machine: made once, so that an editor can write it down. */
export function readEditorKey(dataFolder: string): string {
  const file = path.join(dataFolder, 'editor.key')
  mkdirSync(dataFolder, { recursive: true })
  try {
    writeFileSync(file, randomBytes(18).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = readFileSync(file, 'utf8').trim()
  if (key === '') throw new Error(`${file} is empty: delete it, and the next start makes a new key.`)
  return key
}

/** What `npm start` starts the local cloud with: all that was built, and one editor with this key. */
export const cloudOptions = (editorKey: string) => ({
  functionsFolder: outputs.functions,
  rulesFolder: path.join(root, 'cloudfunctions/rules'),
  hostingFolder: outputs.web,
  consoleFolder: outputs.console,
  variables: {
    EDITOR_KEYS: JSON.stringify({ 本机: createHash('sha256').update(editorKey).digest('hex') }),
  },
})

/**
 * Whether a start could take the data folder and the ports, asked before the build: that takes a minute, and makes the
 * simulator's build call this start's port. The cloud takes both itself, afterwards.
 * @throws DataFolderError; the server's EADDRINUSE
 */
export async function checkStart(dataFolder: string, port: number): Promise<void> {
  await requireFree(dataFolder)
  openDataFolder(dataFolder, '').release()
  for (const one of port === 0 ? [] : [port, port + 1]) {
    const server = createServer().listen(one, '127.0.0.1')
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
  }
}

/** What the terminal says of an error that ends the start. */
export function startFailure(error: unknown): string {
  const { code, port } = Object(error) as { code?: unknown; port?: number }
  if (code === 'EADDRINUSE' && port !== undefined)
    return `Port ${port} is taken. Choose another pair: PORT=${port + 10} npm start`
  return error instanceof Error ? error.message : String(error)
}
