import path from 'node:path'
import { defineConfig } from '@tarojs/cli'
import manifest from '../package.json'
import { preferVariantFiles } from './plugins/variant-files'
import { writeLicences } from './plugins/webpack-licences'
import { weappConstants } from './weapp-constants'

/**
 * KEPU_TARGET=local builds the mini-program that calls the local cloud with wx.request. Any other value builds the real
 * one; KEPU_CLOUD_ENV names its cloud environment (empty: the app's default environment).
 */
const isLocal = process.env.KEPU_TARGET === 'local'
const outputRoot = isLocal ? 'dist/weapp-local' : 'dist/weapp'
const variants = isLocal ? ['local'] : []

/**
 * Taro switches these steps of terser off (webpack5-runner/dist/webpack/MiniBaseConfig.js); terser's own default is on.
 * They save 1.3 KB of the zipped main package.
 */
const terserDefaults = {
  arrows: true,
  collapse_vars: true,
  comparisons: true,
  computed_props: true,
  directives: true,
  hoist_props: true,
  inline: true,
  loops: true,
  negate_iife: true,
  properties: true,
  reduce_funcs: true,
  reduce_vars: true,
  switches: true,
  typeofs: true,
}

export default defineConfig({
  projectName: 'kepu-cloud',
  date: '2026-11-22',
  // Pixels are not converted: text has the same size on a phone, a tablet and a desktop.
  designWidth: 375,
  deviceRatio: { 375: 2 },
  sourceRoot: 'src',
  outputRoot,
  plugins: [
    path.resolve(__dirname, 'plugins/aria.ts'),
    path.resolve(__dirname, 'plugins/single-page-guard.ts'),
    path.resolve(__dirname, 'plugins/closed-inputs.ts'),
    path.resolve(__dirname, 'plugins/unused-components.ts'),
    path.resolve(__dirname, 'plugins/lean-runtime.ts'),
  ],
  defineConstants: weappConstants(manifest.version),
  // WeChat reads the tab bar's icons through theme.json, where Taro does not look for files to copy (NervJS/taro 13272).
  copy: {
    patterns: [
      { from: 'src/assets/tab/', to: `${outputRoot}/assets/tab/` },
      // Neither does Taro look at `sitemapLocation`.
      { from: 'src/sitemap.json', to: `${outputRoot}/sitemap.json` },
    ],
    options: {},
  },
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  logger: { quiet: true, stats: false },
  jsMinimizer: 'terser',
  terser: {
    enable: true,
    config: {
      compress: { drop_console: true, passes: 3, ecma: 2017, ...terserDefaults },
      output: { comments: false, ascii_only: false },
    },
  },
  mini: {
    // Deeper nesting inserts <comp> nodes, which break flex and styles. A test counts the depth.
    // @ts-expect-error the weapp template reads it, but the types of 4.2.1 lack it
    baseLevel: 8,
    // valibot's build uses newer syntax than the phones of browserslist know.
    compile: { include: [(file: string) => /node_modules[\\/]valibot[\\/]/.test(file)] },
    minifyXML: { collapseWhitespace: true },
    // No page sets innerHTML, so the package needs no HTML parser.
    runtime: { enableInnerHTML: false },
    // `subRenderFn` of compile mode needs the webpack5 compiler; with vite the templates are never written.
    experimental: { compileMode: true },
    postcss: { pxtransform: { enable: false, config: {} } },
    imageUrlLoaderOption: { limit: 2048 },
    webpackChain(chain) {
      preferVariantFiles(chain, variants)
      // Webpack's own code, for the phones of browserslist.
      chain.output.merge({ environment: { arrowFunction: true, const: true, destructuring: true } })
      // Outside the package, so that phones do not load it.
      writeLicences(chain, `${outputRoot}.LICENSES.txt`)
    },
  },
})
