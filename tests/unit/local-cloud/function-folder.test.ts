import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFunction, listFunctions, versionOf } from '../../../local-cloud/function-folder'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Lays a built function on disk. */
function built(name: string, config?: unknown): void {
  mkdirSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, name, 'index.js'), '')
  if (config !== undefined)
    writeFileSync(
      path.join(folder, name, 'config.json'),
      typeof config === 'string' ? config : JSON.stringify(config),
    )
}

test('a config.json is read with the platform’s defaults and bounds', () => {
  const standard = { timeout: 3, memorySize: 256, triggers: [], permissions: { openapi: [] } }
  const configOf = (config?: unknown) => {
    built('one', config)
    return findFunction(folder, 'one').config
  }
  expect(configOf()).toEqual(standard)
  expect(configOf({})).toEqual(standard)
  const own = {
    ...{ timeout: 60, memorySize: 128, permissions: { openapi: ['wxacode.getUnlimited'] } },
    triggers: [{ name: 'tick', type: 'timer', config: '0 * * * * * *' }],
  }
  expect(configOf({ ...own, more: 1 })).toEqual(own)
  expect(configOf({ timeout: 1, memorySize: 3072, permissions: {} })).toEqual({
    ...standard,
    ...{ timeout: 1, memorySize: 3072 },
  })
  for (const wrong of [
    '{',
    { timeout: 61 },
    { timeout: 0 },
    { memorySize: 127 },
    { memorySize: 3073 },
    { triggers: [{ name: 'tick', type: 'http', config: '' }] },
  ])
    expect(() => configOf(wrong)).toThrow(`${path.join(folder, 'one/config.json')}: `)
})

test('all built functions are listed by name; one that cannot be read is told and left out', () => {
  for (const name of ['second', 'first', '.hidden', 'a b']) built(name)
  built('broken', '{')
  mkdirSync(path.join(folder, 'unbuilt'))
  writeFileSync(path.join(folder, 'notes'), '')
  const told: string[] = []
  expect(listFunctions(folder, line => told.push(line)).map(({ name }) => name)).toEqual(['first', 'second'])
  expect(told).toEqual([expect.stringContaining('broken/config.json')])
  expect(listFunctions(path.join(folder, 'none'), line => told.push(line))).toEqual([])
  expect(told).toHaveLength(1)
})

test('a name that is no function, or is not built, is not found, and the error says why', () => {
  for (const name of ['..', 'a/b', '1st', '', `a${'b'.repeat(60)}`])
    expect(() => findFunction(folder, name)).toThrow(`${JSON.stringify(name)} is not a function name`)
  const longest = `a${'b'.repeat(59)}`
  expect(() => findFunction(folder, longest)).toThrow('is it built?')
  built(longest)
  expect(findFunction(folder, longest)).toMatchObject({ name: longest, folder: path.join(folder, longest) })
})

test('a version changes with the code and with the configuration, and is none while a build writes', () => {
  built('one')
  const before = findFunction(folder, 'one')
  expect(versionOf(before)).toBe(before.version)
  utimesSync(path.join(folder, 'one/index.js'), 1, 1)
  const rebuilt = versionOf(before)
  expect(rebuilt).not.toBe(before.version)
  built('one', {})
  utimesSync(path.join(folder, 'one/index.js'), 1, 1)
  expect(versionOf(before)).not.toBe(rebuilt)
  expect(findFunction(folder, 'one').version).toBe(versionOf(before))
  rmSync(path.join(folder, 'one/index.js'))
  expect(versionOf(before)).toBeNull()
})
