import fs from 'node:fs'
import path from 'node:path'

/**
 * What WeChat's rules forbid around sharing (运营规范 5.1, 5.2): rewards, conditions and pressure. And, because readers come
 * from Moments, what urges them to open the mini-program.
 */
const forbidden =
  /(分享|转发|邀请)[^，。；！]{0,8}(后|才能|即可|解锁|领取|得|送|有礼|奖)|(解锁|领取|获得)[^，。；]{0,8}(分享|转发)|集赞|求赞|助力|砍一刀|拼团|红包|抽奖|(分享|转发)(给|到)?[^，。；」]{0,4}(\d+|[三五十多几])个?(群|好友|人)|转发到群|不转|必转|疯转|请(立即|马上)?转发|快去(分享|转发)|打开(完整版|小程序)|前往小程序|下载.{0,4}(app|应用)/i

const filesUnder = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(file) : /\.(tsx?|json)$/.test(entry.name) ? [file] : []
  })

/** All Chinese texts of a source file, without its comments. */
const textsOf = (source: string): string[] =>
  source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').match(/[^'"`<>{}\n]*[\u4e00-\u9fff][^'"`<>{}\n]*/g) ??
  []

const wrongIn = (source: string): string[] => textsOf(source).filter(text => forbidden.test(text))

test('no text of the app rewards, demands or presses for sharing, or urges to open the mini-program', () => {
  const files = filesUnder('src')
  expect(files.length).toBeGreaterThan(100)
  const texts = files.flatMap(file => textsOf(fs.readFileSync(file, 'utf8')))
  // The check reads the texts: these stand on three different pages.
  const known = ['您此时的心情', '点击右上角', '没有更多了']
  for (const text of known) expect(texts.some(one => one.includes(text))).toBe(true)
  expect(
    files.flatMap(file => wrongIn(fs.readFileSync(file, 'utf8')).map(text => `${file}: ${text}`)),
  ).toEqual([])
})

test.each([
  '分享后解锁全文',
  '转发即可领取',
  '解锁全文请分享',
  '集赞有礼',
  '转发到群',
  '分享给3个好友',
  '分享到三个群继续阅读',
  '邀请好友得红包',
  '请马上转发',
  '打开小程序看完整版',
])('a page that says %s is found', words => {
  expect(wrongIn(`const x = '${words}'`)).toHaveLength(1)
  expect(wrongIn(`<Text>${words}</Text>`)).toHaveLength(1)
})

test.each([
  '微信好友',
  '在弹出的菜单里选「发送给朋友」或「分享到朋友圈」',
  '分享时，云端记下文章被分享的次数，不记录是谁分享给了谁。',
])('a page may say %s', words => {
  expect(wrongIn(`const x = '${words}'`)).toEqual([])
})
