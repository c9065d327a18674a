import fs from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Cloud, CloudRefusal } from '../../weapp-host/cloud-door'
import { type Driver, launch } from '../../weapp-host/driver'
import { launchBrowser } from '../support/browser'
import { writeTinyProgram } from './tiny-program'

let browser: Browser
let phone: Driver
let dist: string
const callers: string[] = []
const cloud: Cloud = {
  callFunction(name, event, caller) {
    callers.push(caller)
    if (name === 'closed')
      return Promise.reject(new CloudRefusal(-501023, 'Unauthenticated access is denied'))
    return Promise.resolve({ name, event })
  },
}

beforeAll(async () => {
  dist = await writeTinyProgram()
  browser = await launchBrowser()
  phone = await launch({ browser, dist, cloud })
}, 60_000)
afterAll(async () => {
  await phone?.close()
  await browser?.close()
  fs.rmSync(dist, { recursive: true, force: true })
})

/** Starts the app with code that has `wx`, `say` and `page`; what it says stands on the page. */
const run = (code: string, scene = 1001) => phone.open({ path: 'pages/lab/index', query: { code }, scene })
/** The lines the page has written so far. */
const log = () => phone.find('.log').allTextContents()
const logged = (line: string) => phone.waitFor(async () => (await log()).includes(line))

describe('the logic half', () => {
  test('runs the app without browser globals and Intl', async () => {
    await run(
      `say([typeof fetch, typeof document, typeof Intl, typeof localStorage, typeof XMLHttpRequest].join())`,
    )
    await logged('undefined,undefined,undefined,undefined,undefined')
  })

  test('reports a call to an unknown API by name; reading it gives undefined', async () => {
    await run(`say(typeof wx.inventTheWheel); wx.inventTheWheel()`)
    await logged('undefined')
    await phone.waitFor(async () => (await phone.errors()).some(error => error.includes('inventTheWheel')))
  })

  test('records every call with its arguments, and every setData with its bytes', async () => {
    await run(`wx.showToast({ title: '你好' })`)
    await phone.waitFor('你好')
    expect(await phone.calls('showToast')).toEqual([
      expect.objectContaining({ name: 'showToast', args: [{ title: '你好' }] }),
    ])
    await run(`say('好')`)
    await logged('好')
    const { calls, bytes } = await phone.bridge()
    expect({ calls, bytes }).toEqual({ calls: 1, bytes: Buffer.byteLength('{"log":["好"]}') })
  })

  test('evaluates a subpackage only when its page is opened', async () => {
    await phone.open()
    await phone.waitFor('far')
    expect(await phone.modules()).not.toContain('more/far/index')
    await phone.tap('far')
    await phone.waitFor('from afar')
    expect(await phone.modules()).toContain('more/far/index')
  })

  test('reports changes of theme, size and network', async () => {
    await run(`
      wx.onThemeChange(function (e) { say('theme ' + e.theme) })
      wx.onWindowResize(function (e) { say('width ' + e.size.windowWidth) })
      wx.onNetworkStatusChange(function (e) { say('network ' + e.isConnected + ' ' + e.networkType) })
      say('listening')`)
    await logged('listening')
    await phone.setTheme('dark')
    await logged('theme dark')
    await phone.setTheme('light')
    await phone.resize(500, 900)
    await logged('width 500')
    await phone.resize(390, 844)
    await phone.goOffline()
    await logged('network false none')
    await phone.goOnline()
    await logged('network true wifi')
  })
})

describe('pages', () => {
  test('a tab shows its page and keeps the other tab’s page alive', async () => {
    await phone.open()
    await phone.tap('乙')
    await phone.waitFor('second')
    expect(await phone.stack()).toEqual([{ path: 'pages/two/index', query: {} }])
  })

  test('run their lifecycle hooks in WeChat’s order', async () => {
    await run(`
      page.onReady = function () {
        this.trace('onReady')
        wx.navigateTo({ url: '/pages/lab/index' }).then(function () { return wx.navigateBack() }).then(function () { say(trace.join()) })
      }`)
    // The number is the length of the stack. The second page closes before it is rendered.
    await logged('onLoad 1,onShow 1,onReady 1,onHide 1,onLoad 2,onShow 2,onUnload 1,onShow 1')
  })

  test('the stack refuses an eleventh page', async () => {
    await run(`
      function push (n) {
        wx.navigateTo({ url: '/more/far/index', success: function () { push(n + 1) }, fail: function (e) {
          wx.navigateBack({ delta: 9 })
          say(n + ' ' + e.errMsg)
        } })
      }
      push(1)`)
    await logged('10 navigateTo:fail webview count limit exceed')
    expect(await phone.stack()).toHaveLength(1)
  })

  test('routes refuse what WeChat refuses', async () => {
    await run(`
      var refused = function (e) { say(e.errMsg) }
      wx.navigateTo({ url: '/pages/two/index', fail: refused })
      wx.switchTab({ url: '/pages/lab/index', fail: refused })
      wx.switchTab({ url: '/pages/two/index?a=1', fail: refused })
      wx.navigateTo({ url: '/pages/none/index', fail: refused })`)
    await logged('navigateTo:fail page "pages/none/index" is not found')
    expect(await log()).toEqual(
      expect.arrayContaining([
        'navigateTo:fail can not navigateTo a tabbar page',
        'switchTab:fail can not switch to no-tabBar page',
        'switchTab:fail url of switchTab takes no query',
      ]),
    )
  })

  test('a card for a page that does not exist calls onPageNotFound', async () => {
    await phone.open({ path: 'pages/withdrawn/index', scene: 1007 })
    await logged('lost pages/withdrawn/index')
    expect(await phone.stack()).toHaveLength(1)
  })

  test('expose the aria attributes that the page sets, and no others', async () => {
    const said = async () => {
      const other = phone.find('[aria-role="radio"]')
      return Promise.all(['aria-checked', 'aria-hidden', 'aria-label'].map(name => other.getAttribute(name)))
    }
    await run(`page.setData({ log: ['nothing said'] })`)
    await logged('nothing said')
    expect(await said()).toEqual([null, null, null])
    await run(`page.setData({ said: { yes: true, no: false, nothing: null }, log: ['said'] })`)
    await logged('said')
    expect(await said()).toEqual(['true', null, null])
  })

  test('pull down only if their JSON enables it, and report their bottom once', async () => {
    await run(`say('open')`)
    await logged('open')
    await phone.pullDown()
    await logged('pulled')
    await phone.open({ path: 'pages/tall/index' })
    await phone.waitFor('near')
    await expect(phone.pullDown()).rejects.toThrow('does not enable pull-down refresh')
    // The page logs what its observers see and grows. Wait until its bottom stops moving.
    await phone.quiet()
    await phone.scrollToEnd()
    await logged('bottom')
    expect((await log()).filter(line => line === 'bottom')).toHaveLength(1)
  })

  test('share from the menu and by a button if they define a handler', async () => {
    await run(`say('open')`)
    await logged('open')
    expect((await phone.share('friend')).result).toMatchObject({ title: 'by menu' })
    expect((await phone.share('moments')).result).toEqual({ title: 'moments', query: 'a=1' })
    await expect(phone.share('favorite')).rejects.toThrow('does not define onAddToFavorites')
    await phone.open({ path: 'pages/button/index' })
    await phone.waitFor('share me')
    await expect(phone.share('moments')).rejects.toThrow('does not define onShareTimeline')
    await phone.tap('share me')
    await phone.waitFor(async () => (await phone.shares()).length === 1)
    expect((await phone.shares())[0]).toMatchObject({ from: 'button', result: { title: 'button s1' } })
    // The button’s own tap handler runs too.
    await logged('told')
  })

  test('values of a card’s promise replace the synchronous ones', async () => {
    await run(`page.onShareAppMessage = function () {
      return { title: 'at once', path: '/a', promise: Promise.resolve({ title: 'later' }) }
    }`)
    expect((await phone.share('friend')).result).toEqual({ title: 'later', path: '/a' })
  })
})

describe('the phone around a page', () => {
  const many = `page.setData({ log: Array.from({ length: 80 }, function (_, n) { return 'line ' + n }) });`
  const bar = () => phone.window.locator('.host-bar')
  const coloursOf = (selector: string) =>
    phone.window
      .locator(selector)
      .first()
      .evaluate(one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor])

  test('has the title and the colours that a page sets, and a page that comes back stands where it was', async () => {
    await run(`${many} page.onPullDownRefresh = function () { wx.navigateTo({ url: '/pages/styles/index' }) }
      wx.setNavigationBarTitle({ title: '改名' })`)
    await logged('line 79')
    await phone.waitFor(async () => (await bar().innerText()) === '改名')
    await phone.fonts()
    await phone.scrollTo(300)
    await phone.quiet()
    await phone.pullDown()
    await phone.find('#odd').waitFor()
    expect([await phone.scrollTop(), await bar().innerText()]).toEqual([0, ''])
    await phone.back()
    await logged('line 79')
    expect([await phone.scrollTop(), await bar().innerText()]).toEqual([300, '改名'])
    await run(
      `wx.setNavigationBarColor({ frontColor: '#000000', backgroundColor: '#ffeedd' }); say('coloured')`,
    )
    await logged('coloured')
    expect(await coloursOf('.host-bar')).toEqual(['rgb(0, 0, 0)', 'rgb(255, 238, 221)'])
  })

  test('scrolls to a place or to an element, and measures pictures', async () => {
    await run(`${many} var goals = [{ scrollTop: 200 }, { selector: '#first', offsetTop: 90 }]
      page.onPullDownRefresh = function () { wx.stopPullDownRefresh(); wx.pageScrollTo(goals.shift()) }`)
    await logged('line 79')
    await phone.fonts()
    await phone.pullDown()
    await phone.waitFor(async () => (await phone.scrollTop()) === 200)
    // The element stands 10 px below the page’s top.
    await phone.pullDown()
    await phone.waitFor(async () => (await phone.scrollTop()) === 100)
    await run(
      `wx.getImageInfo({ src: '/picture.png' }).then(function (e) { say(e.width + ' x ' + e.height) })`,
    )
    await logged('40 x 20')
  })

  test('shows a picture until it is tapped, and a message until its time is over or it is taken away', async () => {
    await run(`wx.previewImage({ urls: ['/none.png', '/picture.png'], current: '/picture.png' })`)
    const preview = phone.window.locator('.host-preview')
    await phone.waitFor(async () => (await preview.count()) === 1)
    expect(await preview.locator('img').getAttribute('src')).toBe('/picture.png')
    await preview.tap()
    expect(await preview.count()).toBe(0)
    await run(`wx.showLoading({ title: '请等一等' }); say('shown')`)
    await logged('shown')
    expect(await phone.screenText()).toContain('请等一等')
    await run(`wx.showToast({ title: '旧的', duration: 60000 }); wx.showToast({ title: '新的', duration: 60000 })
      wx.nextTick(function () { say('shown') })`)
    await logged('shown')
    expect((await phone.screenText()).match(/[旧新]的/g)).toEqual(['新的'])
    await run(`wx.showToast({ title: '走了', duration: 60000 }); wx.hideToast(); say('hidden')`)
    await logged('hidden')
    expect(await phone.screenText()).not.toContain('走了')
    await run(`wx.showToast({ title: '一会儿', duration: 1 }); say('gone')`)
    await logged('gone')
    await phone.waitFor(async () => !(await phone.screenText()).includes('一会儿'))
  })

  test('marks the tab that is shown, and hides the tabs when asked', async () => {
    await phone.open()
    await phone.tap('乙')
    await phone.waitFor('second')
    const tabs = phone.window.locator('.host-tab')
    expect(await tabs.evaluateAll(all => all.map(tab => getComputedStyle(tab).color))).toEqual([
      ...['rgb(0, 0, 0)', 'rgb(17, 17, 17)'],
    ])
    await run(`wx.hideTabBar(); wx.switchTab({ url: '/pages/two/index' })`)
    await phone.waitFor('second')
    expect(await tabs.count()).toBe(0)
    await run(`wx.hideTabBar(); wx.showTabBar(); wx.switchTab({ url: '/pages/two/index' })`)
    await phone.waitFor(async () => (await tabs.count()) === 2)
  })
})

describe('style sheets', () => {
  test.each([
    ['odd', [0, 2]],
    ['third', [2]],
    ['first-two', [0, 1]],
    ['even-marked', [1, 3]],
  ])('apply selectors by position: %s', async (id, coloured) => {
    await phone.open({ path: 'pages/styles/index' })
    const views = phone.find(`#${id} wx-view`)
    await views.first().waitFor()
    const colours = await views.evaluateAll(all => all.map(one => getComputedStyle(one).color))
    expect(colours.flatMap((colour, at) => (colour === 'rgb(1, 2, 3)' ? [at] : []))).toEqual(coloured)
  })
})

describe('APIs that fail', () => {
  test('are missing, throw or reject', async () => {
    const faults = { showToast: 'missing', vibrateShort: 'throws', setClipboardData: 'fails' } as const
    const broken = await launch({ browser, dist, cloud, faults })
    try {
      const code = `
        say(typeof wx.showToast)
        try { wx.vibrateShort() } catch (e) { say('threw ' + e.message) }
        wx.setClipboardData({ data: 'a', fail: function (e) { say(e.errMsg) } })
        wx.setClipboardData({ data: 'a' }).catch(function (e) { say('rejected') })`
      await broken.open({ path: 'pages/lab/index', query: { code } })
      await broken.waitFor('rejected')
      expect(await broken.find('.log').allTextContents()).toEqual([
        'undefined',
        'threw vibrateShort: the host was told to throw',
        'setClipboardData:fail the host was told to fail',
        'rejected',
      ])
    } finally {
      await broken.close()
    }
  })

  test('a fault for an unknown API is an error', async () => {
    const broken = await launch({ browser, dist, cloud, faults: { inventTheWheel: 'missing' } })
    try {
      await broken.open()
      expect(await broken.errors()).toEqual([expect.stringContaining('wx.inventTheWheel cannot fail')])
    } finally {
      await broken.close()
    }
  })
})

describe('dialogs', () => {
  test('a modal reports the tapped button; a cancelled action sheet fails', async () => {
    await run(`wx.showModal({ title: 'sure?', success: function (e) { say('confirmed ' + e.confirm) } })`)
    await phone.tap('取消')
    await logged('confirmed false')
    await run(
      `wx.showActionSheet({ itemList: ['one', 'two'], success: function (e) { say('row ' + e.tapIndex) } })`,
    )
    await phone.tap('two')
    await logged('row 1')
    await run(`wx.showActionSheet({ itemList: ['one'], fail: function (e) { say(e.errMsg) } })`)
    await phone.tap('取消')
    await logged('showActionSheet:fail cancel')
  })
})

describe('the network', () => {
  test('fails every call with WeChat’s message while offline', async () => {
    const code = `
      wx.cloud.init()
      wx.getNetworkType({ success: function (e) { say('type ' + e.networkType) } })
      wx.cloud.callFunction({ name: 'echo', data: { a: 1 } }).then(
        function (e) { say('answered ' + JSON.stringify(e.result)) },
        function (e) { say('failed ' + e.errCode + ' ' + (e instanceof Error)) })
      wx.request({ url: 'http://127.0.0.1:1/', fail: function (e) { say(e.errMsg.slice(0, 25)) } })`
    await run(code)
    await logged('answered {"name":"echo","event":{"a":1}}')
    await logged('type wifi')
    await phone.goOffline()
    await run(code)
    await logged('failed -1 true')
    await logged('type none')
    await logged('request:fail errcode:-106')
    await phone.goOnline()
    await run(code)
    await logged('type wifi')
  })

  test('pictures of the package load offline', async () => {
    await phone.goOffline()
    await phone.open({ path: 'pages/image/index' })
    await logged('loaded 40 x 20')
    await phone.goOnline()
  })

  test('wx.cloud needs init and passes on refusals of the platform', async () => {
    await run(`try { wx.cloud.callFunction({ name: 'echo' }) } catch (e) { say(e.message) }
      wx.cloud.init()
      wx.cloud.callFunction({ name: 'closed', fail: function (e) { say('code ' + e.errCode) } })`)
    await logged('code -501023')
    expect((await log())[0]).toContain('please call wx.cloud.init first')
  })
})

describe('storage', () => {
  test('survives a restart, holds copies, and is separate in single-page mode', async () => {
    await run(
      `wx.clearStorageSync(); var kept = { a: 1 }; wx.setStorageSync('kept', kept); kept.a = 2; say('set')`,
    )
    await logged('set')
    const read = `say(wx.getStorageSync('kept'))`
    await run(read, 1154)
    await logged('')
    await run(read)
    await logged('{"a":1}')
  })

  test('refuses more than 1 MB for a key and 10 MB in all, and reports its size', async () => {
    await run(`
      wx.clearStorageSync()
      var megabyte = new Array(1024 * 1024 - 20).join('x')
      try { wx.setStorageSync('large', megabyte + megabyte) } catch (e) { say(e.message) }
      for (var i = 0; i < 9; i++) wx.setStorageSync('part' + i, megabyte)
      wx.setStorage({ key: 'half', data: megabyte.slice(0, 524288), success: function () {
        wx.setStorage({ key: 'more', data: megabyte, fail: function (e) {
          say(e.errMsg)
          var info = wx.getStorageInfoSync()
          say([info.keys.length, Math.round(info.currentSize / 1024 * 2) / 2, info.limitSize].join())
          wx.clearStorageSync()
        } })
      } })
      wx.getStorage({ key: 'none', fail: function (e) { say(e.errMsg) } })`)
    await logged('10,9.5,10240')
    expect(await log()).toEqual(
      expect.arrayContaining([
        'setStorageSync:fail entry size limit reached',
        'setStorage:fail exceed storage max size 10Mb',
        'getStorage:fail data not found',
      ]),
    )
  })
})

describe('a selector query', () => {
  test('measures from the page’s corner and gives null for a missing element', async () => {
    await run(`page.onReady = function () {
      var query = wx.createSelectorQuery()
      query.select('#first').boundingClientRect(function (e) { say([e.id, e.dataset.word, e.left, e.top, e.width, e.height].join()) })
      query.selectAll('.one').fields({ size: true, computedStyle: ['display'] }, function (all) { say(all.length + ' ' + all[0].display + ' ' + all[0].height) })
      query.select('#none').boundingClientRect()
      query.selectViewport().scrollOffset()
      query.exec(function (found) { say('missing ' + found[2] + ', scrolled ' + found[3].scrollTop) })
    }`)
    await logged('missing null, scrolled 0')
    expect(await log()).toEqual(['first,hello,20,10,350,30', '2 block 30', 'missing null, scrolled 0'])
  })
})

describe('an intersection observer', () => {
  test('reports elements that enter and leave, not those out of sight at first', async () => {
    await phone.open({ path: 'pages/tall/index' })
    await logged('all near in')
    await logged('told deep out')
    await logged('early deep in')
    await phone.quiet()
    const first = await log()
    expect(first).not.toContain('all deep out')
    // This observer’s initialRatio is 1.
    expect(first).not.toContain('told near in')
    await phone.scrollToEnd()
    await logged('all deep in')
    await logged('all near out')
  })

  test('reports nothing after disconnect', async () => {
    await phone.open({ path: 'pages/tall/index' })
    await logged('once near in')
    await phone.scrollToEnd()
    await logged('all near out')
    await phone.quiet()
    expect(await log()).not.toContain('once near out')
  })
})

describe('a swiper', () => {
  const left = (id: string) =>
    phone.find(`${id} wx-swiper-item`).evaluateAll(items => {
      const box = items[0]?.closest('wx-swiper')?.getBoundingClientRect()
      return items.findIndex(item => {
        const { x, y } = item.getBoundingClientRect()
        return Math.abs(x - (box?.x ?? 0)) < 1 && Math.abs(y - (box?.y ?? 0)) < 1
      })
    })
  beforeEach(() => phone.open({ path: 'pages/swiper/index' }))

  test('turns with the finger, reports the source, and stops at its ends', async () => {
    await phone.swipe('#plain', { x: -120 })
    await logged('plain change 1 b touch')
    await logged('plain animationfinish 1 b touch')
    expect(await left('#plain')).toBe(1)
    await phone.swipe('#plain', { x: 120 })
    await logged('plain change 0 a touch')
    await phone.swipe('#plain', { x: 120 })
    await phone.quiet()
    expect(await left('#plain')).toBe(0)
    expect((await log()).filter(line => line.includes('change'))).toHaveLength(2)
  })

  test('ignores a short touch and a touch that scrolls the page', async () => {
    await phone.swipe('#plain', { x: -20 })
    await phone.swipe('#plain', { x: -60, y: -200 })
    await phone.quiet()
    expect(await log()).toEqual([])
    expect(await left('#plain')).toBe(0)
  })

  test('follows the page’s data without reporting a touch', async () => {
    await phone.tap('to the last')
    await logged('plain change 2 c data')
    expect(await left('#plain')).toBe(2)
  })

  test('supports circular, vertical and autoplay', async () => {
    await phone.swipe('#round', { x: 120 })
    await logged('round change 2 c touch')
    await phone.swipe('#upright', { y: -80 })
    await logged('upright change 1 b touch')
    expect(await left('#upright')).toBe(1)
    await phone.tap('start')
    // Autoplay wraps around.
    for (const line of ['1 b', '2 c', '0 a']) await logged(`self change ${line} autoplay`)
  })

  test('shows a dot for each item, in its colours', async () => {
    const dots = phone.find('#plain .wx-dots i')
    await phone.waitFor(async () => (await dots.count()) === 3)
    const colours = await dots.evaluateAll(all => all.map(dot => getComputedStyle(dot).backgroundColor))
    expect(colours).toEqual(['rgb(4, 5, 6)', 'rgb(1, 2, 3)', 'rgb(1, 2, 3)'])
    expect(await phone.find('#round .wx-dots i').count()).toBe(0)
  })
})

describe('a scroll-view', () => {
  const scroll = (top: number) =>
    phone.find('#box').evaluate((element, to) => {
      element.scrollTop = to
    }, top)
  beforeEach(() => phone.open({ path: 'pages/scroll/index' }))

  test('reports its scroll position, and each edge once', async () => {
    await scroll(120)
    await logged('scroll 120 of 800')
    await scroll(690)
    await logged('scrolltolower bottom')
    await scroll(700)
    await scroll(0)
    await logged('scrolltoupper top')
    expect((await log()).filter(line => line.startsWith('scrolltolower'))).toHaveLength(1)
  })

  test('scrolls to the position in the page’s data', async () => {
    await phone.tap('down')
    await logged('scroll 120 of 800')
    await phone.tap('show')
    await phone.waitFor(async () => (await phone.find('#box').evaluate(element => element.scrollTop)) === 400)
  })
})

describe('a rich-text', () => {
  test('renders text and nodes, without tags and attributes that WeChat drops', async () => {
    await phone.open({ path: 'pages/rich/index' })
    await phone.waitFor('a < b')
    const drawn = (id: string) => phone.find(`${id} .wx-rich`).innerHTML()
    expect(await drawn('#text')).toBe('<p class="kept" style="color:red">words <b>bold</b></p>')
    expect(await drawn('#tree')).toBe('<div class="kept">a &lt; b</div>')
  })
})

describe('an input', () => {
  const box = (id: string) => phone.find(`${id} input`)
  beforeEach(() => phone.open({ path: 'pages/input/index' }))

  test('reports what is typed, up to maxlength, and what is confirmed', async () => {
    await phone.tap(box('#box'))
    await box('#box').pressSequentially('123456')
    await box('#box').press('Enter')
    await logged('confirm 12345')
    await phone.tap(box('#long'))
    await logged('blur 12345')
    expect(await log()).toEqual(
      expect.arrayContaining(['focus ', 'input 1', 'input 12', 'input 12345', 'confirm 12345']),
    )
    await box('#long').fill('x'.repeat(200))
    await logged(`input ${'x'.repeat(200)}`)
  })

  test('shows the page’s value, even after typing', async () => {
    await box('#box').fill('abc')
    await phone.tap('put')
    await phone.waitFor(async () => (await box('#box').inputValue()) === 'put')
    await box('#box').fill('abc')
    await phone.tap('clear')
    await phone.waitFor(async () => (await box('#box').inputValue()) === '')
  })

  test('hides a password, and takes no input if disabled', async () => {
    expect(await box('#secret').getAttribute('type')).toBe('password')
    expect(await box('#secret').inputValue()).toBe('x')
    expect(await box('#shut').isDisabled()).toBe(true)
  })
})

describe('a button', () => {
  test('gets no tap if disabled', async () => {
    await phone.open({ path: 'pages/button/index' })
    const place = await phone.find('disabled').first().boundingBox()
    await phone.window.touchscreen.tap((place?.x ?? 0) + 5, (place?.y ?? 0) + 5)
    await phone.quiet()
    expect(await log()).toEqual([])
    await phone.tap('enabled')
    await logged('told')
  })
})

describe('an image', () => {
  beforeEach(() => phone.open({ path: 'pages/image/index' }))

  test('reports its size, or that it failed to load', async () => {
    await logged('loaded 40 x 20')
    await logged('failed GET /none.png fail')
  })

  test('fits its box according to its mode', async () => {
    await logged('loaded 40 x 20')
    const fit = (id: string) => phone.find(`#${id} img`).evaluate(img => getComputedStyle(img).objectFit)
    expect(
      await Promise.all(['default', 'scaleToFill', 'aspectFit', 'aspectFill', 'center'].map(fit)),
    ).toEqual(['fill', 'fill', 'contain', 'cover', 'none'])
    const size = async (id: string) => {
      const box = await phone.find(`#${id}`).boundingBox()
      return [box?.width, box?.height]
    }
    expect(await size('aspectFill')).toEqual([100, 100])
    expect(await size('widthFix')).toEqual([100, 50])
    expect(await size('heightFix')).toEqual([200, 100])
  })
})

describe('a canvas', () => {
  test('is drawn on by the logic half, and a part of it becomes a file', async () => {
    await phone.open({ path: 'pages/canvas/index' })
    await logged('made 120 x 80')
    expect(await log()).toEqual(
      expect.arrayContaining(['size 100 x 50', 'measured true', 'picture 40 x 20', 'no such picture']),
    )
    // The part from 90, 40, doubled: red, with the blue picture from 10, 10.
    const pixels = await phone.find('#made img').evaluate((img: HTMLImageElement) => {
      const copy = document.createElement('canvas')
      copy.width = img.naturalWidth
      copy.height = img.naturalHeight
      const context = copy.getContext('2d')
      context?.drawImage(img, 0, 0)
      return [
        [5, 5],
        [60, 40],
        [110, 70],
      ].map(([x = 0, y = 0]) => context?.getImageData(x, y, 1, 1).data.slice(0, 3).join())
    })
    expect(pixels).toEqual(['255,0,0', '0,0,255', '255,0,0'])
  })
})

describe('single-page mode', () => {
  /** Named by WeChat's list (开放能力/分享到朋友圈, 单页模式下的限制), a few of each family. */
  const off = [
    ...['switchTab', 'reLaunch', 'redirectTo', 'navigateTo', 'navigateBack'],
    ...[
      'setNavigationBarTitle',
      'setNavigationBarColor',
      'showNavigationBarLoading',
      'hideNavigationBarLoading',
    ],
    ...['setTabBarStyle', 'setTabBarItem', 'showTabBar', 'hideTabBar', 'setTabBarBadge', 'removeTabBarBadge'],
    ...['showTabBarRedDot', 'hideTabBarRedDot'],
    ...['getShareInfo', 'showShareMenu', 'hideShareMenu', 'updateShareMenu'],
    ...['login', 'getUserInfo', 'getUserProfile', 'authorize', 'getSetting', 'openSetting', 'requestPayment'],
    ...['chooseAddress', 'addCard', 'openCard', 'chooseInvoice', 'chooseInvoiceTitle'],
    ...[
      'setClipboardData',
      'getClipboardData',
      'scanCode',
      'makePhoneCall',
      'addPhoneContact',
      'chooseContact',
    ],
    ...[
      'openBluetoothAdapter',
      'createBLEConnection',
      'startWifi',
      'connectWifi',
      'startHCE',
      'getNFCAdapter',
    ],
    ...['chooseImage', 'chooseMedia', 'chooseVideo', 'saveImageToPhotosAlbum', 'saveVideoToPhotosAlbum'],
    ...['getVideoInfo', 'openDocument', 'createRewardedVideoAd', 'createInterstitialAd'],
    ...['getLocation', 'chooseLocation', 'openLocation', 'startLocationUpdate'],
  ]

  test('fails every switched-off API and records the call even if the app catches it', async () => {
    await run(
      `var names = ${JSON.stringify(off)}, failed = 0
       names.forEach(function (name) { wx[name]({ fail: function () { if (++failed === names.length) say('all failed') } }) })`,
      1154,
    )
    await logged('all failed')
    expect(await phone.violations()).toEqual(
      off.map(name => `wx.${name} is switched off in single-page mode`),
    )
    expect(await phone.errors()).toEqual([])
  })

  test('records each switched-off component when it is rendered', async () => {
    await phone.open({ path: 'pages/off/index', scene: 1154 })
    await phone.waitFor('plain')
    const tags = ['form', 'navigator', 'navigation-bar', 'editor', 'camera', 'web-view', 'open-data']
    const drawn = [...tags, 'official-account', 'functional-page-navigator', 'live-pusher']
    expect((await phone.violations()).sort()).toEqual(
      [...drawn.map(tag => `<${tag}>`), '<button open-type="share">']
        .map(name => `${name} is switched off in single-page mode`)
        .sort(),
    )
  })

  test('draws its bar above a page, or over it where the page says so', async () => {
    const top = async (name: string, scene = 1154) => {
      await phone.open({ path: `pages/${name}/index`, scene })
      const page = phone.window.locator('.host-frame:not([data-hidden]) wx-page')
      return (await page.boundingBox())?.y
    }
    expect([await top('styles'), await top('floating'), await top('own-bar')]).toEqual([91, 0, 0])
    expect(await top('floating', 1007)).toBe(91)
  })

  test('is no violation elsewhere, but an unknown component is an error with its name', async () => {
    await phone.open({ path: 'pages/off/index' })
    await phone.waitFor(async () => (await phone.errors()).length >= 10)
    expect(await phone.violations()).toEqual([])
    expect((await phone.errors()).join()).toContain('the host does not know <navigator>')
  })

  test('throws on a read of the reported keys and of an invented one', async () => {
    const keys = ['router', 'worklet', 'shareImageMessage', 'notYetReported']
    const read = `${JSON.stringify(keys)}.forEach(function (key) {
      try { say('read ' + typeof wx[key]) } catch (e) { say((key in wx) + ' ' + e.message) }
    }); say('done')`
    await run(read, 1154)
    await logged('done')
    expect((await log()).slice(0, -1)).toEqual(
      keys.map(key => `true APP-SERVICE-SDK:${key}:fail rejected due to no permission currently`),
    )
    await run(read)
    await logged('done')
    expect(await log()).toEqual(['read object', 'read object', 'read function', 'read undefined', 'done'])
  })

  test('has its own bars, a full-screen safe area and no identity', async () => {
    callers.length = 0
    const call = `wx.cloud.init(); wx.cloud.callFunction({ name: 'echo' }).then(function () { say('answered') })
      say([wx.getEnterOptionsSync().apiCategory, wx.getWindowInfo().safeArea.bottom].join())`
    await run(call, 1154)
    await logged('answered')
    await logged('browseOnly,844')
    const screen = await phone.screenText()
    expect(screen).toContain('试验')
    expect(screen).toContain('前往小程序')
    expect(screen).not.toContain('乙')
    await expect(phone.back()).rejects.toThrow('nowhere to go back to')
    await run(call)
    await logged('answered')
    await logged(',810')
    expect(callers).toEqual(['guest', 'reader'])
  })
})
