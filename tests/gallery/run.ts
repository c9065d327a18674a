import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { startAppCloud } from '../support/app-cloud'
import { launchBrowser } from '../support/browser'
import { weappDist } from '../support/weapp-dist'
import { inspectPage, linesOf } from './inspector'
import { fileFor, folder, makeSheet, showPart, takePicture } from './picture'
import { fillCloud } from './sample-data'
import { weappEntries } from './weapp-entries'
import { looks, openScene, reach, wear } from './weapp-walk'

/** `npm run gallery -- article poll`: only entries whose name holds all of these words. */
const words = process.argv.slice(2)
const isWanted = (name: string) => words.every(word => name.includes(word))

/** Takes the picture of every entry in every look, says what the inspector finds, and lays all out on sheets. */
async function run(): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  const dist = await weappDist()
  const [browser, cloud] = await Promise.all([launchBrowser(), startAppCloud({ args: ['--no-timers'] })])
  const scene = await openScene(browser, dist, cloud, await fillCloud(cloud))
  const rows: { name: string; pictures: string[] }[] = []
  for (const entry of weappEntries) {
    const name = `${entry.page} · ${entry.state}`
    if (!isWanted(name)) continue
    await reach(scene, entry)
    const found = new Map<string, string[]>()
    const parts: [string, string | null][] = entry.parts ? Object.entries(entry.parts) : [['', null]]
    const taken = new Map<string, string[]>(parts.map(([part]) => [part, []]))
    for (const look of looks) {
      await wear(scene, look)
      const lookName = `${look.theme}-${look.scale}`
      for (const line of linesOf(await inspectPage(scene.phone.window)))
        found.set(line, [...(found.get(line) ?? []), lookName])
      for (const [part, selector] of parts) {
        if (selector) await showPart(scene.phone.window, selector)
        const file = fileFor('weapp', entry.page.split('/')[1] ?? '', entry.state, part, lookName)
        await takePicture(scene.phone.window, file)
        taken.get(part)?.push(file)
      }
    }
    for (const [part, pictures] of taken) rows.push({ name: part ? `${name} · ${part}` : name, pictures })
    console.log(name)
    for (const [line, where] of found)
      console.log(`    ${line} [${where.length === looks.length ? 'all' : where.join(', ')}]`)
  }
  const index: string[] = []
  for (let at = 0; at < rows.length; at += 2) {
    const two = rows.slice(at, at + 2)
    const number = String(at / 2 + 1).padStart(3, '0')
    await makeSheet(
      path.join(folder, 'sheets', `${number}.png`),
      two.map(({ pictures }) => pictures),
      390,
    )
    index.push(`${number} ${two.map(({ name }) => name).join(' | ')}`)
  }
  writeFileSync(path.join(folder, 'sheets', 'index.txt'), `${index.join('\n')}\n`)
  await scene.phone.close()
  await browser.close()
  await cloud.stop()
}

run().catch(error => {
  console.error(error)
  process.exit(1)
})
