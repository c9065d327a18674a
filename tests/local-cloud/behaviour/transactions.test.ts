import {
  type BehaviourCloud,
  connectBehaviourCloud,
  type Database,
  failure,
} from '../../support/behaviour-cloud'

let cloud: BehaviourCloud
let db: Database
let _: Database['command']
let name: string
beforeAll(async () => {
  cloud = await connectBehaviourCloud()
  db = cloud.db
  _ = db.command
})
afterAll(() => cloud.stop())
beforeEach(async () => {
  name = await cloud.collection([
    { _id: 'a', n: 1 },
    { _id: 'b', n: 1 },
  ])
})

const stored = async (id: string): Promise<unknown> => (await db.collection(name).doc(id).get()).data.n

test('a transaction sees its own writes, commits them at once and returns its result', async () => {
  const result = await db.runTransaction(async transaction => {
    const things = transaction.collection(name)
    const { data } = await things.doc('a').get()
    expect((await things.doc('a').update({ data: { n: _.inc(1) } })).stats.updated).toBe(1)
    expect((await things.add({ data: { _id: 'c', n: 9 } }))._id).toBe('c')
    // The SDK reports created: 0 for a set inside a transaction, whatever happened.
    expect((await things.doc('d').set({ data: { n: 1 } })).stats.created).toBe(0)
    expect((await things.doc('b').remove()).stats.removed).toBe(1)
    expect((await things.doc('a').get()).data.n).toBe(2)
    expect(await stored('a')).toBe(1)
    return data.n
  })
  expect(result).toBe(1)
  expect((await db.collection(name).get()).data.map(({ _id }) => _id)).toEqual(['a', 'c', 'd'])
})

test('an error in the callback rolls back and is rethrown unchanged', async () => {
  const problem = new Error('changed my mind')
  const work = db.runTransaction(async transaction => {
    await transaction
      .collection(name)
      .doc('a')
      .update({ data: { n: 5 } })
    throw problem
  })
  expect(await failure(work)).toBe(problem)
  expect(await stored('a')).toBe(1)
})

test('an explicit rollback rejects with its reason and leaves nothing behind', async () => {
  const work = db.runTransaction(async transaction => {
    await transaction
      .collection(name)
      .doc('a')
      .update({ data: { n: 5 } })
    await transaction.rollback('why')
  })
  expect(await failure(work)).toBe('why')
  expect(await stored('a')).toBe(1)
})

test('reads come from the snapshot of the first operation', async () => {
  const transaction = await db.startTransaction()
  const things = transaction.collection(name)
  await things.doc('a').get()
  await db
    .collection(name)
    .doc('b')
    .set({ data: { n: 50 } })
  expect((await things.doc('b').get()).data.n).toBe(1)
  await transaction.rollback()
})

test('reading a missing document in wx-server-sdk fails with -1, also inside a transaction', async () => {
  const transaction = await db.startTransaction()
  expect((await failure(transaction.collection(name).doc('none').get())).errCode).toBe(-1)
  await transaction.rollback()
})

test('a conflict inside the callback gives -501001, ends the transaction, and the SDK does not retry it', async () => {
  let runs = 0
  const work = db.runTransaction(async transaction => {
    runs++
    await transaction.collection(name).doc('a').get()
    await db
      .collection(name)
      .doc('a')
      .update({ data: { n: _.inc(10) } })
    await transaction
      .collection(name)
      .doc('a')
      .update({ data: { n: _.inc(1) } })
  })
  const { errCode, errMsg } = await failure(work)
  expect(errCode).toBe(-501001)
  expect(errMsg).toContain('[ResourceUnavailable.TransactionConflict]')
  expect(runs).toBe(1)
  expect(await stored('a')).toBe(11)
})

test('the first of two transactions that write one document wins', async () => {
  const first = await db.startTransaction()
  const second = await db.startTransaction()
  await second.collection(name).doc('a').get()
  await first
    .collection(name)
    .doc('a')
    .update({ data: { n: 2 } })
  const { errCode } = await failure(
    second
      .collection(name)
      .doc('a')
      .update({ data: { n: 3 } }),
  )
  expect(errCode).toBe(-501001)
  await first.commit()
  expect(await stored('a')).toBe(2)
  await failure(second.commit())
})

test('a write outside transactions waits for the transaction that has locked the document', async () => {
  const transaction = await db.startTransaction()
  await transaction
    .collection(name)
    .doc('a')
    .update({ data: { n: _.inc(1) } })
  const waiting = db
    .collection(name)
    .doc('a')
    .update({ data: { n: _.inc(10) } })
  await db
    .collection(name)
    .doc('b')
    .update({ data: { n: 5 } })
  expect(await stored('a')).toBe(1)
  await transaction.commit()
  expect((await waiting).stats.updated).toBe(1)
  expect(await stored('a')).toBe(12)
})

test('a committed transaction cannot be used: node-sdk reports DATABASE_TRANSACTION_FAIL', async () => {
  const transaction = await db.startTransaction()
  await transaction.collection(name).doc('a').get()
  await transaction.commit()
  const { errCode, errMsg } = await failure(
    transaction
      .collection(name)
      .doc('a')
      .set({ data: { n: 1 } }),
  )
  expect(errCode).toBe(-501001)
  expect(errMsg).toContain('[ResourceUnavailable.TransactionNotExist]')
  const again = await failure(transaction.commit())
  expect(again.code).toBe('DATABASE_TRANSACTION_FAIL')
})

test('where().update, remove and count run outside the transaction and survive its rollback', async () => {
  const transaction = await db.startTransaction()
  const things = transaction.collection(name)
  await things.doc('b').get()
  expect((await things.where({ _id: 'a' }).update({ data: { n: 7 } })).stats.updated).toBe(1)
  expect(await stored('a')).toBe(7)
  expect((await things.where({ n: 7 }).count()).total).toBe(1)
  await transaction.rollback()
  expect(await stored('a')).toBe(7)
})

test('a duplicate id inside a transaction gives -502001 and ends the transaction', async () => {
  const transaction = await db.startTransaction()
  const { errCode } = await failure(transaction.collection(name).add({ data: { _id: 'a' } }))
  expect(errCode).toBe(-502001)
  expect(await stored('a')).toBe(1)
})

test('twenty concurrent transactions on one counter, retried by their callers, lose no update', async () => {
  const raise = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.runTransaction(async transaction => {
          const { data } = await transaction.collection(name).doc('a').get()
          await transaction
            .collection(name)
            .doc('a')
            .update({ data: { n: (data.n as number) + 1 } })
        })
      } catch (error) {
        if ((error as { errCode?: number }).errCode !== -501001) throw error
        await new Promise(resolve => setTimeout(resolve, Math.random() * 20 * attempt))
      }
    }
  }
  await Promise.all(Array.from({ length: 20 }, raise))
  expect(await stored('a')).toBe(21)
})
