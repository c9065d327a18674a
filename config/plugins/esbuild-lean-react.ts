import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'acorn'
import type { Plugin } from 'esbuild'
import { importedFromReact } from './lean-runtime'

const production =
  /node_modules[\\/](?:react|react-dom|scheduler)[\\/]cjs[\\/](?:react|react-dom|scheduler)\.production\.min\.js$/

/** A CommonJS module without the exports that are not among `used`. What only they call is left to the minifier. */
export function withoutExports(source: string, used: ReadonlySet<string>, file: string): string {
  const dropped: { start: number; end: number }[] = []
  for (const statement of parse(source, { ecmaVersion: 2022 }).body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
      continue
    const { left } = statement.expression
    if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') continue
    if (left.object.name !== 'exports' || left.property.type !== 'Identifier') continue
    if (!used.has(left.property.name)) dropped.push(statement)
  }
  if (dropped.length === 0) throw new Error(`lean react: no export that nothing uses in ${file}`)
  let text = ''
  let at = 0
  for (const { start, end } of dropped) {
    text += source.slice(at, start)
    at = end
  }
  return text + source.slice(at)
}

/** What a module reads of a package that it requires, by name. */
export function readOf(source: string, name: string): string[] {
  const variable = new RegExp(`([\\w$]+)=require\\("${name}"\\)`).exec(source)?.[1]
  if (variable === undefined) throw new Error(`lean react: the renderer requires no ${name}`)
  return [...source.matchAll(new RegExp(`(?<![\\w$.])${variable.replace('$', '\\$')}\\.(\\w+)`, 'g'))].map(
    ([, word = '']) => word,
  )
}

/** Leaves out of the site's script the exports of React, its renderer and its scheduler that nothing uses. */
export const leanReact = (sources: string): Plugin => ({
  name: 'lean-react',
  setup(build) {
    const cjs = path.join(path.dirname(require.resolve('react-dom')), 'cjs')
    const renderer = readFileSync(path.join(cjs, 'react-dom.production.min.js'), 'utf8')
    const used: Readonly<Record<string, readonly string[]>> = {
      // The internals that all three share are among what the renderer reads.
      react: [...importedFromReact(sources), ...readOf(renderer, 'react')],
      'react-dom': ['createRoot', 'hydrateRoot', '__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED'],
      scheduler: readOf(renderer, 'scheduler'),
    }
    build.onLoad({ filter: production }, async ({ path: file }) => {
      const [name = ''] = path.basename(file).split('.')
      const source = await readFile(file, 'utf8')
      return { contents: withoutExports(source, new Set(used[name]), file), loader: 'js' }
    })
  },
})
