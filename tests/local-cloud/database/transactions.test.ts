import fc from 'fast-check'
import { noJournal } from '../../../local-cloud/database/journal'
import { Store } from '../../../local-cloud/database/store'
import { Transactions } from '../../../local-cloud/database/transactions'
import { refusal, Session } from './session'

const CONFLICT = 'DATABASE_TRANSACTION_CONFLICT'
const GONE = 'DATABASE_TRANSACTION_FAIL'

/**
 * Lets all pending work run: waiting writes continue in microtasks, journal flushes in the next turn of the event loop.
 */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
}

describe('a transaction', () => {
  let session: Session
  beforeEach(async () => {
    session = new Session()
    await session.insert({ _id: 'a', n: 1 }, { _id: 'b', n: 1 })
  })

  const bump = (id: string, transactionId?: string, by = 1): Promise<number> =>
    session.update({ _id: id }, { $inc: { n: by } }, { multi: false, transactionId })

  test('sees its own writes, which others see only after its commit', async () => {
    const t = await session.start()
    await bump('a', t)
    expect((await session.get('a', t))?.n).toBe(2)
    expect((await session.get('a'))?.n).toBe(1)
    await session.commit(t)
    expect((await session.get('a'))?.n).toBe(2)
  })

  test('reads the state at its first operation, not at its start or later', async () => {
    const t = await session.start()
    await bump('a')
    expect((await session.get('a', t))?.n).toBe(2)
    await bump('a')
    await bump('b')
    expect((await session.get('a', t))?.n).toBe(2)
    expect((await session.get('b', t))?.n).toBe(1)
  })

  test('sees no additions and no removals made after its snapshot', async () => {
    const t = await session.start()
    await session.get('a', t)
    await session.remove({ _id: 'a' })
    await session.insert({ _id: 'c', n: 1 })
    expect((await session.get('a', t))?.n).toBe(1)
    expect(await session.get('c', t)).toBeUndefined()
    expect((await session.find({}, { transactionId: t })).map(({ _id }) => _id)).toEqual(['a', 'b'])
  })

  test('finds by an index what it sees, not what others have made of it since', async () => {
    session.database.ensureCollection('things', [{ name: 'n', fields: [{ field: 'n', direction: 1 }] }])
    const t = await session.start()
    await session.get('a', t)
    await bump('a')
    await bump('b', t)
    const found = (n: number, transactionId?: string) => session.ids({ n }, { transactionId })
    expect([await found(1, t), await found(2, t)]).toEqual([['a'], ['b']])
    expect([await found(1), await found(2)]).toEqual([['b'], ['a']])
  })

  test('adds no document under an id that is taken, stored or added by itself', async () => {
    const add = (id: string, transactionId: string) => {
      const data = [JSON.stringify({ _id: id })]
      return session.act('insertDocument', { data, transactionId })
    }
    const t = await session.start()
    await add('c', t)
    for (const id of ['a', 'c']) {
      expect(await refusal(add(id, t))).toEqual({
        code: 'DATABASE_REQUEST_FAILED',
        message: expect.stringMatching(/E11000 .* index: _id_ dup key: \{ _id: "[ac]" \}/),
      })
    }
    await session.remove({ _id: 'a' }, { transactionId: t })
    await add('a', t)
    await session.commit(t)
    expect(await session.find({})).toEqual([{ _id: 'a' }, { _id: 'b', n: 1 }, { _id: 'c' }])
  })

  test('keeps the document that it adds, while somebody else wants to add it', async () => {
    const t = await session.start()
    await session.set('c', { n: 1 }, t)
    const waiting = refusal(session.insert({ _id: 'c', n: 2 }))
    await settle()
    await session.commit(t)
    expect((await waiting).message).toContain('E11000')
    expect(await session.get('c')).toEqual({ _id: 'c', n: 1 })
    await bump('c')
    expect(await session.ids({ n: 2 })).toEqual(['c'])
  })

  test('reads its state on when another with the same one ends, whatever is written then', async () => {
    const [first, second] = [await session.start(), await session.start()]
    for (const t of [first, second]) await session.get('b', t)
    await session.abort(first)
    await bump('a')
    await bump('a')
    expect((await session.get('a', second))?.n).toBe(1)
    await session.remove({ _id: 'a' })
    expect((await session.get('a', second))?.n).toBe(1)
  })

  test('that has ended leaves no place to what was deleted meanwhile', async () => {
    const t = await session.start()
    await session.get('a', t)
    await session.remove({ _id: 'a' })
    await session.abort(t)
    await session.insert({ _id: 'a', n: 1 })
    expect(await session.ids({})).toEqual(['b', 'a'])
  })

  test('ends with a reset, and what waits for it writes nothing into the new collection', async () => {
    const t = await session.start()
    await bump('a', t)
    const waiting = refusal(bump('a'))
    await settle()
    session.database.reset()
    session.database.ensureCollection('things')
    expect((await waiting).code).toBe('DATABASE_COLLECTION_NOT_EXIST')
    expect(await session.count({})).toBe(0)
    expect((await refusal(session.commit(t))).code).toBe(GONE)
  })

  test('conflicts and ends when it writes a document that changed since its snapshot', async () => {
    const t = await session.start()
    await session.get('b', t)
    await bump('a')
    expect((await refusal(bump('a', t))).code).toBe(CONFLICT)
    expect((await refusal(session.commit(t))).code).toBe(GONE)
    expect((await session.get('a'))?.n).toBe(2)
  })

  test('conflicts when it writes a document that another open transaction has written: the first writer wins', async () => {
    const [first, second] = [await session.start(), await session.start()]
    await session.get('a', second)
    await bump('a', first)
    const { code, message } = await refusal(bump('a', second))
    expect(code).toBe(CONFLICT)
    expect(message).toContain('[ResourceUnavailable.TransactionConflict]')
    await session.commit(first)
    expect((await session.get('a'))?.n).toBe(2)
  })

  test('conflicts when two add the same document, and when two remove the same document', async () => {
    const [first, second] = [await session.start(), await session.start()]
    await session.set('new', { n: 1 }, first)
    expect((await refusal(session.set('new', { n: 2 }, second))).code).toBe(CONFLICT)
    const third = await session.start()
    await session.remove({ _id: 'a' }, { transactionId: first })
    expect((await refusal(session.remove({ _id: 'a' }, { transactionId: third }))).code).toBe(CONFLICT)
    await session.commit(first)
    expect(await session.ids({})).toEqual(['b', 'new'])
  })

  test('no longer sees what it has removed itself; others do until its commit', async () => {
    const t = await session.start()
    await session.remove({ _id: 'a' }, { transactionId: t })
    expect(await session.get('a', t)).toBeUndefined()
    expect((await session.find({}, { transactionId: t })).map(({ _id }) => _id)).toEqual(['b'])
    expect(await session.get('a')).toMatchObject({ n: 1 })
    await session.commit(t)
    expect(await session.get('a')).toBeUndefined()
  })

  test('leaves nothing behind when it is rolled back', async () => {
    const t = await session.start()
    await bump('a', t)
    await session.set('new', { n: 1 }, t)
    await session.remove({ _id: 'b' }, { transactionId: t })
    await session.abort(t)
    expect(await session.find({})).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 1 },
    ])
    expect(await bump('a')).toBe(1)
  })

  test('blocks writes outside transactions only for the documents it has written', async () => {
    const t = await session.start()
    await bump('a', t, 10)
    let done = false
    const waiting = bump('a').then(() => {
      done = true
    })
    await bump('b')
    await settle()
    expect(done).toBe(false)
    await session.commit(t)
    await waiting
    expect((await session.get('a'))?.n).toBe(12)
  })

  test('lets a blocked write continue after a rollback', async () => {
    const t = await session.start()
    await bump('a', t, 10)
    const waiting = bump('a')
    await session.abort(t)
    expect(await waiting).toBe(1)
    expect((await session.get('a'))?.n).toBe(2)
  })

  test('cannot be used after commit or rollback, nor with an invented id', async () => {
    const t = await session.start()
    await session.commit(t)
    for (const work of [session.get('a', t), bump('a', t), session.commit(t), session.abort(t)]) {
      const { code, message } = await refusal(work)
      expect(code).toBe(GONE)
      expect(message).toContain('[ResourceUnavailable.TransactionNotExist]')
    }
    expect((await refusal(session.get('a', 'no-such'))).code).toBe(GONE)
  })

  test('allows write skew, as in MongoDB: two that read the same documents and write different ones both commit', async () => {
    const [first, second] = [await session.start(), await session.start()]
    await session.get('a', first)
    await session.get('b', second)
    await bump('b', first)
    await bump('a', second)
    await session.commit(first)
    await session.commit(second)
    expect(await session.find({ n: 2 })).toHaveLength(2)
  })

  test('can set a document many times and remove it again', async () => {
    const t = await session.start()
    await session.set('new', { n: 1 }, t)
    await session.set('new', { n: 2 }, t)
    expect((await session.get('new', t))?.n).toBe(2)
    expect(await session.remove({ _id: 'new' }, { transactionId: t })).toBe(1)
    expect(await session.get('new', t)).toBeUndefined()
    await session.commit(t)
    expect(await session.get('new')).toBeUndefined()
  })
})

test('older versions are kept for open transactions only, so that a cloud that runs for days does not grow', () => {
  const store = new Store(noJournal())
  const things = store.create('things')
  const record = store.recordFor(things, 'a')
  const write = (n: number) =>
    store.apply([
      { collection: things, record, document: { _id: 'a', n }, text: JSON.stringify({ _id: 'a', n }) },
    ])
  write(1)
  const transactions = new Transactions(store)
  const open = transactions.start()
  transactions.find(open)
  write(2)
  expect(record.version.older).toMatchObject({ document: { n: 1 } })
  transactions.abort(open)
  write(3)
  expect(record.version.older).toBeNull()
  // The state that only an ended transaction saw goes with the next write.
  const [first, second] = [transactions.start(), transactions.start()]
  transactions.find(first)
  write(4)
  write(5)
  transactions.find(second)
  transactions.abort(first)
  write(6)
  expect(record.version.older).toMatchObject({ document: { n: 5 }, older: null })
  transactions.abort(second)
  write(7)
  // Nothing is left of a document that was never stored.
  const adding = transactions.start()
  transactions.write(transactions.find(adding), things, 'b', { _id: 'b' }, '{"_id":"b"}')
  transactions.abort(adding)
  expect([...things.records.values()]).toEqual([record])
})

test('a transaction expires after 30 seconds and releases its locks', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  try {
    const session = new Session()
    await session.insert({ _id: 'a', n: 1 })
    const t = await session.start()
    await session.update({ _id: 'a' }, { $inc: { n: 1 } }, { multi: false, transactionId: t })
    const waiting = session.update({ _id: 'a' }, { $inc: { n: 1 } })
    jest.advanceTimersByTime(29_000)
    await settle()
    expect((await session.get('a'))?.n).toBe(1)
    jest.advanceTimersByTime(1_500)
    expect(await waiting).toBe(1)
    expect((await refusal(session.commit(t))).code).toBe(GONE)
    // One that ended in time has nothing to release after 30 seconds, least of all the locks of another.
    const inTime = await session.start()
    await session.update({ _id: 'a' }, { $inc: { n: 1 } }, { multi: false, transactionId: inTime })
    await session.commit(inTime)
    jest.advanceTimersByTime(20_000)
    const holder = await session.start()
    await session.update({ _id: 'a' }, { $inc: { n: 1 } }, { multi: false, transactionId: holder })
    jest.advanceTimersByTime(15_000)
    const late = await session.start()
    const meets = session.update({ _id: 'a' }, { $inc: { n: 1 } }, { multi: false, transactionId: late })
    expect((await refusal(meets)).code).toBe(CONFLICT)
    await session.commit(holder)
  } finally {
    jest.useRealTimers()
  }
})

describe('unique keys across transactions', () => {
  const unique = (): Session => {
    const session = new Session()
    session.database.ensureCollection('things', [
      { name: 'one', unique: true, fields: [{ field: 'k', direction: 1 }] },
    ])
    return session
  }

  test('two transactions cannot both take one key, and a write outside waits for its holder', async () => {
    const session = unique()
    const [first, second] = [await session.start(), await session.start()]
    await session.set('a', { k: 1 }, first)
    expect((await refusal(session.set('b', { k: 1 }, second))).code).toBe(CONFLICT)
    const waiting = refusal(session.insert({ _id: 'c', k: 1 }))
    await settle()
    await session.commit(first)
    expect((await waiting).message).toContain('E11000')
    expect(await session.ids({})).toEqual(['a'])
  })

  test('a commit that fails its unique check changes nothing, neither documents nor indexes', async () => {
    const session = new Session()
    await session.insert({ _id: 'a', n: 0 })
    const t = await session.start()
    await session.update({ _id: 'a' }, { $inc: { n: 1 } }, { multi: false, transactionId: t })
    await session.set('b', { k: 1 }, t)
    await session.set('c', { k: 1 }, t)
    // The index is created while the transaction is open, so only the commit can find the duplicate.
    session.database.ensureCollection('things', [
      { name: 'one', unique: true, fields: [{ field: 'k', direction: 1 }] },
    ])
    expect((await refusal(session.commit(t))).message).toContain('E11000')
    expect(await session.find({})).toEqual([{ _id: 'a', n: 0 }])
    expect(await session.find({ k: 1 })).toEqual([])
    expect(await session.update({ _id: 'a' }, { $inc: { n: 5 } })).toBe(1)
  })

  test('a transaction may write its own key again, and an aborted one gives it back', async () => {
    const session = unique()
    const t = await session.start()
    await session.set('a', { k: 1, n: 1 }, t)
    await session.set('a', { k: 1, n: 2 }, t)
    await session.abort(t)
    expect(await session.find({})).toEqual([])
    const next = await session.start()
    await session.set('b', { k: 1 }, next)
    await session.commit(next)
    expect(await session.find({ k: 1 })).toEqual([{ _id: 'b', k: 1 }])
  })

  test('a key may move from one document to another within one transaction', async () => {
    const session = unique()
    await session.insert({ _id: 'a', k: 1 })
    const t = await session.start()
    await session.remove({ _id: 'a' }, { transactionId: t })
    await session.set('b', { k: 1 }, t)
    await session.commit(t)
    expect(await session.find({ k: 1 })).toEqual([{ _id: 'b', k: 1 }])
  })
})

describe('random interleavings against a serial model', () => {
  const ids = ['a', 'b', 'c']
  const actor = fc.integer({ min: 0, max: 3 })
  const id = fc.constantFrom(...ids)
  const step = fc.oneof(
    fc.record({ kind: fc.constant('read' as const), actor, id }),
    fc.record({ kind: fc.constant('add' as const), actor, id, by: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('plain' as const), id, by: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('look' as const), id }),
    fc.record({ kind: fc.constant('commit' as const), actor }),
    fc.record({ kind: fc.constant('abort' as const), actor }),
  )

  interface Open {
    transactionId: string
    snapshot: Record<string, number> | null
    added: Record<string, number>
  }

  test('no update is lost, no read is dirty, each transaction reads one snapshot, the first writer wins', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const session = new Session()
        await session.insert(...ids.map(_id => ({ _id, n: 0 })))
        const committed: Record<string, number> = Object.fromEntries(ids.map(name => [name, 0]))
        /** For each document, the number of the commit that last changed it. */
        const changedAt: Record<string, number> = Object.fromEntries(ids.map(name => [name, 0]))
        const snapshotAt = new Map<Open, number>()
        let time = 0
        const actors = new Map<number, Open>()
        const waiting: Promise<unknown>[] = []
        const lockedBy = (name: string): Open | undefined =>
          [...actors.values()].find(open => open.added[name] !== undefined)

        const actorOf = async (number: number): Promise<Open> => {
          let open = actors.get(number)
          if (!open) {
            open = { transactionId: await session.start(), snapshot: null, added: {} }
            actors.set(number, open)
          }
          if (!open.snapshot) {
            open.snapshot = { ...committed }
            snapshotAt.set(open, time)
          }
          return open
        }

        for (const step of steps) {
          switch (step.kind) {
            case 'read': {
              const open = await actorOf(step.actor)
              const expected = (open.snapshot?.[step.id] ?? 0) + (open.added[step.id] ?? 0)
              expect((await session.get(step.id, open.transactionId))?.n).toBe(expected)
              break
            }
            case 'add': {
              const open = await actorOf(step.actor)
              const holder = lockedBy(step.id)
              const conflict =
                (holder !== undefined && holder !== open) ||
                (changedAt[step.id] as number) > (snapshotAt.get(open) as number)
              const work = session.update(
                { _id: step.id },
                { $inc: { n: step.by } },
                { multi: false, transactionId: open.transactionId },
              )
              if (conflict) {
                expect((await refusal(work)).code).toBe(CONFLICT)
                actors.delete(step.actor)
              } else {
                expect(await work).toBe(1)
                open.added[step.id] = (open.added[step.id] ?? 0) + step.by
              }
              break
            }
            case 'plain': {
              const work = session.update({ _id: step.id }, { $inc: { n: step.by } }, { multi: false })
              waiting.push(
                work.then(() => {
                  committed[step.id] = (committed[step.id] as number) + step.by
                  changedAt[step.id] = ++time
                }),
              )
              break
            }
            case 'look':
              expect((await session.get(step.id))?.n).toBe(committed[step.id])
              break
            case 'commit':
            case 'abort': {
              const open = actors.get(step.actor)
              if (!open) break
              actors.delete(step.actor)
              if (step.kind === 'abort') await session.abort(open.transactionId)
              else {
                await session.commit(open.transactionId)
                for (const [name, by] of Object.entries(open.added)) {
                  committed[name] = (committed[name] as number) + by
                  changedAt[name] = ++time
                }
              }
              break
            }
          }
          await settle()
        }
        for (const open of actors.values()) await session.abort(open.transactionId)
        await Promise.all(waiting)
        for (const name of ids) expect((await session.get(name))?.n).toBe(committed[name])
      }),
      { numRuns: 300 },
    )
  })
})
