const { TestEnvironment } = require('jest-environment-node')

/**
 * Node, with its own `require` as `requireOnce`. Jest loads every module anew for each test file; what `requireOnce` loads
 * stays loaded in the worker. Its objects belong to another realm than the test's: `toStrictEqual` and `instanceof` see
 * the difference.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    this.global.requireOnce = require
  }
}
