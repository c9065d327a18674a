import {
  describeCall,
  faults,
  folder,
  isLoopback,
  latency,
  parseEvent,
  portUpTo,
  siteUrl,
  variable,
  wholeNumber,
} from '../../../local-cloud/cli-options'
import { createMeter } from '../../../local-cloud/meter'

const readers = { wholeNumber, latency, faults, parseEvent, siteUrl, folder, port: portUpTo(65534) }

test.each<[reader: keyof typeof readers, text: string, value: unknown]>([
  ['wholeNumber', '0', 0],
  ['wholeNumber', ' 64 ', 64],
  ['wholeNumber', '-1', Error('It must be a whole number.')],
  ['wholeNumber', '1.5', Error('It must be a whole number.')],
  ['wholeNumber', ' ', Error('It must be a whole number.')],
  ['wholeNumber', 'many', Error('It must be a whole number.')],
  ['latency', '20', { min: 20, max: 20 }],
  ['latency', '20-40', { min: 20, max: 40 }],
  ['latency', '20-40~500', { min: 20, max: 40, tail: 500 }],
  ['latency', '20~500', { min: 20, max: 20, tail: 500 }],
  ['latency', '20-', Error('It must be like 20, 20-40 or 20-40~500 (ms).')],
  ['latency', 'x20', Error('It must be like 20, 20-40 or 20-40~500 (ms).')],
  ['faults', 'dropped-after=0.1,late=1,late-by=2000', { droppedAfter: 0.1, late: 1, lateBy: 2000 }],
  ['faults', 'repeated=0,dropped-before=0.5', { repeated: 0, droppedBefore: 0.5 }],
  ['faults', 'late=1.1', Error('It must be like dropped-after=0.1,late=0.05,late-by=2000.')],
  ['faults', 'late=-0.1', Error('It must be like dropped-after=0.1,late=0.05,late-by=2000.')],
  ['faults', 'late', Error('It must be like dropped-after=0.1,late=0.05,late-by=2000.')],
  ['faults', 'lost=0.1', Error('It must be like dropped-after=0.1,late=0.05,late-by=2000.')],
  ['parseEvent', '{"a":1}', { a: 1 }],
  ['parseEvent', '[1]', Error('The event must be a JSON object, not [1]')],
  ['parseEvent', 'null', Error('The event must be a JSON object, not null')],
  ['parseEvent', '"a"', Error('The event must be a JSON object, not "a"')],
  ['folder', 'a b', 'a b'],
  ['folder', '', Error('It must name a file or a folder, and is empty.')],
  ['folder', ' ', Error('It must name a file or a folder, and is empty.')],
  ['port', '65534', 65534],
  ['port', '65535', Error('It must be a whole number from 0 to 65534.')],
  ['port', '-1', Error('It must be a whole number.')],
  ['siteUrl', 'https://kepu.cn/', 'https://kepu.cn'],
  ['siteUrl', 'kepu.cn', Error('It must be the address of a site, like https://kepu.cn, not "kepu.cn".')],
])('%s of %j', (reader, text, value) => {
  const read = (given: string): unknown => readers[reader](given)
  if (value instanceof Error) expect(() => read(text)).toThrow(value.message)
  else expect(read(text)).toEqual(value)
})

test('variables are NAME=value; a value may have more of = and lines, or be empty', () => {
  expect(variable('A_1=x=y\nz', { B: 'b' })).toEqual({ B: 'b', A_1: 'x=y\nz' })
  expect(variable('B=', { B: 'b' })).toEqual({ B: '' })
  for (const text of ['A', '=x', '1A=x', 'a b=x'])
    expect(() => variable(text, {})).toThrow('It must be NAME=value.')
})

test('other machines reach every address but the loopback ones', () => {
  const reached = ['127.0.0.1', '127.1.2.3', 'localhost', '::1', '0.0.0.0', '192.168.1.7', '12.7.0.0', '::']
  expect(reached.filter(host => !isLoopback(host))).toEqual(['0.0.0.0', '192.168.1.7', '12.7.0.0', '::'])
})

test('a call of the log has its time, outcome, cost and lines', () => {
  const meter = createMeter(() => Date.UTC(2026, 10, 27))
  const record = meter.open('r1', 'content', 'wx_client')
  meter.count(record, 'read', 5)
  record.duration = 12.6
  record.lines.push({ level: 'error', text: 'first\nsecond' })
  meter.close(record, 'ok')
  expect(describeCall(record)).toBe(
    '2026-11-27T00:00:00.000Z r1 content ok 13 ms from wx_client (read 1, examined 5)\n  error: first\n    second',
  )
  const own = meter.open('r2', 'clock', null)
  expect(describeCall(own)).toBe('2026-11-27T00:00:00.000Z r2 clock running 0 ms from console')
})
