import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** On the server, pages have no styles. */
export const noStyles: Plugin = {
  name: 'no-styles',
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, () => ({ contents: '', loader: 'js' }))
  },
}

/** Compiles the pages' styles. `apart` is a sheet with a file of its own: other files omit the sheets that it uses. */
export const webStyles = (apart: string): Plugin => ({
  name: 'web-styles',
  setup(build) {
    const used = new Set(sass.compile(apart).loadedUrls.map(url => fileURLToPath(url)))
    build.onLoad({ filter: /\.scss$/ }, ({ path: file }) => ({
      contents: used.has(file) && file !== apart ? '' : sass.compile(file).css,
      loader: 'css',
      resolveDir: path.dirname(file),
    }))
  },
})
