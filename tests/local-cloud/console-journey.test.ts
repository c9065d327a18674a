import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Dialog, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import type { OutputOf } from '#contract/endpoint'
import { readHome } from '#contract/home'
import { built, got, putRows, rowsOf, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { attack, field } from '../support/hostile-rows'
import type { CloudProcess } from '../support/local-cloud'
import { openPhone } from '../web/phone'

// An editor who knows only the console: from a new row to a story on the home page.

const root = path.resolve(__dirname, '../..')
const key = 'a-key-of-an-editor'
const keys = JSON.stringify({ 王编辑: createHash('sha256').update(key).digest('hex') })

let cloud: CloudProcess
let browser: Browser
let desk: BrowserContext
let page: Page
/** What a reader sees on a phone. */
let phone: Page
const faults: string[] = []

beforeAll(async () => {
  await built('functions', 'console', 'stories', 'web')
  ;[cloud, browser] = await Promise.all([
    startAppCloud({
      hostingFolder: path.join(root, 'dist/web'),
      args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`, '--console', path.join(root, 'dist/console')],
    }),
    launchBrowser(),
  ])
  desk = await browser.newContext({ locale: 'zh-CN', timezoneId: 'America/New_York' })
  desk.setDefaultTimeout(15_000)
  page = await desk.newPage()
  phone = await (await openPhone(browser)).newPage()
  for (const one of [page, phone]) one.on('pageerror', error => faults.push(String(error)))
}, 180_000)
afterEach(() => expect(faults).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
const write = (label: string, text: string) => page.getByLabel(new RegExp(`^${label}(（必填）)?$`)).fill(text)

async function runEditor(event: object): Promise<void> {
  await press('云函数')
  await page.getByLabel('云函数', { exact: true }).selectOption('editor')
  await page.getByLabel('测试参数（JSON）').fill(JSON.stringify({ key, ...event }))
  await press('运行')
}

/** The value that a field of the form holds. */
const written = (label: string) => page.getByLabel(new RegExp(`^${label}(（必填）)?$`)).inputValue()

async function save(): Promise<void> {
  await press('保存')
  await page.getByRole('status').filter({ hasText: '已保存' }).waitFor()
}

/** Runs the timer and reads the row again. */
async function tick(): Promise<void> {
  await press('马上运行定时任务')
  await page.getByRole('status').filter({ hasText: '定时任务已运行' }).waitFor()
  await page.getByRole('button', { name: '保存', exact: true }).waitFor()
}

/** The home page as a reader sees it, when instances have forgotten what they had read. */
async function homeOf(): Promise<OutputOf<typeof readHome>> {
  await cloud.control('clock', { move: 4_000 })
  return got(cloud, await cloud.signIn(), readHome, {})
}

/** The headlines on the home page of a reader's phone. */
async function headlines(): Promise<string[]> {
  await cloud.control('clock', { move: 4_000 })
  await phone.goto(cloud.previewUrl)
  return phone.locator('.feed-item-title').allInnerTexts()
}

/** The headline of the story that the phone has open, when instances have forgotten what they had read. */
async function headlineAgain(): Promise<string> {
  await cloud.control('clock', { move: 4_000 })
  await phone.reload()
  return phone.locator('.head-title').innerText()
}

/** Opens the row of a title from the list. */
async function openRow(title: string): Promise<void> {
  await press('数据')
  const back = page.getByRole('button', { name: '返回列表', exact: true })
  const list = page.getByLabel('集合', { exact: true })
  await back.or(list).first().waitFor()
  if (await back.isVisible()) await back.click()
  await list.selectOption('drafts')
  await page.getByRole('row', { name: title }).getByRole('button', { name: '打开' }).click()
}

test('an editor writes a row in the form, reads its problems, corrects it, and readers find the story', async () => {
  await page.goto(`${cloud.url}/console`)
  await page.getByLabel('口令').fill('not-the-token')
  await press('进入')
  await page.getByRole('alert').filter({ hasText: '口令不对' }).waitFor()
  await page.getByLabel('口令').fill(cloud.consoleToken)
  await press('进入')

  await page.getByLabel('集合', { exact: true }).selectOption('drafts')
  await press('新增一行')
  await write('_id', 'whale-fall')
  await write('标题', '鲸落为什么能养活深海')
  await press('保存')
  await page.getByRole('alert').filter({ hasText: '导语：必填' }).waitFor()
  await write('导语', '一头鲸沉到海底，会变成一片绿洲。')
  await write('频道', '海洋')
  await write('栏目', '海洋')
  await write('正文', '一头鲸沉到海底。\n\n它养活**三批**居民。')
  const picture = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer()
  await page
    .getByLabel('上传封面', { exact: true })
    .setInputFiles({ name: 'whale.jpg', mimeType: 'image/jpeg', buffer: picture })
  await page.getByRole('img', { name: '封面的预览' }).waitFor()
  await write('封面说明', '海底的鲸骨')
  await write('版位', '视觉焦点')
  await write('版位次序', '1')
  const outlook = page.getByRole('region', { name: '保存以后会怎样' })
  await outlook.getByText('状态是 草稿，保存以后不会发布').waitFor()
  await press('待发布')
  expect(await written('状态')).toBe('待发布')
  await outlook.getByText('保存以后不会发布，请先照下面改').waitFor()
  await save()
  await tick()
  const problems = page.getByRole('region', { name: '问题' })
  await problems.getByText('频道：没有“海洋”，请从 前沿、生命、地球、生活 中选').waitFor()
  expect(await headlines()).toEqual([])
  await press('地球')
  await outlook.getByText('保存以后，两分钟之内发布').waitFor()
  await press('马上运行定时任务')
  await page.getByRole('alert').filter({ hasText: '还没有保存' }).waitFor()
  expect(await written('频道')).toBe('地球')
  await save()
  await tick()
  expect(await written('状态')).toBe('已发布')
  const link = page.getByRole('region', { name: '地址' }).getByRole('link')
  expect(await link.getAttribute('href')).toMatch(/^\/a\/[0-9a-z]{10}$/)
  expect((await homeOf()).feed.items[0]).toMatchObject({
    title: '鲸落为什么能养活深海',
    cover: { alt: '海底的鲸骨' },
  })
  await press('首页布局')
  await page.getByLabel('编辑口令').fill(key)
  await press('记住编辑口令')
  await press('查看首页')
  const focus = page.getByRole('region', { name: '视觉焦点' })
  await focus.getByText('第 1 位　《鲸落为什么能养活深海》　责编排在这一位，没有写结束时间').waitFor()
  await openRow('鲸落为什么能养活深海')
  await page.getByRole('heading', { name: '稿件：《鲸落为什么能养活深海》' }).waitFor()
  await page.getByRole('button', { name: '返回列表' }).waitFor()
}, 120_000)

test('then schedules a second, previews it, corrects the first, restores its older version and withdraws it', async () => {
  await press('返回列表')
  await press('新增一行')
  const fields = { 标题: '极光预报', 导语: '今晚看极光。', 频道: '前沿', 栏目: '天文', 正文: '向北看。' }
  for (const [label, text] of Object.entries({ _id: 'aurora', ...fields })) await write(label, text)
  // Beijing time, although the browser is in New York.
  const inAnHour = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 16)
  await write('发布时间', inAnHour)
  await write('状态', '待发布')
  const outlook = page.getByRole('region', { name: '保存以后会怎样' })
  await outlook.getByText(`状态变成 已定时，北京时间 ${inAnHour.replace('T', ' ')} 发布`).waitFor()
  await save()
  await tick()
  expect(await written('状态')).toBe('已定时')
  expect(await written('发布时间')).toBe(inAnHour)
  expect(await headlines()).toEqual(['鲸落为什么能养活深海'])

  // The key was entered once, on the page of the home page.
  await press('预览')
  const link = await page.getByRole('link', { name: /\/preview\?/ }).getAttribute('href')
  await phone.goto(`${cloud.previewUrl}${link}`)
  await phone.getByText('预览：还没有发布').waitFor()
  expect(await phone.locator('.head-title').innerText()).toBe('极光预报')
  await phone.locator('.preview-mark').waitFor({ state: 'attached' })
  await phone.goto(`${cloud.previewUrl}${link?.replace(/.{16}$/, '0123456789abcdef')}`)
  await phone.getByText('这个预览打不开').waitFor()
  expect(await headlines()).toEqual(['鲸落为什么能养活深海'])

  await cloud.control('clock', { move: 3_700_000 })
  await tick()
  expect(await written('状态')).toBe('已发布')
  expect(await headlines()).toEqual(['极光预报', '鲸落为什么能养活深海'])

  await press('返回列表')
  await openRow('鲸落')
  await write('标题', '鲸落养活深海')
  await write('更正说明', '标题太长。')
  await write('状态', '待发布')
  await save()
  await tick()
  expect(await headlines()).toContain('鲸落养活深海')
  await phone.locator('.feed-item-title', { hasText: '鲸落养活深海' }).click()
  await phone.getByText('：标题太长。').waitFor()
  await press('和第 2 版比较')
  await page.getByText('【删：为什么能】').waitFor()
  await press('让读者看到这一版')
  await page.getByText('已恢复第 1 版的内容').waitFor()
  expect(await headlineAgain()).toBe('鲸落为什么能养活深海')
  // One message at a time, and none about the row as it was before it was saved.
  expect(await page.getByText('定时任务已运行').count()).toBe(0)
  await save()
  expect(await page.getByText('已恢复第 1 版的内容').count()).toBe(0)

  await runEditor({ action: 'check', draft: 'whale-fall' })
  await page.getByText('没有问题').waitFor()
  await openRow('鲸落')
  await write('状态', '待撤回')
  await write('撤回原因', '图片没有得到许可。')
  await save()
  await tick()
  expect(await written('状态')).toBe('已撤回')
  await cloud.control('clock', { move: 4_000 })
  await phone.reload()
  await phone.getByText('撤回原因：图片没有得到许可。').waitFor()
  expect(await headlines()).toEqual(['极光预报'])
}, 120_000)

test('the form reports problems while the editor types, uploads pictures, and converts pasted text to Markdown', async () => {
  await press('返回列表')
  await press('新增一行')
  await write('标题', '粘贴')
  const outlook = page.getByRole('region', { name: '保存以后会怎样' })
  await outlook.getByText('导语：还没有填写，请写上').waitFor()
  for (const [label, text] of Object.entries({ 导语: '一句话', 频道: '地球', 栏目: '海洋' }))
    await write(label, text)
  const body = page.getByLabel('正文（必填）')
  await body.fill('正文')
  await body.focus()
  await body.press('Control+End')
  const paste = (html: string, plain: string) =>
    page.evaluate(
      data => {
        const clipboardData = new DataTransfer()
        for (const [kind, text] of Object.entries(data)) clipboardData.setData(kind, text)
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
        document.activeElement?.dispatchEvent(event)
      },
      { 'text/html': html, 'text/plain': plain },
    )
  await paste('<p class=MsoNormal>一段</p>\n<p class=MsoNormal>又一段</p>', '一段\r\n又一段')
  await expectText(body, /^正文\n\n一段\n\n又一段\n\n$/)
  await body.fill('正文')
  await body.press('Control+End')
  await paste('<h2>大标题</h2><p>一<b>粗</b>话</p><ul><li>甲</li></ul>', '大标题 一粗话 甲')
  await expectText(body, /^正文\n\n## 大标题\n\n一\*\*粗\*\*话\n\n- 甲\n\n$/)
  await outlook.getByText('没有发现问题').waitFor()
  await body.press('Control+End')
  const buffer = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer()
  await page
    .getByLabel('插入图片', { exact: true })
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer })
  await expectText(body, /- 甲\n\n!\[替代文字\]\(cloud:\S+\.jpg "说明｜图：出处"\)/)
  // In a narrow window too, nothing is wider than the window, and what is pressed is large enough; what is missing is red.
  const size = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ width: 390, height: 800 })
  const { width, low, red } = await page.evaluate(() => ({
    red: Array.from(document.querySelectorAll('.console-bad'), one => getComputedStyle(one).color).every(
      colour => Number(colour.slice(4).split(',')[0]) > Number(colour.split(',')[1]),
    ),
    width: document.documentElement.scrollWidth,
    low: Array.from(
      document.querySelectorAll('button, select, textarea, input:not([type=file], [type=checkbox])'),
    )
      .filter(one => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 39.5)
      .map(one => one.textContent),
  }))
  await page.setViewportSize(size)
  expect({ width, low, red }).toEqual({ width: 390, low: [], red: true })
  const broken = { name: 'b.jpg', mimeType: 'image/jpeg', buffer: buffer.subarray(0, 100) }
  await page.getByLabel('上传封面', { exact: true }).setInputFiles(broken)
  await page.getByRole('alert').filter({ hasText: '这个文件打不开，可能不是图片' }).waitFor()
}, 60_000)

/** Waits until a field holds a text. */
async function expectText(field: Locator, text: RegExp): Promise<void> {
  const until = Date.now() + 15_000
  for (;;) {
    const now = await field.inputValue()
    if (text.test(now) || Date.now() > until) return expect(now).toMatch(text)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
}

test('if two editors change one row, the second gets a message, and no text is lost', async () => {
  const rows = [
    {
      _id: 'shared',
      title: '原来的标题',
      teaser: '原来的导语',
      channel: '地球',
      column: '海洋',
      body: '原文',
    },
    { _id: 'by-key', title: '用英文写栏目', channel: 'life', column: 'body' },
  ]
  await cloud.control('import', {
    collection: 'drafts',
    lines: rows.map(row => JSON.stringify(row)).join('\n'),
  })
  const other = await desk.newPage()
  other.on('pageerror', error => faults.push(String(error)))
  for (const one of [page, other]) {
    await one.goto(`${cloud.url}/console`)
    await one.getByLabel('口令').fill(cloud.consoleToken)
    await one.getByRole('button', { name: '进入' }).click()
    await one.getByLabel('集合', { exact: true }).selectOption('drafts')
    await one.getByRole('row', { name: '原来的标题' }).getByRole('button', { name: '打开' }).click()
  }
  const listed = await desk.newPage()
  await listed.goto(`${cloud.url}/console`)
  await listed.getByLabel('口令').fill(cloud.consoleToken)
  await listed.getByRole('button', { name: '进入' }).click()
  const collections = listed.getByLabel('集合', { exact: true }).locator('option')
  // The console asks the cloud for the collections; reading all texts does not wait for them.
  await collections.first().waitFor({ state: 'attached' })
  expect(await collections.allInnerTexts()).toEqual(['稿件', '云投', '每日小结', '专题'])
  await listed.getByLabel('筛选', { exact: true }).selectOption('channel')
  await listed.getByLabel('包含').fill('生命')
  await listed.getByRole('button', { name: '筛选' }).click()
  await listed.getByText('共 1 行').waitFor()
  await listed.getByRole('row', { name: '用英文写栏目' }).getByRole('cell', { name: '生命' }).waitFor()
  await listed.close()
  const fill = (one: Page, label: string, text: string) => one.getByLabel(`${label}（必填）`).fill(text)
  await fill(page, '标题', '第一个人的标题')
  await fill(page, '导语', '第一个人的导语')
  await save()
  await fill(other, '标题', '第二个人的标题')
  await fill(other, '正文', '第二个人的正文')
  await other.getByRole('button', { name: '保存', exact: true }).click()
  await other.getByRole('alert').filter({ hasText: '在别处改过，所以没有保存' }).waitFor()
  await other.getByRole('button', { name: '读最新的，再写上我改的' }).click()
  const told = other.getByRole('status').filter({ hasText: '别人改了：标题、导语' })
  await told.getByText('别人写的是：第一个人的标题').waitFor()
  await other.getByRole('button', { name: '保存', exact: true }).click()
  await other.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  const saved = (await rowsOf(cloud, 'drafts')).find(({ _id }) => _id === 'shared')
  expect(saved).toMatchObject({ title: '第二个人的标题', teaser: '第一个人的导语', body: '第二个人的正文' })
  await other.close()
}, 60_000)

test('the form shows what a row of an import holds as text, and changes only what the editor changes', async () => {
  const texts = { tags: '深海、鲸落', publishAt: '2026/11/22 9:15' }
  const required = { title: '导入的', teaser: '导语', channel: '地球', column: '海洋', body: '正文。' }
  const twoLines = { related: ['甲\n乙'], author: '林海\n王海' }
  const row = { _id: 'imported', ...required, ...texts, ...twoLines, facts: '甲，2015\n乙' }
  await putRows(cloud, 'drafts', [{ ...row, offlineAt: '明天', from: 1e300 }])
  await openRow('导入的')
  expect(await written('发布时间')).toBe('2026-11-22T09:15')
  expect(await written('资料来源 2')).toBe('乙')
  expect(await written('标签 1')).toBe('深海')
  expect(await written('相关阅读 1')).toBe('甲\n乙')
  expect(await written('作者')).toBe('林海\n王海')
  await page.getByText('这里现在写着“1e+300”').waitFor()
  await page.getByText('这里现在写着“明天”').getByRole('button', { name: '清空' }).click()
  await press('添加资料来源')
  await write('资料来源 3', '丙')
  await save()
  const [saved] = (await rowsOf(cloud, 'drafts')).filter(({ _id }) => _id === 'imported')
  expect(saved).toMatchObject({ ...texts, ...twoLines, facts: ['甲，2015', '乙', '丙'] })
  expect(saved).not.toHaveProperty('offlineAt')
}, 60_000)

/** Clicks a button twice before the page can draw itself again. */
const pressTwice = (name: string) =>
  page.getByRole('button', { name, exact: true }).evaluate((button: HTMLElement) => {
    button.click()
    button.click()
  })

test('a double click saves a row once, and what is not saved is not lost without a question', async () => {
  await press('返回列表')
  await press('新增一行')
  const fields = { 标题: '按了两次', 导语: '一句话', 频道: '地球', 栏目: '海洋', 正文: '正文。' }
  for (const [label, text] of Object.entries(fields)) await write(label, text)
  await pressTwice('保存')
  await page.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  await write('导语', '另一句话')
  await pressTwice('保存')
  await page.getByRole('status').filter({ hasText: '已保存' }).waitFor()
  const saved = (await rowsOf(cloud, 'drafts')).filter(({ title }) => title === '按了两次')
  expect(saved).toMatchObject([{ teaser: '另一句话' }])

  // The cloud saves the row, but its answer is lost. The editor presses again, after another change and without one.
  const losing = (times: number) =>
    page.route(
      '**/console/api/save',
      async route => {
        await route.fetch()
        await route.abort()
      },
      { times },
    )
  for (const changed of [false, true]) {
    await press('返回列表')
    await press('新增一行')
    const title = changed ? '改了再存' : '再存一次'
    for (const [label, text] of Object.entries({ ...fields, 标题: title })) await write(label, text)
    await losing(1)
    await press('保存')
    await page.getByRole('alert').filter({ hasText: '本地云没有回答' }).waitFor()
    if (changed) await write('导语', '后来的一句话')
    await press('保存')
    if (changed) {
      await page.getByRole('alert').filter({ hasText: '其实存上了' }).waitFor()
      await press('读最新的，再写上我改的')
      await page.getByRole('status').filter({ hasText: '还没有保存' }).waitFor()
      await press('保存')
    }
    await page.getByRole('status').filter({ hasText: '已保存' }).waitFor()
    const once = (await rowsOf(cloud, 'drafts')).filter(row => row.title === title)
    expect(once).toMatchObject([{ teaser: changed ? '后来的一句话' : '一句话' }])
  }

  const asked: string[] = []
  let isLeft = false
  const answer = (dialog: Dialog) => {
    asked.push(dialog.message())
    void (isLeft ? dialog.accept() : dialog.dismiss())
  }
  page.on('dialog', answer)
  const isHeld = () =>
    page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })))
  try {
    expect(await isHeld()).toBe(false)
    await write('导语', '没有保存')
    expect(await isHeld()).toBe(true)
    await press('返回列表')
    await press('首页布局')
    expect(await written('导语')).toBe('没有保存')
    isLeft = true
    await press('返回列表')
    await press('新增一行')
    expect(asked).toHaveLength(3)
    await press('返回列表')
    await press('新增一行')
    await write('标题', '没有保存的新的一行')
    await press('首页布局')
    await page.getByRole('heading', { name: '首页布局' }).waitFor()
    expect(asked).toHaveLength(4)
    expect(asked[0]).toContain('还没有保存')
    await press('数据')
    await press('新增一行')
  } finally {
    page.off('dialog', answer)
  }
}, 60_000)

test('a time or a number that is only half written is not saved, and seconds are kept', async () => {
  await press('返回列表')
  await press('新增一行')
  const whole = {
    _id: 'half',
    标题: '写了一半',
    发布时间: '2026-12-20T09:30',
    版位结束: '2026-12-21T09:30:45',
  }
  for (const [label, text] of Object.entries({
    ...whole,
    导语: '一',
    频道: '地球',
    栏目: '海洋',
    正文: '二。',
  }))
    await write(label, text)
  await save()
  const rowOf = async () => (await rowsOf(cloud, 'drafts')).find(({ _id }) => _id === 'half')
  const before = await rowOf()
  const time = page.getByLabel('发布时间', { exact: true })
  // The first part of the time of day is the fourth of the field: the year is the third.
  await time.focus()
  for (let part = 0; part < 3; part++) await time.press('Tab')
  await time.press('Backspace')
  expect(await time.inputValue()).toBe('')
  const order = page.getByLabel('版位次序', { exact: true })
  await order.focus()
  await page.keyboard.type('1e')
  const alert = page.getByRole('alert').filter({ hasText: '没有保存' })
  for (const button of ['保存', '原始数据']) {
    await press(button)
    await alert.getByText('发布时间：只写了一半，请写上日期和几点几分，或清空').waitFor()
    await alert.getByText('版位次序：写的不是一个数，请改正或清空').waitFor()
  }
  expect(await rowOf()).toEqual(before)
  await write('发布时间', '2026-12-22T10:00')
  await write('版位次序', '1')
  await save()
  // Saving reads the row again.
  const fields = await Promise.all(['发布时间', '版位结束', '版位次序'].map(written))
  expect(fields).toEqual(['2026-12-22T10:00', '2026-12-21T09:30:45', '1'])
  // The row has no such time. Reading it again empties the field.
  await page.getByLabel('下线时间', { exact: true }).focus()
  await page.keyboard.type('12')
  await press('马上运行定时任务')
  await page.getByRole('alert').filter({ hasText: '还没有保存' }).waitFor()
  await page.getByRole('button', { name: '重新读取' }).click()
  await page.getByRole('status').filter({ hasText: '已重新读取' }).waitFor()
  await save()
}, 60_000)

test('a row that the form cannot draw leaves the way back and its text', async () => {
  await cloud.control('import', {
    collection: 'drafts',
    lines: JSON.stringify({ _id: 'undrawn', title: '画不出来', tags: [{ toString: 1 }] }),
  })
  await press('返回列表')
  await openRow('画不出来')
  await page.getByRole('alert').filter({ hasText: '表单画不出来的内容' }).waitFor()
  await press('原始数据')
  const json = page.getByLabel('原始数据（JSON）')
  expect(await json.inputValue()).toContain('"toString": 1')
  const shown = await json.inputValue()
  await json.fill('{\n“title”：1}')
  await press('保存')
  await page.getByRole('alert').filter({ hasText: '第 2 行第 1 个字附近：请检查引号' }).waitFor()
  await json.fill(shown)
  await press('返回列表')
  await press('新增一行')
  await page.getByLabel('标题（必填）').waitFor()
}, 60_000)

test('hostile text in every field of a row is text and nothing else', async () => {
  const dialogs: string[] = []
  const heard = (dialog: Dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  }
  page.on('dialog', heard)
  for (const collection of ['topics', 'polls', 'drafts']) {
    const file = path.join(root, `cloudfunctions/rules/models/${collection}.json`)
    const { properties } = JSON.parse(readFileSync(file, 'utf8')) as {
      properties: Record<string, { type: string; title: string }>
    }
    const hostile = Object.entries(properties).map(([name, { type, title }]) => {
      const text = title === '地址' ? 'javascript:alert(1)' : field(name)
      return [name, type === 'array' ? [text] : text]
    })
    const row = { ...Object.fromEntries(hostile), _id: `hostile-${collection}` }
    await cloud.control('import', { collection, lines: JSON.stringify(row) })
    await press('数据')
    const back = page.getByRole('button', { name: '返回列表', exact: true })
    const list = page.getByLabel('集合', { exact: true })
    await back.or(list).first().waitFor()
    if (await back.isVisible()) await back.click()
    await list.selectOption(collection)
    const rows = page.getByRole('row').filter({ hasText: '</title></script>' })
    await rows.first().getByRole('button', { name: '打开' }).click()
    await page.getByRole('button', { name: '保存', exact: true }).waitFor()
    expect(await page.locator('main').innerText()).toContain(attack)
    const strangers = 'img[src="x"], svg, iframe, body script, [onerror], [href^="javascript"]'
    expect(await page.locator(strangers).count()).toBe(0)
  }
  expect(dialogs).toEqual([])
  page.off('dialog', heard)
}, 60_000)

test('a file that is too large or changes nothing cannot be imported', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'console-'))
  const file = path.join(folder, 'large.csv')
  writeFileSync(file, '')
  truncateSync(file, 100 * 1024 * 1024 + 1)
  try {
    await press('返回列表')
    await page.getByText('导入和导出').click()
    await page.getByLabel('文件（CSV 或 JSON Lines）').setInputFiles(file)
    await page.getByRole('alert').filter({ hasText: '文件太大，最多 100 MB' }).waitFor()
    writeFileSync(file, '标题,状态\n')
    await page.getByLabel('文件（CSV 或 JSON Lines）').setInputFiles(file)
    await page.getByRole('status').filter({ hasText: '新增 0 行' }).waitFor()
    expect(await page.getByRole('button', { name: '确实导入' }).count()).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)
