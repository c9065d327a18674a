import { ensureBuilt } from '../../config/build'
import { Misuse } from '../../config/given'
import { commandOf, start } from '../../deploy/command'
import { measureClient } from './client'
import { measureContent } from './content'
import { measureDatabase } from './database'
import type { Figure } from './figure'
import { measureLedger } from './ledger'
import { marks } from './marks'
import { measurePublication } from './publishing'
import { measureScale } from './scale'
import { measureSimulation } from './simulation'
import { measureStart } from './start'
import { measureTransfer } from './transfer'
import { measureVotes } from './votes'
import { measureWeb } from './web'

/**
 * `npm run bench` prints every figure with how it was measured: a table, then one line of JSON. It does not pass or
 * fail; `npm run bench -- votes` measures one part only.
 */
const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  client: measureClient,
  content: measureContent,
  database: measureDatabase,
  ledger: measureLedger,
  publishing: measurePublication,
  simulation: measureSimulation,
  transfer: measureTransfer,
  votes: measureVotes,
  web: measureWeb,
  scale: measureScale,
  start: measureStart,
}

function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  return value < 10 ? value.toFixed(3) : value.toFixed(1)
}

function markOf(name: string): string {
  const mark = marks[name]
  return mark ? `${mark.atLeast ? '≥' : '≤'} ${mark.limit.toLocaleString('en-US')}` : ''
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, how }) => [
    name,
    `${shown(value)} ${unit}`.trim(),
    markOf(name),
    how,
  ])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

async function run(wanted: readonly string[]): Promise<number> {
  const names = wanted.length > 0 ? wanted : Object.keys(parts)
  const unknown = names.filter(name => !Object.hasOwn(parts, name))
  if (unknown.length > 0) {
    throw new Misuse(`No such part: ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`)
  }
  await ensureBuilt(['functions', 'stories', 'weapp'])
  const figures: Figure[] = []
  for (const name of names) {
    console.error(`measuring ${name} …`)
    figures.push(...((await parts[name]?.()) ?? []))
  }
  console.log(table(figures))
  console.log(JSON.stringify(Object.fromEntries(figures.map(({ name, value }) => [name, value]))))
  return 0
}

export const main = commandOf(run, 'npm run bench -- [part …]')
start(module, main)
