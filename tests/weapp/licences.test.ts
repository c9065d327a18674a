import { readdirSync, readFileSync } from 'node:fs'
import { weappDist } from '../support/weapp-dist'

test('the licences of the packages in the mini-program lie beside it, where readers do not download them', async () => {
  const dist = await weappDist()
  const text = readFileSync(`${dist}.LICENSES.txt`, 'utf8')
  // Packages that we name, packages that those depend on, and webpack's own runtime.
  for (const name of ['@tarojs/runtime', 'valibot', 'react', 'react-reconciler', 'scheduler', 'webpack']) {
    expect(text).toMatch(new RegExp(`\n${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\n`))
  }
  expect(text).toContain('Copyright (c) Facebook, Inc. and its affiliates.')
  const uploaded = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  expect(uploaded.filter(name => /licen[cs]e/i.test(name))).toEqual([])
}, 240_000)
