import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'esbuild'
import * as sass from 'sass'

const sources = path.resolve(__dirname, '../../src') + path.sep

/** Marks a resolution that this plugin itself requested. */
const inner = Symbol('inner')

/** Uses `x.h5.ts` in place of `x.ts`, however it is imported; the variant itself may import the file it replaces. */
export const webVariants: Plugin = {
  name: 'web-variants',
  setup(build) {
    build.onResolve({ filter: /^[.#]/ }, async ({ path: wanted, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === inner || kind === 'entry-point') return undefined
      const found = await build.resolve(wanted, { importer, resolveDir, kind, pluginData: inner })
      if (found.errors.length > 0 || !found.path.startsWith(sources)) return found
      const variant = found.path.replace(/\.(tsx?)$/, '.h5.$1')
      return variant !== found.path && variant !== importer && existsSync(variant)
        ? { ...found, path: variant }
        : found
    })
  },
}

/** Styles of the pages: compiled for the browser, nothing for the server. */
export const webStyles = (wanted: boolean): Plugin => ({
  name: 'web-styles',
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path: file }) =>
      wanted
        ? { contents: sass.compile(file).css, loader: 'css', resolveDir: path.dirname(file) }
        : { contents: '', loader: 'js' },
    )
  },
})
