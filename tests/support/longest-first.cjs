const { existsSync } = require('node:fs')
const path = require('node:path')
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * About how many seconds the long test files take on two cores. Jest remembers durations only in a cache, so a fresh
 * clone would start the longest file at any time, perhaps last, with one core idle beside it.
 */
const seconds = {
  'gallery/weapp-screens': 70,
  'weapp/voting': 44,
  'weapp/reading-bad-input': 42,
  'unit/publishing/body': 38,
  'weapp/hostile-text': 36,
  'web/journeys': 36,
  'unit/transfer/import': 35,
  'weapp/reading': 35,
  'gallery/web-screens': 34,
  'functions/voting/deletion': 32,
  'weapp-host/host': 32,
  'weapp/dist': 31,
  'simulation/simulation': 27,
  'local-cloud/console-journey': 27,
  'web/without-script': 27,
  'web/files': 25,
  'web/reading': 24,
  'functions/clock-killed': 22,
  'web/hydration': 22,
  'unit/readme': 21,
  'functions/content/reading': 21,
  'functions/voting/rankings': 20,
  'weapp/journeys': 20,
  'web/offline': 20,
  'web/hostile-pages': 19,
  'local-cloud/functions': 19,
  'functions/voting/clock': 18,
  'functions/clock-status': 17,
  'functions/topics-and-polls': 17,
  'functions/publishing': 16,
  'weapp/mini-codes': 16,
  'functions/previews': 15,
  'local-cloud/database/indexes': 15,
  'local-cloud/command-line': 15,
  'functions/callers': 13,
  'weapp/optional-apis': 13,
}
const tests = path.resolve(__dirname, '..')
const known = new Map(
  Object.entries(seconds).map(([name, duration]) => [path.join(tests, `${name}.test.ts`), duration]),
)
for (const file of known.keys())
  if (!existsSync(file)) throw new Error(`longest-first.cjs names ${file}, which is not there`)

/** Whether a file keeps a core busy with a browser. The others wait much of their time for clouds and processes. */
const isDrawn = file => /\/tests\/(gallery|web|weapp|weapp-host)\//.test(file)

module.exports = class LongestFirst extends Sequencer {
  /**
   * The named files, longest first, one that keeps a core busy and one that mostly waits by turns: three workers share
   * two cores. Then the others as jest sorts them.
   */
  sort(files) {
    const longest = files
      .filter(({ path: file }) => known.has(file))
      .sort((a, b) => known.get(b.path) - known.get(a.path))
    const others = files.filter(({ path: file }) => !known.has(file))
    const drawn = longest.filter(({ path: file }) => isDrawn(file))
    const waiting = longest.filter(({ path: file }) => !isDrawn(file))
    const turns = Array.from({ length: longest.length }, (_, n) => [drawn[n], waiting[n]]).flat()
    return [...turns.filter(Boolean), ...super.sort(others)]
  }
}
