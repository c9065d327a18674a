import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildCloudFunctions } from '../../../config/cloudfunctions'

const functions = path.resolve(__dirname, '../../../cloudfunctions')
const configs = readdirSync(functions)
  .map(name => [name, path.join(functions, name, 'config.json')] as const)
  .filter(([, file]) => existsSync(file))

test.each(configs)('%s has time for a cold start and a read that the SDK repeats after 1.5 s', (_, file) => {
  const { timeout } = JSON.parse(readFileSync(file, 'utf8'))
  expect(timeout).toBeGreaterThanOrEqual(5)
  // The longest that a function may run.
  expect(timeout).toBeLessThanOrEqual(60)
})

test.each([
  ['https://kepu.example/', 'https://kepu.example'],
  ['https://kepu.example', 'https://kepu.example'],
  [undefined, ''],
])('functions that are built for the site %s put its paths behind %j', async (site, origin) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'functions-'))
  try {
    const source = path.join(folder, 'source')
    mkdirSync(path.join(source, 'one'), { recursive: true })
    writeFileSync(path.join(source, 'one', 'index.ts'), 'export const main = (): string => SITE_ORIGIN\n')
    writeFileSync(path.join(source, 'one', 'config.json'), '{}')
    await buildCloudFunctions(source, path.join(folder, 'built'), site)
    const text = readFileSync(path.join(folder, 'built', 'one', 'index.js'), 'utf8')
    expect(text).toContain(JSON.stringify(origin))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
