import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'

const { subset } = require('semver-7') as { subset(ours: string, theirs: string): boolean }

const root = path.resolve(__dirname, '../..')
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

const Engines = v.object({ node: v.string() })
const Lock = v.object({
  packages: v.record(
    v.string(),
    v.object({ engines: v.fallback(v.optional(Engines), undefined), os: v.optional(v.array(v.string())) }),
  ),
})

/** Packages that do not run on every Node version of a range. Those for one platform only are optional. */
function tooNew(range: string): string[] {
  const { packages } = v.parse(Lock, read('package-lock.json'))
  return Object.entries(packages).flatMap(([name, { engines, os }]) =>
    engines && !os && !subset(range, engines.node) ? [`${name}: ${engines.node}`] : [],
  )
}

test('every package runs on every Node version that package.json names', () => {
  const { engines } = v.parse(v.object({ engines: Engines }), read('package.json'))
  expect(tooNew(engines.node)).toEqual([])
  expect(tooNew('^20.11')).not.toEqual([])
})
