const { existsSync } = require('node:fs')
const path = require('node:path')
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * About how many seconds the long test files take on two cores. Jest remembers durations only in a cache, so a fresh
 * clone would start the longest file at any time, perhaps last, with one core idle beside it.
 */
const seconds = {
  'web/journeys': 200,
  'gallery/weapp-screens': 165,
  'gallery/web-screens': 150,
  'weapp/reading-bad-input': 150,
  'functions/voting/deletion': 100,
  'weapp/voting': 100,
  'functions/voting/clock': 85,
  'local-cloud/command-line': 85,
  'simulation/simulation': 80,
  'web/hydration': 60,
  'functions/voting/storm': 40,
  'functions/clock-killed': 35,
  'weapp/reading': 65,
  'web/reading': 65,
  'web/hostile-pages': 60,
  'weapp-host/host': 55,
  'web/without-script': 55,
  'weapp/hostile-text': 50,
  'weapp/journeys': 50,
  'functions/voting/rankings': 45,
  'web/offline': 45,
  'weapp/dist': 40,
  'local-cloud/web-sdk': 40,
  'local-cloud/console-journey': 30,
  'local-cloud/database/durability': 30,
  'unit/publishing/body': 30,
  'unit/transfer/import': 28,
  'local-cloud/functions': 25,
  'functions/articles': 25,
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
