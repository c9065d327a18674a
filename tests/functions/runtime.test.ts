import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'acorn'
import { built, startAppCloud } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'

const root = path.resolve(__dirname, '../..')
const functionsFolder = path.join(root, 'dist/cloudfunctions')
const run = promisify(execFile)

/** Parses code with the syntax that the oldest Node of the cloud (18) fully understands. */
const parseForCloud = (source: string) =>
  parse(source, { ecmaVersion: 2022, sourceType: 'script', allowHashBang: true })

/**
 * Runs code in its own Node process, which also reports the deprecations that only newer Node versions report by
 * default.
 */
const node = (code: string, env: NodeJS.ProcessEnv = process.env) =>
  run(process.execPath, ['--pending-deprecation', '-e', code], { cwd: root, env })

describe('the syntax of a built function', () => {
  test('is understood by Node 18 and 20', async () => {
    await built('functions')
    const names = readdirSync(functionsFolder)
    expect(names).toContain('reactions')
    for (const name of names) {
      parseForCloud(readFileSync(path.join(functionsFolder, name, 'index.js'), 'utf8'))
    }
  }, 60_000)

  test('is compiled down where the source uses newer syntax', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kepu-newer-'))
    try {
      const source = `
        export const main = () => { using lock = { [Symbol.dispose]() {} }; return /[\\p{L}--[a-z]]/v.test('科') }`
      mkdirSync(path.join(folder, 'source/newer'), { recursive: true })
      writeFileSync(path.join(folder, 'source/newer/index.ts'), source)
      writeFileSync(path.join(folder, 'source/newer/config.json'), '{}')
      expect(() => parseForCloud(source.replace('export const', 'const'))).toThrow(SyntaxError)
      const folders = [path.join(folder, 'source'), path.join(folder, 'made')].map(name =>
        JSON.stringify(name),
      )
      const build = `require('./config/cloudfunctions.ts').buildCloudFunctions(${folders})`
      await run(process.execPath, ['--import', 'tsx', '-e', build], { cwd: root })
      parseForCloud(readFileSync(path.join(folder, 'made/newer/index.js'), 'utf8'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)
})

describe('a built function on a newer Node', () => {
  let cloud: CloudProcess

  beforeAll(async () => {
    cloud = await startAppCloud()
  }, 60_000)
  afterAll(() => cloud?.stop())

  test('calls nothing that Node reports as deprecated when it reads the database', async () => {
    const { stdout, stderr } = await node(
      `require('./dist/cloudfunctions/content/index.js').main({ action: 'readHome', data: {} }, {})
        .then(reply => console.log(reply.ok))`,
      { ...process.env, ...cloud.adminEnv },
    )
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' })
  }, 60_000)

  test('is reported when it calls something deprecated', async () => {
    const { stderr } = await node(`require('url').parse('http://127.0.0.1/')`)
    expect(stderr).toContain('DEP0169')
  })
})
