import { rmSync } from 'node:fs'
import { type Cloud, CloudRefusal } from '../../../weapp-host/cloud-door'
import type { Card } from '../../../weapp-host/entry'
import {
  createNodeHost,
  launchedAt,
  type NodeHost,
  type NodeHostOptions,
} from '../../../weapp-host/node-host'
import { writeTinyProgram } from '../../weapp-host/tiny-program'

// The logic half of the host, without a view: what an app's own code sees of `wx` and of its pages.

let dist: string
let host: NodeHost
const cloud: Cloud = {
  async callFunction(name) {
    if (name === 'closed') throw new CloudRefusal(-501023, 'Unauthenticated access is denied')
    return { name }
  },
}
beforeAll(async () => {
  dist = await writeTinyProgram()
  host = await createNodeHost({ dist, cloud })
})
afterAll(() => rmSync(dist, { recursive: true }))

/** What the top page has written down. */
const log = async (of = host) => ((await of.order('page-data')) as { log: string[] }).log
/** Starts the app with code that has `wx`, `say`, `page` and `trace`, and returns what it has said. */
async function run(code: string, { of = host, ...card }: Card & { of?: NodeHost } = {}): Promise<string[]> {
  await of.open({ path: 'pages/lab/index', query: { code }, ...card })
  return log(of)
}
const other = (options: Partial<NodeHostOptions>) => createNodeHost({ dist, cloud, ...options })
const paths = async () => (await host.record()).stack.map(({ path }) => path.split('/')[1])

describe('routes', () => {
  const go = (steps: string) =>
    run(`(async function () { ${steps} })().catch(function (e) { trace.push(e.errMsg) })`)

  test('lead to a page with its query, also by a relative address', async () => {
    await go(`await wx.navigateTo({ url: '../tall/index?a=1&b=x=y' })`)
    expect((await host.record()).stack).toEqual([
      expect.objectContaining({ path: 'pages/lab/index' }),
      { path: 'pages/tall/index', query: { a: '1', b: 'x=y' } },
    ])
    await go(`await wx.redirectTo({ url: '/pages/tall/index' })`)
    expect(await paths()).toEqual(['tall'])
    await go(
      `await wx.navigateTo({ url: '/pages/tall/index' }); await wx.reLaunch({ url: '/pages/rich/index' })`,
    )
    expect(await paths()).toEqual(['rich'])
  })

  test('back go as far as there are pages, and never past the first', async () => {
    const three = `for (var i = 0; i < 2; i++) await wx.navigateTo({ url: '/pages/tall/index' });`
    await go(`${three} await wx.navigateBack()`)
    expect(await paths()).toEqual(['lab', 'tall'])
    await go(`${three} await wx.navigateBack({ delta: 9 })`)
    expect(await paths()).toEqual(['lab'])
    await go(`await wx.navigateBack(); await wx.navigateBack({ delta: 0 }); page.setData({ log: trace })`)
    // It stays, and nothing happens to it.
    expect([await paths(), await log()]).toEqual([['lab'], ['onLoad 1', 'onShow 1']])
  })

  test('between tabs keep a tab’s page, and close the pages over it; a new start keeps none', async () => {
    const kept = `await wx.switchTab({ url: '/pages/one/index' }); getCurrentPages()[0].setData({ log: ['kept'] });
      await wx.navigateTo({ url: '/pages/lab/index' });
      await wx.switchTab({ url: '/pages/two/index' });`
    const inPage = kept.replaceAll('getCurrentPages', 'page.pagesNow')
    const prepare = `page.pagesNow = page.getPagesNow;`
    await go(`${prepare} ${inPage} await wx.switchTab({ url: '/pages/one/index' })`)
    expect([await paths(), await log()]).toEqual([['one'], ['kept']])
    await go(`${prepare} ${inPage} await wx.reLaunch({ url: '/pages/one/index' })`)
    expect([await paths(), await log()]).toEqual([['one'], []])
    await go(`${prepare} ${inPage} await wx.reLaunch({ url: '/pages/lab/index' })
      await wx.switchTab({ url: '/pages/one/index' })`)
    expect([await paths(), await log()]).toEqual([['one'], []])
    await go(`${prepare} await wx.reLaunch({ url: '/pages/one/index' })
      page.pagesNow()[0].setData({ log: ['kept'] })
      await wx.switchTab({ url: '/pages/two/index' }); await wx.switchTab({ url: '/pages/one/index' })`)
    expect([await paths(), await log()]).toEqual([['one'], ['kept']])
  })

  test.each([
    [`wx.redirectTo({ url: '/pages/one/index' })`, 'redirectTo:fail can not redirectTo a tabbar page'],
    [`wx.navigateTo({ url: 'none' })`, 'navigateTo:fail page "pages/lab/none" is not found'],
    [`wx.navigateTo({})`, 'navigateTo:fail parameter error: parameter.url should be String'],
    [
      `wx.setNavigationBarTitle({})`,
      'setNavigationBarTitle:fail parameter error: parameter.title should be String',
    ],
    [`wx.setNavigationBarColor({ frontColor: 'white' })`, 'setNavigationBarColor:fail invalid frontColor'],
    [`wx.previewImage({ urls: [] })`, 'previewImage:fail parameter error: parameter.urls is empty'],
    [
      `wx.setClipboardData({ data: 1 })`,
      'setClipboardData:fail parameter error: parameter.data should be String',
    ],
    [`wx.saveImageToPhotosAlbum({})`, 'saveImageToPhotosAlbum:fail parameter error: parameter.filePath'],
    [`wx.showShareImageMenu({})`, 'showShareImageMenu:fail parameter error: parameter.path should be String'],
    [`wx.setStorage({ key: '' })`, 'setStorage:fail parameter error: parameter.key should be String'],
    [`wx.canvasToTempFilePath({})`, 'canvasToTempFilePath:fail canvas is empty'],
  ])('and other calls are refused with WeChat’s words: %s', async (call, says) => {
    expect((await run(`${call}.catch(function (e) { say(e.errMsg) })`))[0]).toContain(says)
  })
})

describe('an API', () => {
  test('gives a promise, or calls back; either comes after the call, and `complete` after both', async () => {
    expect(
      await run(`
        var told = function (name) { return function (e) { say(name + ' ' + (e.errMsg || e)) } }
        say(typeof wx.getStorageInfo({ success: told('success'), complete: told('complete') }))
        say(typeof wx.getStorageInfo({ complete: function () {} }))
        wx.getStorage({ key: 'none', fail: told('fail'), complete: told('completed') })
        wx.getNetworkType().then(function (e) { say('promised ' + e.networkType) })
        say('called')`),
    ).toEqual([
      'undefined',
      'undefined',
      'called',
      'success getStorageInfo:ok',
      'complete getStorageInfo:ok',
      'fail getStorage:fail data not found',
      'completed getStorage:fail data not found',
      'promised wifi',
    ])
  })

  test('is known by its name, and events reach the listeners that are left', async () => {
    await run(`
      say([wx.canIUse('showToast'), wx.canIUse('showToast.object.title'), wx.canIUse('inventTheWheel')].join())
      var first = function () { say('first') }, second = function () { say('second') }
      wx.onAppHide(first); wx.onAppHide(second); wx.offAppHide(first)
      wx.onAppShow(first); wx.onAppShow(second); wx.offAppShow()
      page.onHide = function () { say('page hidden') }
      page.onSaveExitState = function () { say('state saved') }
      page.onShow = function () { say('page shown') }`)
    await host.order('hide')
    await host.order('show')
    expect(await log()).toEqual([
      ...['true,true,false', 'page shown', 'page hidden', 'state saved', 'second', 'page shown'],
    ])
  })

  test('that fails says so as it was told to, and only where it can', async () => {
    const of = await other({
      faults: { setClipboardData: 'refused', getSystemInfoSync: 'fails', 'cloud.callFunction': 'fails' },
    })
    const said = await run(
      `wx.cloud.init()
       wx.setClipboardData({ data: 'a', fail: function (e) { say(e.errMsg) } })
       try { wx.getSystemInfoSync() } catch (e) { say(e.message) }
       wx.cloud.callFunction({ name: 'f' }).catch(function (e) { say(e.errMsg) })`,
      { of },
    )
    expect(said.sort()).toEqual([
      'cloud.callFunction:fail the host was told to fail',
      'getSystemInfoSync: the host was told to throw',
      'setClipboardData:fail auth deny',
    ])
  })
})

describe('the phone', () => {
  const window = `var info = wx.getWindowInfo(); say([info.windowWidth, info.windowHeight, info.safeArea.top, info.safeArea.bottom, info.safeArea.height].join())`

  test('reports a window without its bars, and in Moments the whole screen as safe', async () => {
    expect(await run(window)).toEqual(['390,753,47,810,763'])
    expect(await run(window, { scene: 1154 })).toEqual(['390,753,0,844,844'])
    // On a tab’s page the tab bar is no part of the window.
    await run(`wx.switchTab({ url: '/pages/one/index' }).then(function () {
      var info = wx.getWindowInfo(); wx.setStorageSync('height', info.windowHeight) })`)
    expect(JSON.parse(host.storage().height ?? '')).toEqual({ data: 704 })
  })

  test('reports its system, the theme and WeChat’s size of text', async () => {
    const read = `var base = wx.getAppBaseInfo(), own = wx.getDeviceInfo()
      say([base.theme, base.fontSizeScaleFactor, base.fontSizeSetting, own.platform, own.system].join())
      var all = wx.getSystemInfoSync(); say([all.theme, all.platform, all.windowWidth].join())`
    expect(await run(read)).toEqual(['light,1,16,ios,iOS 17.0', 'light,ios,390'])
    const device = { theme: 'dark', fontScale: 1.3, platform: 'android', width: 320 } as const
    expect(await run(read, { of: await other({ device }) })).toEqual([
      ...['dark,1.3,21,android,Android 14', 'dark,android,320'],
    ])
  })

  test('tells of a change of size, theme or network, and of nothing else', async () => {
    await run(`
      wx.onThemeChange(function (e) { say('theme ' + e.theme) })
      wx.onWindowResize(function (e) { say('window ' + e.size.windowWidth) })
      wx.onNetworkStatusChange(function (e) { say(e.networkType + ' ' + e.isConnected) })
      page.onResize = function (e) { say('page ' + e.size.windowHeight) }`)
    await host.changeDevice({ fontScale: 2 })
    await host.changeDevice({ height: 700 })
    await host.changeDevice({ networkType: '4g' })
    await host.changeDevice({ online: false })
    await host.changeDevice({ online: true, theme: 'dark' })
    expect(await log()).toEqual(['window 390', 'page 700', '4g true', 'none false', 'theme dark', '4g true'])
    await host.changeDevice({ fontScale: 1, height: 844, networkType: 'wifi', theme: 'light' })
  })

  test('without a network fails calls and requests, and reports them over', async () => {
    await host.changeDevice({ online: false })
    const said = await run(`wx.cloud.init()
      wx.cloud.callFunction({ name: 'f', fail: function (e) { say(e.errCode + ' ' + (e instanceof Error)) }, complete: function () { say('complete') } })
      say(typeof wx.request({ url: 'http://127.0.0.1:1/', fail: function (e) { say(e.errMsg.slice(0, 25)) } }).abort)
      wx.getImageInfo({ src: '/picture.png' }).catch(function (e) { say(e.errMsg.slice(0, 17)) })
      wx.getNetworkType().then(function (e) { say(e.networkType) })`)
    await host.changeDevice({ online: true })
    expect(said.sort()).toEqual([
      ...['-1 true', 'complete', 'function', 'getImageInfo:fail', 'none', 'request:fail errcode:-106'],
    ])
  })

  test('reaches the cloud once it was told to, and passes on what the platform refuses', async () => {
    expect(
      await run(`try { wx.cloud.callFunction({ name: 'f' }) } catch (e) { say(e.message) }
        wx.cloud.init()
        wx.cloud.callFunction({ name: 'f' }).then(function (e) { say(e.errMsg + ' ' + e.result.name) })
        wx.cloud.callFunction({ name: 'closed', fail: function (e) { say(e.errCode + ' ' + e.errMsg) } })
        wx.cloud.getTempFileURL({ fileList: ['cloud://a'] }).catch(function (e) { say(e.errCode) })`),
    ).toEqual([
      expect.stringContaining('please call wx.cloud.init first'),
      'cloud.callFunction:ok f',
      '-501023 cloud.callFunction:fail Error: errCode: -501023 | errMsg: Unauthenticated access is denied',
      '-503003',
    ])
  })

  test('answers dialogs, and keeps what was copied', async () => {
    expect(
      await run(`
        wx.showModal({ title: 'sure?' }).then(function (e) { say(e.confirm + ' ' + e.cancel) })
          .then(function () { return wx.showActionSheet({ itemList: ['a'] }) }).then(function (e) { say(e.tapIndex) })
          .then(function () { return wx.setClipboardData({ data: 'copied' }) })
          .then(function () { return wx.getClipboardData() }).then(function (e) { say(e.data) })`),
    ).toEqual(['true false', '0', 'copied'])
    expect(host.shown().map(({ name }) => name)).toEqual(['modal', 'action-sheet', 'toast'])
  })
})

describe('a page', () => {
  test('has the data that it has set, and is told when it is drawn', async () => {
    await run(`page.setData({ 'a.b[1]': { c: 1 }, none: undefined }, function () { say(JSON.stringify(this.data.a)) })
      var own = { deep: [1] }; page.setData({ own: own }); own.deep.push(2)`)
    expect(await host.order('page-data')).toEqual({
      log: ['{"b":[null,{"c":1}]}'],
      ...{ a: { b: [null, { c: 1 }] }, own: { deep: [1] } },
    })
    const [first] = (await host.record()).data
    expect(first).toMatchObject({ page: 'pages/lab/index', keys: ['a.b[1]', 'none'], at: launchedAt })
    expect(first?.json).toBe('{"a.b[1]":{"c":1}}')
    await run(`page.setData('words')`)
    expect((await host.record()).errors[0]).toContain('setData wants an object')
  })

  test('whose hook throws goes on, and the app hears of the error', async () => {
    await run(`page.onShow = function () { throw new Error('in a hook') }; say('open')`)
    expect((await host.record()).errors[0]).toMatch(/^pages\/lab\/index onShow: Error: in a hook/)
    expect(await log()).toEqual(['open'])
  })

  test('sees what it observes until it stops', async () => {
    await run(`var observer = wx.createIntersectionObserver(page)
      observer.relativeToViewport().observe('.one', function (e) {
        say(e.intersectionRatio); if (e.intersectionRatio === 1) observer.disconnect()
      })`)
    for (const [selector, ratio] of [
      ['.two', 0.3],
      ['.one', 0.5],
      ['.one', 1],
      ['.one', 0.2],
    ] as const)
      await host.intersect(selector, ratio)
    expect(await log()).toEqual(['0.5', '1'])
  })

  test('reaches its bottom, is pulled down, and goes back', async () => {
    await run(`page.onReachBottom = function () { say('bottom') }
      wx.navigateTo({ url: '/pages/lab/index' })`)
    expect(await paths()).toEqual(['lab', 'lab'])
    await host.pullDown()
    expect(await log()).toEqual(['pulled'])
    await host.back()
    await host.reachBottom()
    expect(await log()).toEqual(['bottom'])
    await host.open({ path: 'pages/lab/index', scene: 1154 })
    await expect(host.back()).rejects.toThrow('nowhere to go back to')
  })
})

describe('sharing', () => {
  test('takes what a promise gives within three seconds, else what was there at once', async () => {
    const shared = async (promise: string) => {
      await run(
        `page.onShareAppMessage = function () { return { title: 'now', path: '/a', promise: ${promise} } }`,
      )
      const share = host.share('friend')
      await host.settle(4_000)
      return (await share).result
    }
    const later = (ms: number) =>
      `new Promise(function (done) { setTimeout(done, ${ms}, { title: 'later' }) })`
    expect(await shared(later(2_900))).toEqual({ title: 'later', path: '/a' })
    expect(await shared(later(3_100))).toEqual({ title: 'now', path: '/a' })
    expect(await shared('Promise.reject(new Error())')).toEqual({ title: 'now', path: '/a' })
    expect(await shared('null')).toEqual({ title: 'now', path: '/a' })
  })

  test('in Moments needs both handlers, a link the last listener', async () => {
    await run(`page.onShareAppMessage = undefined`)
    await expect(host.share('moments')).rejects.toThrow('does not define onShareAppMessage')
    await expect(host.share('link')).rejects.toThrow('does not listen to CopyUrl')
    await run(
      `wx.onCopyUrl(function () { return { query: 'a=1' } }); wx.onCopyUrl(function () { return { query: 'b=2' } })`,
    )
    const link = { kind: 'link', from: 'menu', page: 'pages/lab/index', result: { query: 'b=2' } }
    expect(await host.share('link')).toEqual(link)
    await host.share('moments')
    expect((await host.record()).shares).toEqual([
      link,
      { ...link, kind: 'moments', result: { title: 'moments', query: 'a=1' } },
    ])
  })
})

test('a card that is tapped while the app is alive brings its page, alone, and its scene', async () => {
  await run(`wx.onAppHide(function () { wx.setStorageSync('hidden', 1) })
    wx.navigateTo({ url: '/pages/tall/index' })`)
  const code = encodeURIComponent(
    `var now = wx.getEnterOptionsSync(), first = wx.getLaunchOptionsSync()
     say([now.scene, now.query.a, first.scene, wx.getApiCategory()].join()); say(trace.map(function (one) { return one.split(' ')[0] }).join())`,
  )
  const enter = { path: 'pages/lab/index', query: { code, a: '%26' }, scene: 1007, referrerInfo: {} }
  await host.order('enter', enter)
  expect([await paths(), host.storage().hidden]).toEqual([['lab'], '{"data":1}'])
  expect(await log()).toEqual(['1007,%26,1001,default', 'onLoad,onShow,onHide,onReady,onUnload,onLoad'])
  await host.order('enter', { ...enter, path: 'pages/gone/index' })
  expect(await log()).toEqual(['lost pages/gone/index'])
})

test('the storage holds copies, and what is removed is gone at the next start', async () => {
  await run(`wx.clearStorageSync()
    var kept = { a: 1 }; wx.setStorageSync('kept', kept); kept.a = 2
    wx.setStorageSync('gone', 1); wx.removeStorageSync('gone')
    try { wx.setStorageSync('', 1) } catch (e) { say(e.message) }
    say(wx.getStorageSync('kept')); say(wx.getStorageSync('gone') === '')`)
  expect(await log()).toEqual([
    ...['setStorageSync:fail parameter error: parameter.key should be String', '{"a":1}', 'true'],
  ])
  expect(await run(`say(wx.getStorageInfoSync().keys.join()); say(wx.getStorageSync('kept'))`)).toEqual([
    ...['kept', '{"a":1}'],
  ])
  const large = `wx.setStorageSync('large', new Array(500 * 1024).join('x'));`
  expect(
    await run(`${large} say(wx.getStorageInfoSync().currentSize > 499); wx.removeStorageSync('large')
      say(wx.getStorageInfoSync().currentSize); wx.setStorageSync('kept', { b: 2 })`),
  ).toEqual(['true', '1'])
  expect(host.storage()).toEqual({ kept: '{"data":{"b":2}}' })
  await run(`wx.removeStorageSync('kept')`)
  expect(host.storage()).toEqual({})
})
