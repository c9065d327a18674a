import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { IndexDeclaration } from '../../../local-cloud/database/database'
import { refusal, Session } from './session'

const writer = resolve(__dirname, '../../support/database-writer.ts')
const indexes: IndexDeclaration[] = [
  { name: 'k', unique: true, fields: [{ field: 'k', direction: 1 }] },
  { name: 'state', fields: [{ field: 'state', direction: 1 }] },
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Lets a process write for a while, kills it during a write, and returns which writes had been answered. */
async function writeAndKill(file: string, prefix: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, file, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const answered: string[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => answered.push(line))
  const closed = new Promise(resolve => lines.on('close', resolve))
  await new Promise(resolve => lines.once('line', resolve))
  await new Promise(resolve => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await closed
  return answered
}

test('repeated kill -9 during writes loses no answered write, splits no transaction and breaks no index', async () => {
  const file = join(folder, 'cloud.db')
  const first = new Session({ file })
  first.database.ensureCollection('things', indexes)
  await first.insert({ _id: 'counter', k: 'counter', n: 0 })
  first.database.close()
  let raised = 0
  let least = 0
  // Each round starts a process; KILL_ROUNDS=20 for the full exercise.
  const rounds = Number(process.env.KILL_ROUNDS ?? 3)
  for (let round = 0; round < rounds; round++) {
    const before = least
    const answered = await writeAndKill(file, `r${round}`, 5 + ((round * 37) % 60))
    expect(answered.filter(line => line.startsWith('!'))).toEqual([])

    const session = new Session({ file })
    const lost: string[] = []
    for (const line of answered) {
      const [kind, name = ''] = line.split(' ')
      if (kind === 'i' && !(await session.get(name))) lost.push(name)
      if (kind === 'p' && (await session.count({ pair: name })) !== 2) lost.push(name)
      if (kind === 'n') raised = before + Number(name)
    }
    expect(lost).toEqual([])
    const counter = (await session.get('counter')) as { n: number }
    // At least the answered writes are there, and at most one more for each of the four pending ones.
    expect(counter.n).toBeGreaterThanOrEqual(raised)
    expect(counter.n).toBeLessThanOrEqual(raised + 4)
    least = counter.n

    const all = await session.aggregate({ $group: { _id: '$pair', halves: { $sum: 1 } } })
    expect(all.filter(({ _id, halves }) => _id !== null && halves !== 2)).toEqual([])
    // The unique index still holds, and the other index finds exactly what a scan finds.
    expect((await refusal(session.insert({ _id: 'again', k: 'counter' }))).message).toContain('E11000')
    const scanned = await session.aggregate(
      { $match: { $expr: { $eq: ['$state', 'odd'] } } },
      { $count: 'n' },
    )
    expect(await session.count({ state: 'odd' })).toBe(scanned[0]?.n ?? 0)
    session.database.close()
  }
}, 120_000)

test('a reopened database has the same documents in the same order, and the same indexes', async () => {
  const file = join(folder, 'cloud.db')
  const before = new Session({ file })
  before.database.ensureCollection('things', indexes)
  await before.insert({ _id: 'z', k: 1 }, { _id: 'a', k: 2, at: new Date(5) }, { _id: 'm', k: 3 })
  await before.remove({ _id: 'z' })
  await before.insert({ _id: 'z', k: 4 })
  await before.update({ _id: 'a' }, { $set: { k: 20 } })
  const expected = await before.find({})
  before.database.close()

  const after = new Session({ file })
  expect(await after.find({})).toEqual(expected)
  await after.find({ k: 20 })
  expect(after.examined).toBe(1)
  after.database.close()
})

test('collections keep their order, and what an interrupted start has left does no harm', async () => {
  const file = join(folder, 'cloud.db')
  for (const part of ['.new', '.new-wal', '.new-shm']) writeFileSync(file + part, 'half')
  const before = new Session({ file }, 'zebras')
  for (const name of ['ants', 'mice']) before.database.ensureCollection(name)
  before.database.close()
  const after = new Session({ file }, 'zebras')
  expect(after.database.collections()).toEqual(['zebras', 'ants', 'mice'])
  after.database.close()
  expect(readdirSync(folder).filter(name => name.includes('.new'))).toEqual([])
})

test('an import is on disk when it is answered', async () => {
  const file = join(folder, 'cloud.db')
  const imports: ((session: Session) => void)[] = [
    ({ database }) => database.importLines('things', ['{"_id":"line"}'], 'insert'),
    ({ database }) => database.mergeRows('things', [{ kind: 'add', id: 'row', fields: { n: 1 } }]),
    ({ database }) => database.mergeRows('things', [{ kind: 'change', id: 'line', fields: { n: 2 } }]),
  ]
  for (const work of imports) {
    const session = new Session({ file })
    work(session)
    session.database.abandon()
  }
  const after = new Session({ file })
  expect(await after.find({})).toEqual([
    { _id: 'line', n: 2 },
    { _id: 'row', n: 1 },
  ])
  after.database.close()
})

test('a transaction that was open when the process ended leaves nothing behind', async () => {
  const file = join(folder, 'cloud.db')
  const before = new Session({ file })
  await before.insert({ _id: 'a', n: 1 })
  const t = await before.start()
  await before.update({ _id: 'a' }, { $set: { n: 2 } }, { multi: false, transactionId: t })
  before.database.close()
  const after = new Session({ file })
  expect(await after.find({})).toEqual([{ _id: 'a', n: 1 }])
  after.database.close()
})

test('a reset also empties the file', async () => {
  const file = join(folder, 'cloud.db')
  const before = new Session({ file })
  await before.insert({ _id: 'a' })
  // What is not on disk yet goes, too.
  const written = before.insert({ _id: 'late' })
  before.database.reset()
  await written
  expect(before.database.collections()).toEqual([])
  before.database.ensureCollection('others')
  before.database.close()
  const after = new Session({ file })
  expect(await after.count({})).toBe(0)
  expect(after.database.collections()).toEqual(['others', 'things'])
  after.database.close()
})

test('a database of 10,000 documents reopens with both indexes in use', async () => {
  const file = join(folder, 'cloud.db')
  const before = new Session({ file })
  before.database.ensureCollection('things', indexes)
  const lines = Array.from({ length: 10_000 }, (_, i) =>
    JSON.stringify({
      _id: `s${i}`,
      k: i,
      state: i % 1_000 ? 'a' : 'b',
      title: `第 ${i} 篇`,
      counts: { like: i, sad: 0 },
    }),
  )
  before.database.importLines('things', lines, 'insert')
  before.database.close()
  const after = new Session({ file })
  for (const few of [{ k: { $gte: 9_990 } }, { state: 'b' }]) {
    expect(await after.find(few)).toHaveLength(10)
    expect(after.examined).toBeLessThan(20)
  }
  after.database.close()
}, 60_000)
