const { TestEnvironment } = require('jest-environment-node')

/**
 * Node, with two globals. `requireOnce` is Node's own `require`: jest loads every module anew for each test file; what
 * `requireOnce` loads stays loaded in the worker. Its objects belong to another realm than the test's: `toStrictEqual`
 * and `instanceof` see the difference. `leftRunning` holds how to end each process that the test file has started: after
 * a `beforeAll` that timed out, no `afterAll` knows of them, and they would keep the worker from exiting.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    this.global.requireOnce = require
    this.leftRunning = new Set()
    this.global.leftRunning = this.leftRunning
  }

  async teardown() {
    await Promise.allSettled([...this.leftRunning].map(end => end()))
    await super.teardown()
  }
}
