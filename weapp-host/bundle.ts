import path from 'node:path'
import { build } from 'esbuild'

const built = new Map<string, Promise<string>>()

/** Bundles one of the host's own entries into a single script. Each entry is bundled once. */
export function bundle(entry: string, globalName?: string): Promise<string> {
  const known = built.get(entry)
  if (known !== undefined) return known
  const script = build({
    entryPoints: [path.join(__dirname, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
    ...(globalName ? { globalName } : {}),
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
  built.set(entry, script)
  return script
}
