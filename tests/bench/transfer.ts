import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Imported } from '../../local-cloud/console/local-transfer'
import { startCloudProcess } from '../support/local-cloud'
import type { Figure } from './figure'

const root = path.resolve(__dirname, '../..')
const rows = 50_000
const sentence = '一头鲸沉到海底以后，它的身体会养活三批居民，前后要几十年。'

/** A file of drafts as a newsroom brings them from another system: about 1 KB each. */
function writeFile(file: string): void {
  const lines = Array.from({ length: rows }, (_, i) =>
    JSON.stringify({
      _id: `row-${i}`,
      title: `第 ${i} 篇：${sentence.slice(0, 12)}`,
      teaser: sentence,
      channel: '地球',
      column: '海洋',
      tags: ['深海', '鲸落'],
      body: sentence.repeat(8),
    }),
  )
  writeFileSync(file, lines.join('\n'))
}

/** The most memory that a process has had at once, in MB. */
const peakOf = (pid: number): number => {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kilobytes === undefined) throw new Error('this system does not say how much memory a process has used')
  return Number(kilobytes) / 1024
}

/** What an import of many rows takes in the local cloud. */
export async function measureTransfer(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'transfer-'))
  const file = path.join(folder, 'drafts.jsonl')
  writeFile(file)
  const cloud = await startCloudProcess({
    rulesFolder: path.join(root, 'cloudfunctions/rules'),
    args: ['--no-timers'],
  })
  try {
    const begun = performance.now()
    const { ok, report } = await cloud.control<Imported>('import-file', {
      collection: 'drafts',
      from: { path: file },
      write: true,
    })
    const seconds = (performance.now() - begun) / 1000
    if (!ok || report.added !== rows) throw new Error('the rows were not imported')
    const how = `import of ${rows.toLocaleString('en-US')} new drafts of about 1 KB into an empty local cloud`
    return [
      { name: 'transfer.seconds', value: seconds, unit: 's', how },
      { name: 'transfer.mb', value: peakOf(cloud.pid), unit: 'MB', how: `${how}: its peak memory` },
    ]
  } finally {
    await cloud.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
