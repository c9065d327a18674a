'use strict'
const { readFileSync } = require('node:fs')
const { createRequire, isBuiltin } = require('node:module')
const { dirname, extname } = require('node:path')
const vm = require('node:vm')

/** Compiled scripts by file, once per thread: instances of one thread share byte code too. */
const scripts = new Map()

/**
 * Compiles a module's text inside a wrapper, as Node's own loader does. `names` are further parameters of the wrapper:
 * an instance sees its own values under them.
 */
function compile(file, names, read) {
  const known = scripts.get(file)
  if (known && known.read === read && known.names === names.join()) return known.script
  const before = `(function (exports, require, module, __filename, __dirname, ${names.join(', ')}) {`
  const script = new vm.Script(`${before}${read(file).replace(/^#!.*/, '')}\n})`, {
    filename: file,
    columnOffset: -before.length,
    // Node 20.12 and later: Node's own loader serves dynamic imports.
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  scripts.set(file, { script, names: names.join(), read })
  return script
}

const readText = file => readFileSync(file, 'utf8')

/**
 * A CommonJS loader whose modules belong to one instance. Another instance of the same thread shares none of them.
 * `process` and `console` are the given ones, also when a module requires them. Node's own modules, JSON and addons
 * come from Node.
 *
 * A simulation also gives `names` (globals that the instance sees in place of Node's, such as `Date`), `modules` (what
 * `require` returns in place of Node's own modules) and `read` (the text of a file).
 */
function createLoader({ process, console, names = {}, modules = {}, read = readText }) {
  const own = { process, console, ...names }
  const ownModules = { process, console, ...modules }
  const ownNames = Object.keys(own)
  const ownValues = Object.values(own)
  const loaded = new Map()

  function load(file) {
    const known = loaded.get(file)
    if (known) return known.exports
    const realRequire = createRequire(file)
    if (extname(file) !== '.js' && extname(file) !== '.cjs') return realRequire(file)
    const module = { id: file, filename: file, exports: {}, loaded: false, children: [], paths: [] }
    const requireFrom = name => {
      const bare = name.replace(/^node:/, '')
      if (Object.hasOwn(ownModules, bare)) return ownModules[bare]
      return isBuiltin(name) ? realRequire(name) : load(realRequire.resolve(name))
    }
    module.require = Object.assign(requireFrom, { resolve: realRequire.resolve, cache: {}, main: undefined })
    loaded.set(file, module)
    try {
      const run = compile(file, ownNames, read).runInThisContext()
      run.call(module.exports, module.exports, module.require, module, file, dirname(file), ...ownValues)
      module.loaded = true
      return module.exports
    } catch (error) {
      loaded.delete(file)
      throw error
    }
  }

  return { load }
}

module.exports = { createLoader }
