'use strict'
const { readFileSync } = require('node:fs')
const { createRequire, isBuiltin } = require('node:module')
const { dirname, extname } = require('node:path')
const vm = require('node:vm')

/** The wrapper of a module's text, as in Node's own loader. `process` and `console` are the instance's own. */
const before = '(function (exports, require, module, __filename, __dirname, process, console) {'

/** Compiled scripts by file, once per thread: instances of one thread share byte code too. */
const scripts = new Map()

function compile(file) {
  const known = scripts.get(file)
  if (known) return known
  const script = new vm.Script(`${before}${readFileSync(file, 'utf8').replace(/^#!.*/, '')}\n})`, {
    filename: file,
    columnOffset: -before.length,
    // Node 20.12 and later: Node's own loader serves dynamic imports.
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  scripts.set(file, script)
  return script
}

/**
 * A CommonJS loader whose modules belong to one instance. Another instance of the same thread shares none of them.
 * `process` and `console` are the given ones, also when a module requires them. Node's own modules, JSON and addons
 * come from Node.
 */
function createLoader({ process, console }) {
  const loaded = new Map()

  function load(file) {
    const known = loaded.get(file)
    if (known) return known.exports
    const realRequire = createRequire(file)
    if (extname(file) !== '.js' && extname(file) !== '.cjs') return realRequire(file)
    const module = { id: file, filename: file, exports: {}, loaded: false, children: [], paths: [] }
    const requireFrom = name => {
      if (name === 'process' || name === 'node:process') return process
      if (name === 'console' || name === 'node:console') return console
      return isBuiltin(name) ? realRequire(name) : load(realRequire.resolve(name))
    }
    module.require = Object.assign(requireFrom, { resolve: realRequire.resolve, cache: {}, main: undefined })
    loaded.set(file, module)
    try {
      const run = compile(file).runInThisContext()
      run.call(module.exports, module.exports, module.require, module, file, dirname(file), process, console)
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
