import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { built } from '../support/app-cloud'

const root = path.resolve(__dirname, '../..')
const run = promisify(execFile)

/**
 * Every module that functions ship, without the build's own plugins: what minifySyntax drops is not shipped (devlop's
 * empty assertions). esbuild refuses to run inside jest's
 * realm.
 */
async function modulesOf(names: readonly string[]): Promise<Record<string, string[]>> {
  const code = `
    const { build } = require('esbuild')
    const modulesOf = async name => {
      const { metafile } = await build({ entryPoints: ['cloudfunctions/' + name + '/index.ts'], outdir: 'nowhere',
        bundle: true, platform: 'node', minifySyntax: true, jsx: 'automatic', write: false, metafile: true, logLevel: 'silent' })
      const [{ inputs }] = Object.values(metafile.outputs)
      return [name, Object.keys(inputs).filter(file => inputs[file].bytesInOutput > 0)]
    }
    Promise.all(${JSON.stringify(names)}.map(modulesOf)).then(all => console.log(JSON.stringify(Object.fromEntries(all))))`
  const { stdout } = await run(process.execPath, ['-e', code], { cwd: root, maxBuffer: 64 << 20 })
  return JSON.parse(stdout)
}

test('each function ships the licences of every package it bundles', async () => {
  await built('functions')
  const folder = path.join(root, 'dist/cloudfunctions')
  // The site's function is bundled with the pages and has its own rules: the next test covers it.
  const names = readdirSync(folder).filter(name => name !== 'web')
  for (const [name, modules] of Object.entries(await modulesOf(names))) {
    const text = readFileSync(path.join(folder, name, 'LICENSES.txt'), 'utf8')
    const packages = new Set(
      modules.flatMap(file => /^.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []),
    )
    expect(packages.size).toBeGreaterThan(80)
    for (const home of packages) {
      const { name: title, version } = JSON.parse(readFileSync(path.join(root, home, 'package.json'), 'utf8'))
      expect(text).toContain(`\n${title} ${version}`)
      const licence = path.join(root, home, 'LICENSE')
      if (existsSync(licence)) expect(text).toContain(readFileSync(licence, 'utf8').trim())
    }
    // Not packages of their own: the SDK and CloudBase's client contain them, and the build adds its helpers.
    expect(text).toMatch(/\nesbuild \d/)
    expect(text).toContain('Copyright JS Foundation and other contributors')
    expect(text).toContain('Denis Pushkarev (zloirock.ru)')
    expect(text).toContain('Copyright (c) Microsoft Corporation.')
  }
}, 60_000)

test('the site and its function name what they bundle', async () => {
  await built('web')
  const inFunction = readFileSync(path.join(root, 'dist/cloudfunctions/web/LICENSES.txt'), 'utf8')
  const inScript = readFileSync(path.join(root, 'dist/web/assets/LICENSES.txt'), 'utf8')
  for (const name of ['react', 'react-dom', 'valibot', 'wx-server-sdk'])
    expect(inFunction).toContain(`\n${name} `)
  for (const name of ['react', 'react-dom', 'scheduler', 'valibot']) expect(inScript).toContain(`\n${name} `)
}, 90_000)
