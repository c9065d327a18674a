import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser'
import { type Driver, launch } from './host/driver'

/** A mini-program of a few lines, in WeChat's own syntax, to try the host itself on. */
const files: Record<string, string> = {
  'app.json': JSON.stringify({
    pages: ['pages/one/index', 'pages/two/index'],
    subPackages: [{ root: 'more', pages: ['far/index'] }],
    tabBar: {
      color: '#000000',
      selectedColor: '#111111',
      backgroundColor: '#ffffff',
      list: [
        { pagePath: 'pages/one/index', text: '甲' },
        { pagePath: 'pages/two/index', text: '乙' },
      ],
    },
  }),
  'app.js': 'App({})',
  'pages/one/index.json': '{}',
  'pages/one/index.wxml':
    '<view id="say">{{said}}</view><view bindtap="unknown">unknown</view><view bindtap="far">far</view><view bindtap="login">login</view>',
  'pages/one/index.js': `Page({ data: { said: '' },
    onLoad: function () { this.setData({ said: [typeof fetch, typeof document, typeof Intl, typeof localStorage].join() }) },
    unknown: function () { wx.inventTheWheel() },
    far: function () { wx.navigateTo({ url: '/more/far/index' }) },
    login: function () { wx.login({ fail: function () {} }) } })`,
  'pages/two/index.json': '{}',
  'pages/two/index.wxml': '<view>second</view>',
  'pages/two/index.js': 'Page({})',
  'more/far/index.json': '{}',
  'more/far/index.wxml': '<view>from afar</view>',
  'more/far/index.js': 'Page({})',
}

let browser: Browser
let phone: Driver
let dist: string
beforeAll(async () => {
  dist = fs.mkdtempSync(path.join(os.tmpdir(), 'tiny-weapp-'))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dist, name)), { recursive: true })
    fs.writeFileSync(path.join(dist, name), text)
  }
  browser = await launchBrowser()
  phone = await launch({ browser, dist, cloud: { callFunction: () => Promise.resolve({}) } })
}, 60_000)
afterAll(async () => {
  await phone?.close()
  await browser?.close()
  fs.rmSync(dist, { recursive: true, force: true })
})

test('the logic half has no browser and no Intl', async () => {
  await phone.open()
  await phone.waitFor('undefined,undefined,undefined,undefined')
})

test('calling what wx does not have is an error with its name', async () => {
  await phone.open()
  await phone.tap('unknown')
  await phone.waitFor(async () => (await phone.errors()).some(error => error.includes('inventTheWheel')))
})

test('code of a subpackage is not evaluated before its page is opened', async () => {
  await phone.open()
  await phone.waitFor('far')
  expect(await phone.modules()).not.toContain('more/far/index')
  await phone.tap('far')
  await phone.waitFor('from afar')
  expect(await phone.modules()).toContain('more/far/index')
})

test('a tab shows its page and keeps the other alive', async () => {
  await phone.open()
  await phone.tap('乙')
  await phone.waitFor('second')
  expect(await phone.stack()).toEqual([{ path: 'pages/two/index', query: {} }])
})

test('single-page mode records what is switched off, though the app catches it, and hides the tabs', async () => {
  await phone.open({ path: 'pages/one/index', scene: 1154 })
  await phone.tap('login')
  await phone.waitFor(async () => (await phone.violations()).length > 0)
  expect(await phone.violations()).toEqual(['wx.login is switched off in single-page mode'])
  expect(await phone.screenText()).not.toContain('乙')
})
