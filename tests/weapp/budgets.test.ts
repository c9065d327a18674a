import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { marks } from '../bench/marks'
import { launchBrowser } from '../support/browser'
import { copyDist, weappDist } from '../support/weapp-dist'
import { measureNodes, measurePackages, measurePayloads, type PayloadFigures } from './measure'

/** This test checks only figures that are the same on every machine; the bench prints the others. */
const markOf = (name: string): number => marks[name]?.limit ?? 0
const payloadNames = Object.keys(marks).filter(name =>
  /^weapp\..*(setData|Bytes)/.test(name),
) as (keyof PayloadFigures)[]

let dist: string
let browser: Browser
beforeAll(async () => {
  dist = await weappDist()
  browser = await launchBrowser()
}, 240_000)
afterAll(() => browser?.close())

describe('the mini-program stays within its marks', () => {
  test('the main package, zipped', () => {
    expect(measurePackages(dist).main?.zip).toBeLessThanOrEqual(markOf('weapp.main.zip'))
  })
  test('the main package', () => {
    expect(measurePackages(dist).main?.bytes).toBeLessThanOrEqual(markOf('weapp.main.bytes'))
  })

  let payloads: PayloadFigures
  beforeAll(async () => {
    payloads = await measurePayloads(dist)
  })
  test.each(payloadNames)('%s', name => {
    expect(payloads[name]).toBeLessThanOrEqual(markOf(name))
  })

  test('nodes and depth of the article page; one more node and one more level are noticed', async () => {
    const found = await measureNodes(dist, browser)
    expect(found['weapp.nodes']).toBeLessThanOrEqual(markOf('weapp.nodes'))
    expect(found['weapp.depth']).toBeLessThanOrEqual(markOf('weapp.depth'))
    const copy = copyDist(dist)
    try {
      copy.edit('pages/article/index.wxml', text => text.replace(/<template.*/, '<view>one more</view>$&'))
      const wider = await measureNodes(copy.folder, browser)
      expect(wider).toEqual({ ...found, 'weapp.nodes': found['weapp.nodes'] + 1 })
      copy.edit('pages/article/index.wxml', text => text.replace(/<template.*/, '<view>$&</view>'))
      const deeper = await measureNodes(copy.folder, browser)
      expect(deeper).toEqual({
        'weapp.nodes': wider['weapp.nodes'] + 1,
        'weapp.depth': found['weapp.depth'] + 1,
      })
    } finally {
      copy.remove()
    }
  })
})
