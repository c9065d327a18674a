import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import Libsql from 'libsql'
import { openDatabase } from '../../../local-cloud/database/database'
import { refusal, Session } from './session'

let folder: string
let file: string
let full: boolean
let said: string[]

const options = () => ({
  file,
  report: (line: string) => said.push(line),
  beforeWrite: () => {
    if (full) throw new Error('database or disk is full')
  },
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'full-disk-'))
  file = join(folder, 'cloud.db')
  full = false
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const indexes = [
  { name: 'k', unique: true, fields: [{ field: 'k', direction: 1 as const }] },
  { name: 'n', fields: [{ field: 'n', direction: 1 as const }] },
]

async function filled(): Promise<Session> {
  const session = new Session(options())
  session.database.ensureCollection('things', indexes)
  await session.insert({ _id: 'z', k: 1, n: 1 }, { _id: 'a', k: 2, n: 2 }, { _id: 'm', k: 3, n: 3 })
  return session
}

const shown = async (session: Session) => ({
  all: await session.find({}),
  byIndex: await session.find({ n: { $gte: 0 } }),
})

test('a write that a full disk refused appears in no read, in no index, and not after reopening', async () => {
  const session = await filled()
  const before = await shown(session)
  full = true
  const refusals = await Promise.all([
    refusal(session.insert({ _id: 'new', k: 9, n: 9 })),
    refusal(session.update({ _id: 'a' }, { $set: { n: 20, k: 8 } })),
    refusal(session.remove({ _id: 'z' })),
    refusal(session.set('m', { k: 7 })),
  ])
  expect(refusals.map(({ code }) => code)).toEqual(Array(4).fill('SYS_ERR'))
  expect(await shown(session)).toEqual(before)
  expect(await session.find({ k: 8 })).toEqual([])
  session.database.close()
  const again = new Session(options())
  expect(await shown(again)).toEqual(before)
  again.database.close()
})

test('a read between a write and its refusal returns the stored state', async () => {
  const session = await filled()
  full = true
  const written = refusal(session.update({ _id: 'a' }, { $set: { n: 20 } }))
  const [read, counted] = await Promise.all([session.get('a'), session.count({ n: 20 })])
  expect(read).toEqual({ _id: 'a', k: 2, n: 2 })
  expect(counted).toBe(0)
  expect((await written).code).toBe('SYS_ERR')
  session.database.close()
})

test('a transaction can be rolled back while the write of somebody else is being refused', async () => {
  const session = await filled()
  const transactionId = await session.start()
  await session.update({ _id: 'z' }, { $set: { n: 9 } }, { multi: false, transactionId })
  full = true
  const written = refusal(session.update({ _id: 'a' }, { $set: { n: 20 } }))
  await session.abort(transactionId)
  expect((await written).code).toBe('SYS_ERR')
  full = false
  expect(await session.update({ _id: 'z' }, { $inc: { n: 1 } })).toBe(1)
  session.database.close()
})

test('reports a full disk once, and reports once when writing works again', async () => {
  const session = await filled()
  full = true
  for (let i = 0; i < 5; i++) {
    await refusal(session.insert({ _id: `x${i}`, k: 100 + i }, { _id: `y${i}`, k: 200 + i }))
  }
  expect(said).toEqual([expect.stringContaining(`${file} cannot be written (database or disk is full)`)])
  full = false
  // The key of the refused document is free.
  await session.insert({ _id: 'other', k: 100 })
  await session.insert({ _id: 'another', k: 101 })
  expect(said).toHaveLength(2)
  expect(said[1]).toContain('can be written again')
  expect(await session.count({})).toBe(5)
  full = true
  await refusal(session.insert({ _id: 'x', k: 102 }))
  expect(said[2]).toContain('cannot be written')
  full = false
  session.database.close()
  const reopened = new Session(options())
  expect(await reopened.count({})).toBe(5)
  reopened.database.close()
})

test('a transaction that cannot be committed is lost like an expired one, and changes nothing', async () => {
  const session = await filled()
  const before = await shown(session)
  const t = await session.start()
  await session.update({ _id: 'a' }, { $inc: { n: 5 } }, { multi: false, transactionId: t })
  const other = await session.start()
  await session.update({ _id: 'z' }, { $inc: { n: 5 } }, { multi: false, transactionId: other })
  full = true
  expect((await refusal(session.commit(t))).code).toBe('DATABASE_TRANSACTION_FAIL')
  full = false
  // The other transactions must start again, because their reads may have been reverted.
  expect((await refusal(session.commit(other))).code).toBe('DATABASE_TRANSACTION_FAIL')
  expect(await shown(session)).toEqual(before)
  // No lock is left.
  expect(await session.update({ _id: 'a' }, { $inc: { n: 1 } })).toBe(1)
  session.database.close()
})

test('an import, a new collection and a new index are refused completely', async () => {
  const session = await filled()
  const before = await shown(session)
  full = true
  expect(() =>
    session.database.importLines('things', ['{"_id":"i1","k":50}', '{"_id":"i2","k":51}'], 'insert'),
  ).toThrow('cannot be written')
  for (const change of [
    () => session.database.ensureCollection('others'),
    () => session.database.ensureCollection('things', []),
    () => session.database.reset(),
  ]) {
    expect(change).toThrow(expect.objectContaining({ code: 'SYS_ERR' }))
  }
  expect(session.database.collections()).toEqual(['things'])
  expect(await shown(session)).toEqual(before)
  full = false
  expect(session.database.importLines('things', ['{"_id":"i1","k":50}'], 'insert')).toEqual({
    inserted: 1,
    updated: 0,
  })
  session.database.close()
})

test('memory and file stay equal while the disk accepts and refuses writes in any order', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('set' as const),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      n: fc.integer({ max: 9, min: 0 }),
    }),
    fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }),
    fc.record({ kind: fc.constant('together' as const), n: fc.integer({ max: 9, min: 0 }) }),
    fc.record({ kind: fc.constant('disk' as const), full: fc.boolean() }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      rmSync(folder, { recursive: true, force: true })
      folder = mkdtempSync(join(tmpdir(), 'full-disk-'))
      file = join(folder, 'cloud.db')
      full = false
      const session = new Session(options())
      session.database.ensureCollection('things', [indexes[1] as never])
      const ignore = () => undefined
      for (const step of steps) {
        if (step.kind === 'disk') full = step.full
        else if (step.kind === 'set') await session.set(step.id, { n: step.n }).catch(ignore)
        else if (step.kind === 'remove') await session.remove({ _id: step.id }).catch(ignore)
        else {
          // One flush for a removal, the same id again, and an update.
          await Promise.all([
            session.remove({ _id: 'a' }).catch(ignore),
            session.insert({ _id: 'a', n: step.n }).catch(ignore),
            session.update({ n: { $gte: 5 } }, { $inc: { n: -1 } }).catch(ignore),
          ])
        }
      }
      full = false
      const inMemory = await shown(session)
      session.database.close()
      const again = new Session(options())
      expect(await shown(again)).toEqual(inMemory)
      again.database.close()
    }),
    { numRuns: 60 },
  )
})

describe('a damaged file is named and left unchanged', () => {
  const damagedBy = (name: string, change: (bytes: Buffer) => void) => {
    const path = join(folder, name)
    const bytes = readFileSync(path)
    change(bytes)
    writeFileSync(path, bytes)
    expect(() => openDatabase({ file })).toThrow(
      expect.objectContaining({ name: 'DamagedDatabase', file: path }),
    )
    expect(readFileSync(path).equals(bytes)).toBe(true)
  }

  async function closed(): Promise<void> {
    const session = await filled()
    await session.insert(
      ...Array.from({ length: 200 }, (_, i) => ({ _id: `d${i}`, k: 1000 + i, text: 'x'.repeat(500) })),
    )
    session.database.close()
    const db = new Libsql(file)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
  }

  /** The files of a killed process: the log is not yet merged into the database. */
  async function killed(): Promise<void> {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    const session = await filled()
    for (let i = 0; i < 20; i++) await session.insert({ _id: `w${i}`, k: 1000 + i, text: 'x'.repeat(500) })
    for (const end of ['', '-wal']) copyFileSync(file + end, `${file}.copy${end}`)
    session.database.close()
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
    for (const end of ['', '-wal']) copyFileSync(`${file}.copy${end}`, file + end)
  }

  test('with an overwritten header', async () => {
    await closed()
    damagedBy('cloud.db', bytes => bytes.fill('garbage', 0, 4096))
  })

  test('with an overwritten page in the middle', async () => {
    await closed()
    damagedBy('cloud.db', bytes => bytes.fill(0, 4096 * 10, 4096 * 20))
  })

  test('with a log overwritten in its header or in the middle', async () => {
    await killed()
    damagedBy('cloud.db-wal', bytes => bytes.fill(0xff, 0, 16))
    await killed()
    damagedBy('cloud.db-wal', bytes =>
      bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 50),
    )
  })

  test('the log of a killed process, or a log torn at its end, does not count as damaged', async () => {
    await killed()
    const session = new Session({ file })
    expect(await session.count({})).toBe(23)
    session.database.close()
    await killed()
    const log = readFileSync(`${file}-wal`)
    writeFileSync(`${file}-wal`, log.subarray(0, log.length - 100))
    const torn = new Session({ file })
    expect(await torn.count({})).toBe(22)
    torn.database.close()
  })
})
