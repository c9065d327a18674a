import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { Misuse } from '../../config/given'
import { commandOf, start } from '../../deploy/command'
import { built, startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import type { CloudProcess } from '../support/local-cloud'
import { weappDist } from '../support/weapp-dist'
import { openPhone } from '../web/phone'
import { inspectPage, linesOf } from './inspector'
import { fileFor, folder, makeSheet, showPart, takePicture } from './picture'
import { fillCloud, type SampleData } from './sample-data'
import { weappEntries } from './weapp-entries'
import { looks, openScene, reach, wear } from './weapp-walk'
import { unscriptedEntries, webEntries } from './web-entries'
import { reachWeb, wearWeb, webLooks } from './web-walk'

/** `npm run gallery -- web article`: only the screens whose names contain all of these words. */
const words = process.argv.slice(2)

/** The screens of one kind that are wanted, with their names. */
function wantedOf<One extends { page: string; state: string }>(kind: string, entries: readonly One[]) {
  const named = entries.map(entry => ({ entry, name: `${kind} ${entry.page} · ${entry.state}` }))
  return named.filter(({ name }) => words.every(word => name.includes(word)))
}

const wantedWeapp = wantedOf('weapp', weappEntries)
const wantedWeb = wantedOf('web', webEntries)
const wantedUnscripted = wantedOf('web without script', unscriptedEntries)

interface Screen {
  name: string
  /** Folders for the pictures. */
  place: readonly string[]
  parts: Record<string, string> | undefined
}

const sheets = path.join(folder, 'sheets')

/** Contact sheets: one row for each screen with its looks side by side, two rows on a sheet. */
class Sheets {
  private rows: { name: string; pictures: string[] }[] = []
  private count = 0

  async add(name: string, pictures: string[], last = false): Promise<void> {
    if (pictures.length > 0) this.rows.push({ name, pictures })
    if (this.rows.length < 2 && !(last && this.rows.length > 0)) return
    const number = String(++this.count).padStart(3, '0')
    await makeSheet(
      path.join(sheets, `${number}.png`),
      this.rows.map(row => row.pictures),
      390,
    )
    appendFileSync(
      path.join(sheets, 'index.txt'),
      `${number} ${this.rows.map(row => row.name).join(' | ')}\n`,
    )
    this.rows = []
  }
}

/** Takes pictures of one screen in every look and prints the inspector's flaws. */
async function portray<Look>(
  page: Page,
  screen: Screen,
  settings: readonly Look[],
  nameOf: (look: Look) => string,
  put: (look: Look) => Promise<void>,
  drawer: Sheets,
): Promise<void> {
  const found = new Map<string, string[]>()
  const parts: [string, string | null][] = screen.parts ? Object.entries(screen.parts) : [['', null]]
  const taken = new Map<string, string[]>(parts.map(([part]) => [part, []]))
  for (const look of settings) {
    await put(look)
    const lookName = nameOf(look)
    for (const line of linesOf(await inspectPage(page)))
      found.set(line, [...(found.get(line) ?? []), lookName])
    for (const [part, selector] of parts) {
      if (selector) await showPart(page, selector)
      const file = fileFor(...screen.place, part, lookName)
      await takePicture(page, file)
      taken.get(part)?.push(file)
    }
  }
  console.log(screen.name)
  for (const [line, where] of found)
    console.log(`    ${line} [${where.length === settings.length ? 'all' : where.join(', ')}]`)
  for (const [part, pictures] of taken) {
    for (let at = 0; at < pictures.length; at += 4)
      await drawer.add(part ? `${screen.name} · ${part}` : screen.name, pictures.slice(at, at + 4))
  }
}

async function portrayWeapp(browser: Browser, cloud: CloudProcess, data: SampleData, drawer: Sheets) {
  if (wantedWeapp.length === 0) return
  const scene = await openScene(browser, await weappDist(), cloud, data, true)
  for (const { entry, name } of wantedWeapp) {
    await reach(scene, entry)
    const place = ['weapp', entry.page.split('/')[1] ?? '', entry.state]
    await portray(
      scene.phone.window,
      { name, place, parts: entry.parts },
      looks,
      look => `${look.theme}-${look.scale}`,
      look => wear(scene, look),
      drawer,
    )
  }
  await scene.phone.close()
}

async function portrayWeb(browser: Browser, cloud: CloudProcess, data: SampleData, drawer: Sheets) {
  for (const [kind, wanted] of [
    ['web', wantedWeb],
    ['web without script', wantedUnscripted],
  ] as const)
    await portraySite(browser, cloud, data, drawer, kind, wanted)
}

async function portraySite(
  browser: Browser,
  cloud: CloudProcess,
  data: SampleData,
  drawer: Sheets,
  kind: 'web' | 'web without script',
  wanted: typeof wantedWeb,
) {
  const scripted = kind === 'web'
  const phone = await openPhone(browser, { javaScriptEnabled: scripted })
  for (const { entry, name } of wanted) {
    const scene = await reachWeb(phone, cloud, data, entry, scripted)
    const place = [kind, entry.page.split('/')[1] ?? '', entry.state]
    await portray(
      scene.page,
      { name, place, parts: entry.parts },
      webLooks,
      look => `${look.theme}-${look.width}`,
      look => wearWeb(scene, look),
      drawer,
    )
    await scene.page.close()
  }
  await phone.close()
}

/** Takes a picture of every screen in every look into artifacts/gallery, and prints the inspector's flaws. */
async function run(): Promise<number> {
  if (wantedWeapp.length + wantedWeb.length + wantedUnscripted.length === 0)
    throw new Misuse(`No screen has all of these words in its name: ${words.join(' ')}.`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(sheets, { recursive: true })
  // The web build takes longest, so it runs only when needed.
  await built('functions', 'stories', ...(words.includes('weapp') ? [] : (['web'] as const)))
  const [browser, cloud] = await Promise.all([
    launchBrowser(),
    startAppCloud({ hostingFolder: path.resolve(__dirname, '../../dist/web'), args: ['--no-timers'] }),
  ])
  try {
    const data = await fillCloud(cloud)
    const drawer = new Sheets()
    await portrayWeapp(browser, cloud, data, drawer)
    await portrayWeb(browser, cloud, data, drawer)
    await drawer.add('', [], true)
  } finally {
    await browser.close()
    await cloud.stop()
  }
  console.log(`\nThe pictures are in ${folder}, laid out in ${sheets}`)
  return 0
}

start(module, commandOf(run, 'npm run gallery -- [word …]'))
