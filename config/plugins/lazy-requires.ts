import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/**
 * A cold function loads the SDK before it answers, but most of the SDK (AI, MySQL, storage, tickets, axios) is never used.
 * This delays a top-level `require` in the SDK's compiled modules until its value is first used, like `lazy` of Babel's
 * CommonJS transform. It relies on their form `name_1.something` and changes nothing else: a re-export or a base class
 * still loads at once.
 */
const topRequire =
  /^(?:const|let|var) (\w+) = ((?:(?:tslib_1\.)?__import(?:Default|Star)\()?require\("([^"]+)"\)\)?);$/gm

/** Exported for its test. */
export function makeLazy(source: string): string {
  const names: string[] = []
  const declared = source.replace(topRequire, (whole, name: string, expression: string, from: string) => {
    // A name without the suffix may mean something else in the file. Node's own modules are loaded anyway.
    if (!name.endsWith('_1') || from.startsWith('node:')) return whole
    names.push(name)
    return `let ${name}$; const ${name} = () => (${name}$ === undefined ? (${name}$ = ${expression}) : ${name}$);`
  })
  return names.reduce(
    // The brackets matter: `new name().Thing()` would construct `name`.
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
