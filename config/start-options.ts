import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
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

/** What the terminal says of an error that ends the start. */
export function startFailure(error: unknown): string {
  const { code, port } = Object(error) as { code?: unknown; port?: number }
  if (code === 'EADDRINUSE' && port !== undefined)
    return `Port ${port} is taken. Choose another pair: PORT=${port + 10} npm start`
  return error instanceof Error ? error.message : String(error)
}
