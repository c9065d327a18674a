'use strict'
const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

/**
 * Runs a bundle with the byte code that lies beside it. Without any it compiles as usual, and with KEEP_BYTE_CODE it
 * leaves its byte code behind at its end.
 */
module.exports = file => {
  const kept = `${file}.${process.versions.v8}`
  let cachedData
  try {
    cachedData = readFileSync(kept)
  } catch {
    // The first start.
  }
  const text = `(function (exports, require, module, __filename) {${readFileSync(file, 'utf8')}\n})`
  const script = new vm.Script(text, {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  if (process.env.KEEP_BYTE_CODE && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => {
      const part = `${kept}.${process.pid}`
      writeFileSync(part, script.createCachedData())
      renameSync(part, kept)
    })
  }
  const module = { exports: {} }
  const run = script.runInThisContext()
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file))
}
