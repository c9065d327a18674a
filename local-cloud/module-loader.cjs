'use strict'
const { createHash } = require('node:crypto')
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { createRequire, isBuiltin } = require('node:module')
const { dirname, extname, join } = require('node:path')
const vm = require('node:vm')
const { threadId } = require('node:worker_threads')

/** Compiled scripts by file, once per thread: instances of one thread share byte code too. */
const scripts = new Map()

/** A module of fewer bytes compiles faster than its byte code is looked up. */
const worthKeeping = 200_000

/**
 * The file with the byte code of a module's present text; undefined for a small module. V8 itself only compares the
 * length of the text.
 */
function byteCodeFile(folder, file, names) {
  const { mtimeMs, size } = statSync(file)
  if (size < worthKeeping) return undefined
  const key = [file, mtimeMs, size, names.join(), process.versions.v8].join(' ')
  return join(folder, createHash('sha256').update(key).digest('hex'))
}

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/**
 * Compiles a module's text inside a wrapper, as Node's own loader does. `names` are further parameters of the wrapper:
 * an instance sees its own values under them.
 */
function compile(file, names, read, byteCode) {
  const known = scripts.get(file)
  if (known && known.read === read && known.names === names.join()) return known.script
  const kept = byteCode && read === readText ? byteCodeFile(byteCode, file, names) : undefined
  const cachedData = kept && readIfThere(kept)
  const before = `(function (exports, require, module, __filename, __dirname, ${names.join(', ')}) {`
  const script = new vm.Script(`${before}${read(file).replace(/^#!.*/, '')}\n})`, {
    filename: file,
    columnOffset: -before.length,
    cachedData,
    // Node 20.12 and later: Node's own loader serves dynamic imports.
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const missing = kept && (!cachedData || script.cachedDataRejected) ? kept : undefined
  scripts.set(file, { script, names: names.join(), read, missing })
  return script
}

/** Keeps the byte code that other processes lack. A whole file appears at once: the thread may end at any time. */
function keepByteCode() {
  for (const known of scripts.values()) {
    if (!known.missing) continue
    const part = `${known.missing}.${process.pid}.${threadId}`
    writeFileSync(part, known.script.createCachedData())
    renameSync(part, known.missing)
    known.missing = undefined
  }
}

const readText = file => readFileSync(file, 'utf8')

/**
 * A CommonJS loader whose modules belong to one instance. Another instance of the same thread shares none of them.
 * `process` and `console` are the given ones, also when a module requires them. Node's own modules, JSON and addons
 * come from Node.
 *
 * A simulation also gives `names` (globals that the instance sees in place of Node's, such as `Date`), `modules` (what
 * `require` returns in place of Node's own modules) and `read` (the text of a file). `byteCode` is a folder where byte
 * code is kept for other processes.
 */
function createLoader({ process, console, names = {}, modules = {}, read = readText, byteCode }) {
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
      const run = compile(file, ownNames, read, byteCode).runInThisContext()
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

module.exports = { createLoader, keepByteCode }
