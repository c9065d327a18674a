const { existsSync } = require('node:fs')
const path = require('node:path')
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * About how many seconds the long test files take on two cores. Jest remembers durations only in a cache, so a fresh
 * clone would start the longest file at any time, perhaps last, with one core idle beside it.
 */
const seconds = {
  'gallery/weapp-screens': 110,
  'web/journeys': 100,
  'gallery/web-screens': 75,
  'web/hydration': 65,
  'functions/voting/deletion': 60,
  'weapp/reading-bad-input': 60,
  'weapp/voting': 55,
  'functions/voting/storm': 50,
  'weapp/reading': 45,
  'weapp-host/host': 40,
  'web/offline': 35,
  'web/without-script': 35,
  'web/reading': 35,
  'functions/voting/rankings': 30,
  'weapp/journeys': 30,
  'weapp/dist': 30,
  'local-cloud/command-line': 30,
  'local-cloud/functions': 25,
  'local-cloud/web-sdk': 22,
  'functions/voting/clock': 20,
  'functions/articles': 20,
  'functions/content/reading': 20,
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
