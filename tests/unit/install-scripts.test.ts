import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as v from 'valibot'

/**
 * Every dependency that brings an install script, and what its script would do. The project needs none of them, so
 * `.npmrc` switches all off: native code comes from platform packages (@esbuild/*, @swc/core-*, @img/*, @libsql/*,
 * @parcel/watcher-*, @tarojs/binding-*). Read the script of a new one before it joins the list.
 */
const reviewed: Record<string, string> = {
  '@parcel/watcher': 'compiles from source, only when asked to by an environment variable',
  '@swc/core': 'falls back to WebAssembly where no platform package fits',
  '@tarojs/binding': 'compiles from source, only when asked to by an environment variable',
  '@tarojs/cli': 'adds an unpinned plugin to the global configuration of Taro, fetched over plain http',
  'core-js': 'prints a request for donations',
  'core-js-pure': 'prints a request for donations',
  esbuild: 'replaces its launcher by the binary of the platform package, to start faster',
  protobufjs: 'prints a warning about version ranges',
}

const root = path.resolve(__dirname, '../..')
const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({ name: v.optional(v.string()), hasInstallScript: v.optional(v.boolean()) }),
  ),
})

/** Names of the packages in a package-lock.json that have an install script, each once, sorted. */
function packagesWithInstallScript(lockText: string): string[] {
  const { packages } = v.parse(lockSchema, JSON.parse(lockText))
  const names = Object.entries(packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([folder, entry]) => entry.name ?? folder.split('node_modules/').at(-1) ?? folder)
  return [...new Set(names)].sort()
}

/**
 * The setting that npm itself uses in a folder, without the settings of this machine or of the npm that runs the tests.
 */
function npmSetting(folder: string, key: string): string {
  const environment = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name))
  return execFileSync('npm', ['config', 'get', key], {
    cwd: folder,
    env: {
      ...Object.fromEntries(environment),
      npm_config_userconfig: path.join(folder, 'no-user-npmrc'),
      npm_config_globalconfig: path.join(folder, 'no-global-npmrc'),
    },
    encoding: 'utf8',
  }).trim()
}

test('npm runs no install script of any dependency in this project', () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'kepu-npm-'))
  try {
    writeFileSync(path.join(elsewhere, 'package.json'), '{"name":"elsewhere","version":"1.0.0"}')
    expect(npmSetting(root, 'ignore-scripts')).toBe('true')
    // Without the project's .npmrc npm runs install scripts, so the setting comes only from that file.
    expect(npmSetting(elsewhere, 'ignore-scripts')).toBe('false')
  } finally {
    rmSync(elsewhere, { recursive: true })
  }
}, 30_000)

test('every dependency with an install script has been reviewed', () => {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8')
  expect(packagesWithInstallScript(lockText)).toEqual(Object.keys(reviewed).sort())
})

test('a new dependency with an install script is noticed, also when nested', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  lock.packages['node_modules/sass/node_modules/@example/compiled'] = {
    version: '1.0.0',
    hasInstallScript: true,
  }
  const unlisted = packagesWithInstallScript(JSON.stringify(lock)).filter(name => !(name in reviewed))
  expect(unlisted).toEqual(['@example/compiled'])
})
