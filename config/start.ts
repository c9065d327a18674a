// The cloud runs functions in UTC. The laptop's time zone must not hide a mistake.
process.env.TZ = 'UTC'

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { startLocalCloud } from '../local-cloud/cloud'
import { dataFolderOf } from '../local-cloud/data-folder'
import { ensureBuilt } from './build'
import { Misuse } from './given'
import { importSamples } from './import-samples'
import { checkStart, cloudOptions, readEditorKey, startFailure } from './start-options'
import { portOf } from './targets'

const root = path.resolve(__dirname, '..')

const samples = (name: string): string[] =>
  readFileSync(path.join(root, `dist/stories/${name}.jsonl`), 'utf8')
    .split('\n')
    .filter(line => line !== '')

/** Builds what is out of date, starts the local cloud with the sample stories, and serves the web build. */
async function start(): Promise<void> {
  if (process.argv.length > 2) {
    console.error(
      'npm start takes no arguments. PORT=9000 chooses the ports, KEPU_DATA=<folder> the data folder.',
    )
    process.exit(2)
  }
  const port = portOf()
  const dataFolder = dataFolderOf()
  await checkStart(dataFolder, port)
  console.log('Building what has changed (the first time about a minute on a quiet machine) …')
  await ensureBuilt(undefined, line => console.log(`  ${line}`))
  const editorKey = readEditorKey(dataFolder)
  const cloud = await startLocalCloud({
    port,
    dataFolder,
    ...cloudOptions(editorKey),
    report: line => console.error(line),
  })
  const isFirst = await importSamples(cloud, editorKey, samples, Date.now())
  const tick = () =>
    cloud.command('fire', { name: 'clock', overlap: true }).catch((error: unknown) => console.error(error))
  // Make the rankings now instead of at the next full minute. If that is now, both runs are harmless.
  await tick()
  console.log(`
科普云
  the site, for web visitors      ${cloud.url}/   visitors have no identity: they see counts but cannot vote
  the phone preview, for votes    ${cloud.previewUrl}/   the same pages; each browser is a separate reader
  a story as Moments shows it     open one in the preview and add ?scene=1154
  for editors                     docs/编辑手册.md
    控制台 (the console)            ${cloud.url}/console
    控制台口令 (its token)          ${cloud.consoleToken}
    编辑口令 (key of editor)        ${editorKey}
  for the WeChat tool             dist/weapp-local (no account), dist/weapp and dist/cloudfunctions (real)
Stop with Ctrl-C.`)
  const stop = (): void => {
    void cloud.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Each tick joins a few of the sample stories to the others, so that all offer the nearest as 相关阅读.
  if (isFirst) for (let n = 0; n < 8; n++) await tick()
}

start().catch((error: unknown) => {
  console.error(startFailure(error))
  process.exit(error instanceof Misuse ? 2 : 1)
})
