import { createMeter, noOperations } from '../../../local-cloud/meter'

test('calls, failures and operations are counted in total, for each function and for each call', () => {
  const meter = createMeter(() => 0)
  const ok = meter.open('a', 'content', null)
  const failed = meter.open('b', 'content', null)
  const other = meter.open('c', 'clock', null)
  meter.count(ok, 'read', 3)
  meter.count(ok, 'read', 2)
  meter.count(failed, 'write', 1)
  meter.count(undefined, 'storage', 0)
  meter.close(ok, 'ok')
  meter.close(failed, 'timeout')
  const content = { ...noOperations(), read: 2, write: 1, examined: 6 }
  expect(meter.counters()).toEqual({
    invocations: 3,
    failures: 1,
    operations: { ...content, storage: 1 },
    byFunction: {
      content: { invocations: 2, failures: 1, operations: content },
      clock: { invocations: 1, failures: 0, operations: noOperations() },
    },
  })
  expect(ok.operations).toEqual({ ...noOperations(), read: 2, examined: 5 })
  expect([ok, failed, other].map(({ outcome }) => outcome)).toEqual(['ok', 'timeout', 'running'])
})

test('the latest calls are listed, oldest first, and no more than there is room for', () => {
  const meter = createMeter(() => 0, 3)
  const latest = (count: number) => meter.latest(count).map(({ requestId }) => requestId)
  for (const id of ['a', 'b']) meter.open(id, 'content', null)
  expect([latest(5), latest(1), latest(0)]).toEqual([['a', 'b'], ['b'], []])
  for (const id of ['c', 'd']) meter.open(id, 'content', null)
  expect([latest(5), latest(2)]).toEqual([
    ['b', 'c', 'd'],
    ['c', 'd'],
  ])
  meter.reset()
  expect([latest(5), meter.counters().byFunction]).toEqual([[], {}])
})
