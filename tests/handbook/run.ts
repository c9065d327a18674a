import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { Misuse } from '../../config/given'
import { commandOf, start } from '../../deploy/command'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { dressedAhead, openPhone } from '../web/phone'

/**
 * `npm run handbook` takes the pictures of docs/编辑手册.md in a local cloud, by the steps that the handbook names.
 * `npm run handbook -- dark narrow` shows the same steps in the dark and on a phone, in artifacts/handbook/.
 */
const words = process.argv.slice(2)
const isNarrow = words.includes('narrow')
const root = path.resolve(__dirname, '../..')
const folder =
  words.length === 0
    ? path.join(root, 'docs/pictures')
    : path.join(root, 'artifacts/handbook', words.join('-'))
const width = isNarrow ? 390 : 860
const key = 'a-key-of-an-editor'

/** Colours of a picture: enough for text and small enough for a repository. */
const colours = 48

class Camera {
  constructor(private readonly page: Page) {}

  /** Takes what lies between the top of one part and the end of another. */
  async take(name: string, from: Locator, to: Locator = from): Promise<void> {
    await this.page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    })
    await this.page.mouse.move(0, 0)
    // A letter that has just appeared asks for its part of the font only when it is drawn.
    await this.page.evaluate(async () => {
      do {
        await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
        await document.fonts.ready
      } while (document.fonts.status === 'loading')
    })
    const [first, last] = await Promise.all([from.first().boundingBox(), to.first().boundingBox()])
    if (!first || !last) throw new Error(`${name}: nothing to show`)
    const scrolled = await this.page.evaluate(() => scrollY)
    const top = Math.max(0, first.y + scrolled - 12)
    const clip = { x: 0, y: top, width, height: last.y + scrolled + last.height + 12 - top }
    const png = await this.page.screenshot({ fullPage: true, clip, animations: 'disabled', scale: 'css' })
    const file = path.join(folder, `${name}.png`)
    const { size } = await sharp(png).png({ palette: true, colours, effort: 10 }).toFile(file)
    console.log(`${name}: ${Math.round(size / 1024)} KB`)
  }
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, label: string) => page.getByLabel(new RegExp(`^${label}(（必填）)?$`))
const frameOf = (page: Page, label: string) => page.locator('.console-field', { has: field(page, label) })
const said = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })

async function writeStory(page: Page): Promise<void> {
  const fields = {
    _id: 'whale-fall',
    标题: '鲸落为什么能养活深海',
    状态: '待发布',
    导语: '一头鲸沉到海底，会变成一片绿洲。',
    频道: '海洋',
    栏目: '海洋',
    正文: '一头鲸死去以后沉到海底，能养活**三批**居民，前后要几十年。\n\n## 第一批\n\n鲨鱼和盲鳗先到。它们吃掉软的部分，要一两年。\n\n## 第二批\n\n- 蠕虫钻进骨头\n- 小虾吃剩下的碎屑',
  }
  for (const [label, text] of Object.entries(fields)) await field(page, label).fill(text)
  // Its labels are outlines only after the build.
  const drawing = readFileSync(path.join(root, 'stories/earth/whale-fall-2.svg'), 'utf8')
  const cover = await sharp(Buffer.from(drawing.replace(/<text[\s\S]*?<\/text>/g, '')))
    .resize({ width: 1200, height: 900, fit: 'cover' })
    .jpeg()
    .toBuffer()
  await page
    .getByLabel('上传封面', { exact: true })
    .setInputFiles({ name: 'whale.jpg', mimeType: 'image/jpeg', buffer: cover })
  await page.getByRole('img', { name: '封面的预览' }).waitFor()
  await field(page, '封面说明').fill('海底的鲸骨上长满了白色的小虫')
  await field(page, '封面出处').fill('林海')
  await field(page, '版位').fill('视觉焦点')
  await field(page, '版位次序').fill('1')
}

/** Another editor saves the row that the first one has open. */
async function saveElsewhere(page: Page, cloud: CloudProcess): Promise<void> {
  const other = await page.context().newPage()
  await other.goto(`${cloud.url}/console`)
  await other.getByLabel('口令').fill(cloud.consoleToken)
  await button(other, '进入').click()
  await other.getByRole('row', { name: '鲸落' }).getByRole('button', { name: '打开' }).click()
  await field(other, '作者').fill('王海')
  await button(other, '保存').click()
  await said(other, '已保存').waitFor()
  await other.close()
}

async function walk(page: Page, cloud: CloudProcess): Promise<void> {
  const camera = new Camera(page)
  await dressedAhead(page, '**/console/console.css')
  // The browser remembers how it has drawn a word: the font must be there before the first one.
  await page.route('**/console/console.js', async route => {
    await page.waitForFunction(() => {
      let faces = 0
      document.fonts.forEach(() => {
        faces += 1
      })
      return faces > 0
    })
    await page.evaluate(() => {
      const faces: Promise<FontFace>[] = []
      document.fonts.forEach(face => {
        faces.push(face.load())
      })
      return Promise.all(faces)
    })
    await route.continue()
  })
  await page.goto(`${cloud.url}/console`)
  const token = page.getByLabel('口令')
  await token.fill('0123456789')
  await camera.take('sign-in', page.locator('h1'), button(page, '进入'))
  await token.fill(cloud.consoleToken)
  await button(page, '进入').click()

  await page.getByLabel('集合', { exact: true }).selectOption('drafts')
  await button(page, '新增一行').click()
  await writeStory(page)
  await page.getByRole('region', { name: '保存以后会怎样' }).getByText('频道：没有“海洋”').waitFor()
  await camera.take('form', page.locator('header'), frameOf(page, '状态'))
  await camera.take('section', frameOf(page, '导语'), frameOf(page, '栏目'))
  await camera.take('body', frameOf(page, '正文'))
  await camera.take('cover', frameOf(page, '封面'), frameOf(page, '封面出处'))
  await camera.take('outlook', page.getByRole('region', { name: '保存以后会怎样' }), button(page, '保存'))
  await button(page, '保存').click()
  await said(page, '已保存').waitFor()
  await button(page, '马上运行定时任务').click()
  await said(page, '定时任务已运行').waitFor()
  const problems = page.getByRole('region', { name: '问题' })
  await problems.waitFor()
  await camera.take('problem', frameOf(page, '状态'), problems)
  await field(page, '频道').fill('地球')
  await button(page, '保存').click()
  await said(page, '已保存').waitFor()
  await button(page, '马上运行定时任务').click()
  await said(page, '定时任务已运行').waitFor()
  await page.getByRole('region', { name: '地址' }).waitFor()
  await camera.take('published', frameOf(page, '状态'), page.getByRole('region', { name: '结果' }))

  const panel = page.getByRole('region', { name: '预览和旧版' })
  await page.getByLabel('编辑口令').fill(key)
  await button(page, '记住编辑口令').click()
  await button(page, '预览').click()
  await panel.getByText('预览做好了').waitFor()
  await camera.take('preview', panel)
  await field(page, '标题').fill('鲸落养活深海')
  await field(page, '更正说明').fill('标题太长。')
  await button(page, '待发布').click()
  await button(page, '保存').click()
  await said(page, '已保存').waitFor()
  await button(page, '马上运行定时任务').click()
  await said(page, '定时任务已运行').waitFor()
  await button(page, '和第 2 版比较').click()
  await panel.getByText('更正说明').waitFor()
  await camera.take('versions', panel)

  await page.getByLabel('导语（必填）').fill('一头鲸沉到海底，养活三批居民。')
  await saveElsewhere(page, cloud)
  await button(page, '保存').click()
  const conflict = page.getByRole('alert').filter({ hasText: '在别处改过' })
  await conflict.waitFor()
  await camera.take('conflict', conflict, button(page, '保存'))
  await button(page, '读最新的，再写上我改的').click()
  await said(page, '别人改了：作者').waitFor()

  await button(page, '首页布局').click()
  await button(page, '查看首页').click()
  await page.getByRole('region', { name: /^独家策划/ }).waitFor()
  await camera.take('home', page.locator('h2'), page.getByRole('region', { name: /^独家策划/ }))
  await button(page, '数据').click()
  await page.getByLabel('集合', { exact: true }).selectOption('drafts')

  await page.getByText('导入和导出').click()
  const csv = readFileSync(path.join(root, 'docs/examples/drafts.csv'), 'utf8')
  await page
    .getByLabel('文件（CSV 或 JSON Lines）')
    .setInputFiles({ name: 'drafts.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await button(page, '确实导入').waitFor()
  await camera.take('import', page.locator('details'))
  await button(page, '确实导入').click()
  await said(page, '已写入').waitFor()
  await page.getByText('导入和导出').click()
  await page.getByRole('row', { name: '极光' }).waitFor()
  await camera.take('list', page.locator('header'), page.getByText(/^第 1–\d+ 行/))

  await button(page, '云函数').click()
  await page.getByLabel('云函数', { exact: true }).selectOption('editor')
  await page.getByLabel('测试参数（JSON）').fill(JSON.stringify({ action: 'check', key }, null, 2))
  await button(page, '运行').click()
  await page.getByText(/^查了 \d+ 篇稿件/).waitFor()
  await page.getByLabel('测试参数（JSON）').fill('{\n  "action": "check",\n  "key": "发给你的口令"\n}')
  await camera.take('panel', page.locator('h2'), page.locator('pre'))

  await button(page, '数据').click()
  await page.getByLabel('集合', { exact: true }).selectOption('topics')
  await button(page, '新增一行').click()
  await field(page, '标题').fill('去月球背面')
  await button(page, '待发布').click()
  await field(page, '导语').fill('嫦娥六号带回了什么。')
  await page.getByRole('region', { name: '保存以后会怎样' }).getByText('两分钟之内发布').waitFor()
  await camera.take('topic', page.locator('h2'), frameOf(page, '发布时间'))
  await button(page, '返回列表').click()
  await page.getByLabel('集合', { exact: true }).selectOption('polls')
  await button(page, '新增一行').click()
  await field(page, '题目').fill('你家换智能灯了吗？')
  for (const [index, [optionKey, label]] of [
    ['yes', '换了'],
    ['no', '没有换'],
  ].entries()) {
    await button(page, '添加选项').click()
    await page.getByLabel(/^key/).nth(index).fill(String(optionKey))
    await page.getByLabel(/^文字/).nth(index).fill(String(label))
  }
  const options = page.locator('fieldset', { has: button(page, '添加选项') })
  await camera.take('poll', options)
}

async function run(): Promise<number> {
  const unknown = words.find(word => !['dark', 'narrow'].includes(word))
  if (unknown !== undefined) throw new Misuse(`There are dark and narrow pictures, not ${unknown} ones.`)
  await built('functions', 'console')
  mkdirSync(folder, { recursive: true })
  const keys = JSON.stringify({ 编辑: createHash('sha256').update(key).digest('hex') })
  const [cloud, browser] = await Promise.all([
    startAppCloud({
      args: ['--no-timers', '--env', `EDITOR_KEYS=${keys}`, '--console', path.join(root, 'dist/console')],
    }),
    launchBrowser(),
  ])
  try {
    const context = await openPhone(browser, {
      viewport: { width, height: 900 },
      deviceScaleFactor: 1,
      isMobile: isNarrow,
      hasTouch: isNarrow,
      timezoneId: 'Asia/Shanghai',
      colorScheme: words.includes('dark') ? 'dark' : 'light',
    })
    const page = await context.newPage()
    // The walk leaves forms that are not saved.
    page.on('dialog', dialog => void dialog.accept())
    await walk(page, cloud)
  } finally {
    await browser.close()
    await cloud.stop()
  }
  return 0
}

start(module, commandOf(run, 'npm run handbook -- [dark] [narrow]'))
