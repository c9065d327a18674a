import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'

/** Adds a line to the page's log, which its markup shows: what a test waits for. */
const note = `function note (page, words) { page.setData({ log: page.data.log.concat([words]) }) }`

/** A page that writes down what happens to it; `members` are those of its definition. */
function page(name: string, markup: string, members = '', json: object = {}): Record<string, string> {
  return {
    [`${name}.json`]: JSON.stringify(json),
    [`${name}.wxml`]: `${markup}<view class="log" wx:for="{{log}}" wx:key="index">{{item}}</view>`,
    [`${name}.js`]: `${note}\nPage({ data: { log: [] }, ${members} })`,
  }
}

const swiperItems = ['a', 'b', 'c']
  .map(id => `<swiper-item item-id="${id}"><view style="height:100%">page ${id}</view></swiper-item>`)
  .join('')
const sized = 'style="width:100px;height:100px"'

/** A mini-program of a few lines, in WeChat's own syntax, to try the host itself on. */
const files: Record<string, string> = {
  'app.json': JSON.stringify({
    pages: [
      'pages/one/index',
      'pages/two/index',
      ...[
        'lab',
        'swiper',
        'scroll',
        'rich',
        'input',
        'button',
        'image',
        'canvas',
        'tall',
        'off',
        'styles',
        'floating',
        'own-bar',
      ].map(name => `pages/${name}/index`),
    ],
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
  // The trace outlives its pages: lifecycles are read from it.
  'app.js': `App({ trace: [], onPageNotFound: function (lost) { wx.redirectTo({ url: '/pages/lab/index?lost=' + lost.path }) } })`,
  ...page(
    'pages/one/index',
    '<view bindtap="far">far</view>',
    `far: function () { wx.navigateTo({ url: '/more/far/index' }) }`,
  ),
  ...page('pages/two/index', '<view>second</view>'),
  ...page('more/far/index', '<view>from afar</view>'),

  // Runs the code of its query with `wx`, `say` (adds to the log), the page itself and the trace of lifecycles.
  ...page(
    'pages/lab/index',
    '<view class="one" id="first" data-word="hello" style="margin:10px 20px;height:30px">target</view><view class="one" aria-role="radio" aria-checked="{{said.yes}}" aria-hidden="{{said.no}}" aria-label="{{said.nothing}}">other</view>',
    `onLoad: function (query) {
      var self = this
      this.trace('onLoad')
      if (query.lost) note(this, 'lost ' + query.lost)
      if (query.code) new Function('wx', 'say', 'page', 'trace', decodeURIComponent(query.code))(wx, function (words) {
        note(self, typeof words === 'string' ? words : JSON.stringify(words))
      }, this, getApp().trace)
    },
    trace: function (hook) { getApp().trace.push(hook + ' ' + getCurrentPages().length) },
    getPagesNow: function () { return getCurrentPages() },
    onShow: function () { this.trace('onShow') }, onReady: function () { this.trace('onReady') },
    onHide: function () { this.trace('onHide') }, onUnload: function () { this.trace('onUnload') },
    onPullDownRefresh: function () { note(this, 'pulled'); wx.stopPullDownRefresh() },
    onShareAppMessage: function (by) { return { title: 'by ' + by.from, path: '/pages/lab/index' } },
    onShareTimeline: function () { return { title: 'moments', query: 'a=1' } }`,
    { enablePullDownRefresh: true, navigationBarTitleText: '试验' },
  ),
  ...page(
    'pages/swiper/index',
    `<swiper id="plain" current="{{at}}" duration="0" indicator-dots indicator-color="rgb(1, 2, 3)" indicator-active-color="rgb(4, 5, 6)" bindchange="turned" bindanimationfinish="turned">${swiperItems}</swiper>
     <swiper id="round" circular duration="0" bindchange="turned">${swiperItems}</swiper>
     <swiper id="upright" vertical duration="0" bindchange="turned">${swiperItems}</swiper>
     <swiper id="self" wx:if="{{auto}}" autoplay interval="200" duration="0" bindchange="turned">${swiperItems}</swiper>
     <view bindtap="last">to the last</view><view bindtap="start">start</view>`,
    `turned: function (e) {
      var d = e.detail
      note(this, [e.currentTarget.id, e.type, d.current, d.currentItemId, d.source || 'data'].join(' '))
    },
    last: function () { this.setData({ at: 2 }) }, start: function () { this.setData({ auto: true }) }`,
  ),
  ...page(
    'pages/scroll/index',
    `<scroll-view id="box" scroll-y style="height:100px" scroll-top="{{top}}" scroll-into-view="{{into}}" bindscroll="scrolled" bindscrolltolower="edge" bindscrolltoupper="edge">
       <view style="height:400px">high</view><view id="goal" style="height:400px">goal</view>
     </scroll-view>
     <view bindtap="down">down</view><view bindtap="show">show</view>`,
    `scrolled: function (e) { this.setData({ seen: e.detail }); if (e.detail.scrollTop === 120) note(this, 'scroll ' + e.detail.scrollTop + ' of ' + e.detail.scrollHeight) },
    edge: function (e) { note(this, e.type + ' ' + e.detail.direction) },
    down: function () { this.setData({ top: 120 }) }, show: function () { this.setData({ into: 'goal' }) }`,
  ),
  ...page(
    'pages/rich/index',
    '<rich-text id="text" nodes="{{text}}"/><rich-text id="tree" nodes="{{tree}}"/>',
    `onLoad: function () { this.setData({
      text: '<p id="gone" class="kept" style="color:red" onclick="x()">words <b>bold</b></p><script>x()</' + 'script><video>film</video>',
      tree: [{ name: 'div', attrs: { class: 'kept', onclick: 'x()' }, children: [{ type: 'text', text: 'a < b' }] }, { name: 'iframe', children: [{ type: 'text', text: 'framed' }] }]
    }) }`,
  ),
  ...page(
    'pages/input/index',
    `<input id="box" value="{{value}}" maxlength="5" placeholder="say" bindinput="told" bindfocus="told" bindblur="told" bindconfirm="told"/>
     <input id="long" maxlength="-1" bindinput="told"/><input id="secret" password value="x"/><input id="shut" disabled value="no"/>
     <view bindtap="put">put</view><view bindtap="clear">clear</view>`,
    `told: function (e) { note(this, e.type + ' ' + e.detail.value) },
    put: function () { this.setData({ value: 'put' }) }, clear: function () { this.setData({ value: '' }) }`,
  ),
  ...page(
    'pages/button/index',
    '<button id="share" open-type="share" data-story="s1" bindtap="told">share me</button><button disabled bindtap="told">disabled</button><button bindtap="told">enabled</button>',
    `told: function () { note(this, 'told') },
    onShareAppMessage: function (by) { return { title: by.from + ' ' + by.target.dataset.story, path: '/pages/button/index' } }`,
  ),
  ...page(
    'pages/image/index',
    `${['scaleToFill', 'aspectFit', 'aspectFill', 'center'].map(mode => `<image id="${mode}" mode="${mode}" src="/picture.png" ${sized}/>`).join('')}
     <image id="default" src="/picture.png" ${sized}/>
     <image id="widthFix" mode="widthFix" src="/picture.png" ${sized}/><image id="heightFix" mode="heightFix" src="../../picture.png" ${sized} bindload="loaded"/>
     <image id="none" src="/none.png" binderror="failed"/>`,
    `loaded: function (e) { note(this, 'loaded ' + e.detail.width + ' x ' + e.detail.height) },
    failed: function (e) { note(this, 'failed ' + e.detail.errMsg) }`,
  ),
  // A poster in small: a box, a picture and words, cut out and enlarged into a file that an image shows.
  ...page(
    'pages/canvas/index',
    `<canvas id="poster" type="2d" style="width:100px;height:50px"/><image id="made" src="{{made}}" style="width:60px;height:40px" bindload="loaded"/>`,
    `onReady: function () {
      var self = this
      wx.createSelectorQuery().select('#poster').fields({ node: true, size: true }).exec(function (found) {
        var canvas = found[0].node, ctx = canvas.getContext('2d')
        note(self, 'size ' + found[0].width + ' x ' + found[0].height)
        canvas.width = 200; canvas.height = 100
        ctx.fillStyle = 'rgb(255, 0, 0)'; ctx.fillRect(0, 0, 200, 100)
        ctx.font = '16px sans-serif'
        note(self, 'measured ' + (ctx.measureText('wide').width > 20))
        var picture = canvas.createImage()
        picture.onload = function () {
          note(self, 'picture ' + picture.width + ' x ' + picture.height)
          ctx.drawImage(picture, 100, 50, 40, 20)
          wx.canvasToTempFilePath({ canvas: canvas, x: 90, y: 40, width: 60, height: 40, destWidth: 120, destHeight: 80, fileType: 'png',
            success: function (file) { self.setData({ made: file.tempFilePath }) } })
        }
        picture.src = '/picture.png'
      })
      var missing = wx.createOffscreenCanvas({ type: '2d', width: 1, height: 1 }).createImage()
      missing.onerror = function () { note(self, 'no such picture') }
      missing.src = '/none.png'
    },
    loaded: function (e) { note(this, 'made ' + e.detail.width + ' x ' + e.detail.height) }`,
  ),
  ...page(
    'pages/tall/index',
    `<view style="height:300px">top</view><view class="mark" data-name="near" style="height:100px">near</view>
     <view style="height:1500px"/><view class="mark" data-name="deep" style="height:100px">deep</view><view style="height:500px"/>`,
    `onReady: function () {
      var self = this
      function watch (name, options, margins) {
        var observer = wx.createIntersectionObserver(self, options)
        observer.relativeToViewport(margins).observe('.mark', function (e) {
          note(self, [name, e.dataset.name, e.intersectionRatio > 0 ? 'in' : 'out'].join(' '))
          if (name === 'once') observer.disconnect()
        })
      }
      watch('all', { observeAll: true }, {})
      watch('told', { observeAll: true, initialRatio: 1 }, {})
      watch('early', { observeAll: true }, { bottom: 2000 })
      watch('once', {}, {})
    },
    onPageScroll: function (e) { this.scrolled = e.scrollTop },
    onReachBottom: function () { note(this, 'bottom') }`,
  ),
  ...page('pages/floating/index', '<view>floating</view>', '', { singlePage: { navigationBarFit: 'float' } }),
  ...page('pages/own-bar/index', '<view>own bar</view>', '', { navigationStyle: 'custom' }),
  // One class a selector: the test reads which views each of them coloured.
  ...page(
    'pages/styles/index',
    ['odd', 'third', 'first-two', 'even-marked']
      .map(name => `<view id="${name}" class="${name}">${'<view class="mark">.</view>'.repeat(4)}</view>`)
      .join(''),
  ),
  'pages/styles/index.wxss': `
    .odd view:nth-child(2n+1), .third view:nth-last-child(2), .first-two .mark:nth-of-type(-n + 2),
    .even-marked :nth-child(even of view.mark) { color: rgb(1, 2, 3) }`,
  ...page(
    'pages/off/index',
    `<form/><navigator/><navigation-bar/><editor/><camera/><web-view/><open-data/><official-account/>
     <functional-page-navigator/><live-pusher/><button open-type="share">share</button><button>plain</button>`,
  ),
}

/** Writes the mini-program into a new folder, a picture of 40 × 20 blue pixels included. Remove it when done. */
export async function writeTinyProgram(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tiny-weapp-'))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const blue = { width: 40, height: 20, channels: 3, background: { r: 0, g: 0, b: 255 } } as const
  await sharp({ create: blue }).png().toFile(path.join(folder, 'picture.png'))
  return folder
}
