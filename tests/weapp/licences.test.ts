import { readdirSync, readFileSync } from 'node:fs'
import { weappDist } from '../support/weapp-dist'

test('the licences of the packages in the mini-program lie beside it, where they cost readers no bytes', async () => {
  const dist = await weappDist()
  const text = readFileSync(`${dist}.LICENSES.txt`, 'utf8')
  // Named by us, brought along by those, and webpack's own runtime.
  for (const name of ['@tarojs/runtime', 'valibot', 'react', 'react-reconciler', 'scheduler', 'webpack']) {
    expect(text).toMatch(new RegExp(`\n${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\n`))
  }
  expect(text).toContain('Copyright (c) Facebook, Inc. and its affiliates.')
  const uploaded = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  expect(uploaded.filter(name => /licen[cs]e/i.test(name))).toEqual([])
}, 240_000)
