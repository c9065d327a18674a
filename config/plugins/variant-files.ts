import fs from 'node:fs'
import path from 'node:path'
import webpack from 'webpack'
import type { Chain } from './webpack-chain'

interface Resolved {
  createData?: { resource?: string }
}

/**
 * Replaces `x.ts` by `x.local.ts` in a build of that kind. Taro's own rule covers only relative imports without an
 * extension. Our imports come through package.json#imports, which name the file exactly.
 */
export function preferVariantFiles(chain: Chain, variants: readonly string[]): void {
  if (variants.length === 0) return
  const sources = path.resolve(__dirname, '../../src') + path.sep
  chain.plugin('prefer-variant-files').use(webpack.NormalModuleReplacementPlugin, [
    /\.tsx?$/,
    (result: Resolved) => {
      const resource = result.createData?.resource
      if (!result.createData || !resource?.startsWith(sources)) return
      for (const variant of variants) {
        const candidate: string = resource.replace(/\.(tsx?)$/, `.${variant}.$1`)
        if (candidate !== resource && fs.existsSync(candidate)) {
          result.createData.resource = candidate
          return
        }
      }
    },
  ])
}
