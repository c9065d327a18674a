import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/**
 * A cold function loads the SDK before it answers anyone, and most of the SDK (AI, MySQL, storage, tickets, axios) is
 * never used. So in the SDK's own compiled modules a `require` at the top waits until its value is first used: what
 * Babel's CommonJS transform calls `lazy`. Their code reads every import as `name_1.something`, and nothing else is
 * touched: a re-export or a base class still loads what it needs at once.
 */
const topRequire =
  /^(?:const|let|var) (\w+) = ((?:(?:tslib_1\.)?__import(?:Default|Star)\()?require\("([^"]+)"\)\)?);$/gm

/** Exported for its test. */
export function makeLazy(source: string): string {
  const names: string[] = []
  const declared = source.replace(topRequire, (whole, name: string, expression: string, from: string) => {
    // Without its suffix a name could be something else in the file; Node's own modules are loaded anyway.
    if (!name.endsWith('_1') || from.startsWith('node:')) return whole
    names.push(name)
    return `let ${name}$; const ${name} = () => (${name}$ === undefined ? (${name}$ = ${expression}) : ${name}$);`
  })
  return names.reduce(
    // In brackets: `new name().Thing()` would make a new name.
    (text, name) => text.replace(new RegExp(`(?<![\\w$.])${name}\\.`, 'g'), `(${name}()).`),
    declared,
  )
}

export function lazyRequires(packages: RegExp): Plugin {
  return {
    name: 'lazy-requires',
    setup(build) {
      build.onLoad({ filter: packages }, async ({ path }) => ({
        contents: makeLazy(await readFile(path, 'utf8')),
        loader: 'js',
      }))
    },
  }
}
