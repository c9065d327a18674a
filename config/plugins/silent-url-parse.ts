import type { Plugin } from 'esbuild'

/**
 * Packages in a bundle call `url.parse()`. Node 24 reports this (DEP0169) unless the caller lies in node_modules, and
 * each function would log one line. The SDK's request signatures depend on its exact results, so the call stays. This
 * replaces it by the same steps without the report (lib/url.js: urlParse, urlResolve, urlFormat).
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
