const path = require('node:path')

/** Plain JavaScript: of TypeScript, Taro compiles only the plugin files themselves, not what they import. */
exports.addLoader = (chain, name, files, options = {}) => {
  const loader = path.resolve(__dirname, `${name}-loader.js`)
  chain.module.rule(name).test(files).use(name).loader(loader).options(options)
}
