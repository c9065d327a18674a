import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { copyDist, weappDist } from '../support/weapp-dist'
import { measureNodes, measurePackages, measurePayloads, type PayloadFigures } from './measure'

/** The most a figure may be. What is deterministic is held here; what depends on the machine only the bench prints. */
const marks = {
  'weapp.main.bytes': 380_000,
  'weapp.main.zip': 114_000,
  'weapp.article.firstScreenBytes': 4_000,
  'weapp.article.setDataBytes': 16_000,
  'weapp.article.setDataCalls': 4,
  'weapp.feed.setDataBytes': 13_000,
  'weapp.vote.setDataBytes': 260,
  'weapp.vote.changeBytes': 340,
  'weapp.vote.setDataCalls': 2,
  'weapp.nodes': 300,
  'weapp.depth': 9,
}
const payloadNames = Object.keys(marks).filter(name => /setData|Bytes/.test(name)) as (keyof PayloadFigures)[]
/** Figures that do not meet their mark yet; a figure that does must leave this list. */
const notYet: readonly string[] = ['weapp.vote.setDataBytes', 'weapp.vote.changeBytes']

let dist: string
let browser: Browser
beforeAll(async () => {
  dist = await weappDist()
  browser = await launchBrowser()
}, 240_000)
afterAll(() => browser?.close())

describe('the mini-program stays within its marks', () => {
  test.failing('the main package, zipped', () => {
    expect(measurePackages(dist).main?.zip).toBeLessThanOrEqual(marks['weapp.main.zip'])
  })
  test('the main package', () => {
    expect(measurePackages(dist).main?.bytes).toBeLessThanOrEqual(marks['weapp.main.bytes'])
  })

  let payloads: PayloadFigures
  beforeAll(async () => {
    payloads = await measurePayloads(dist)
  })
  test.each(payloadNames.filter(name => !notYet.includes(name)))('%s', name => {
    expect(payloads[name]).toBeLessThanOrEqual(marks[name])
  })
  const late = payloadNames.filter(name => notYet.includes(name))
  if (late.length > 0) {
    test.failing.each(late)('%s', name => {
      expect(payloads[name]).toBeLessThanOrEqual(marks[name])
    })
  }

  test('nodes and depth of the article page, and one node more is seen', async () => {
    const found = await measureNodes(dist, browser)
    expect(found['weapp.nodes']).toBeLessThanOrEqual(marks['weapp.nodes'])
    expect(found['weapp.depth']).toBeLessThanOrEqual(marks['weapp.depth'])
    const copy = copyDist(dist)
    try {
      copy.edit('pages/article/index.wxml', text => `<view>one more</view>${text}`)
      expect((await measureNodes(copy.folder, browser))['weapp.nodes']).toBe(found['weapp.nodes'] + 1)
    } finally {
      copy.remove()
    }
  })
})
