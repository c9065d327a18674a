import type { Plugin } from 'esbuild'

/**
 * Packages in a bundle call `url.parse()`, which Node 24 reports (DEP0169) unless the caller lies in node_modules: one
 * line of Node's in every function's log. The SDK signs requests by its exact results, so the call stays; here it does
 * what Node's own does (lib/url.js: urlParse, urlResolve, urlFormat), without the report.
 */
const replacement = `
const url = require('node:url')
const parse = (input, parseQuery, slashesDenoteHost) => {
  if (input instanceof url.Url) return input
  const parsed = new url.Url()
  parsed.parse(input, parseQuery, slashesDenoteHost)
  return parsed
}
const resolve = (from, to) => parse(from, false, true).resolve(to)
const resolveObject = (from, to) => (from ? parse(from, false, true).resolveObject(to) : to)
const format = (input, options) => url.format(typeof input === 'string' ? parse(input) : input, options)
module.exports = { ...url, parse, resolve, resolveObject, format }
`

export function silentUrlParse(): Plugin {
  return {
    name: 'silent-url-parse',
    setup(build) {
      build.onResolve({ filter: /^(node:)?url$/ }, ({ importer }) =>
        /[\\/]node_modules[\\/]/.test(importer) ? { path: 'url', namespace: 'silent-url' } : undefined,
      )
      build.onLoad({ filter: /.*/, namespace: 'silent-url' }, () => ({ contents: replacement, loader: 'js' }))
    },
  }
}
