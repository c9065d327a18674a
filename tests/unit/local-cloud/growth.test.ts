import { decideGrowth, type Growth, type GrowthState, type Load } from '../../../local-cloud/growth'

const calm: Load = { gateway: 0.1, threads: 0.2, pool: 0.1 }
const busy: Load = { gateway: 0.9, threads: 1, pool: 1 }

const state: GrowthState = {
  waited: 30,
  pool: { size: 3, starting: 0 },
  all: { size: 5, starting: 0 },
  room: true,
  processors: 2,
  sinceStart: 100_000,
  crowdedStarts: 0,
}

const decide = (change: Partial<GrowthState>, load: Load | null = calm): Growth =>
  decideGrowth({ ...state, ...change }, () => load)

test('a call that has waited 25 ms gets another instance; before that the pool waits and checks again', () => {
  expect(decide({ waited: 25 })).toEqual({ action: 'start', crowdedStarts: 0 })
  expect(decide({ waited: 10 })).toEqual({ action: 'wait', ms: 16, crowdedStarts: 0 })
})

test('no instance starts while no call waits, two start anywhere, or one of this function starts', () => {
  expect(decide({ waited: null }).action).toBe('none')
  expect(decide({ all: { size: 5, starting: 2 } }).action).toBe('none')
  expect(decide({ pool: { size: 3, starting: 1 }, all: { size: 5, starting: 1 } }).action).toBe('none')
})

test('a function without an instance gets one at once, even on a busy machine and in a full pool', () => {
  expect(decide({ waited: 0, pool: { size: 0, starting: 0 }, room: false }, busy).action).toBe('start')
  expect(decide({ pool: { size: 0, starting: 0 }, all: { size: 5, starting: 2 } }).action).toBe('none')
})

test('in a full pool a function that has instances gets no more', () => {
  expect(decide({ room: false }).action).toBe('none')
  expect(decide({ room: false, waited: 2_000 }, busy)).toEqual({ action: 'none', crowdedStarts: 0 })
})

test.each<[string, Load | null]>([
  ['the gateway is busy', { ...calm, gateway: 0.6 }],
  ['gateway and threads fill the machine', { ...calm, gateway: 0.4, threads: 1.2 }],
  ["the function's own instances are busy", { ...calm, pool: 1.05 }],
  ['the load is not known', null],
])('a crowded pool waits a second: %s', (_, load) => {
  expect(decide({ waited: 999 }, load)).toEqual({ action: 'wait', ms: 100, crowdedStarts: 0 })
  expect(decide({ waited: 1_000 }, load)).toEqual({ action: 'start', crowdedStarts: 1 })
})

test('pauses between crowded starts double, up to a minute', () => {
  const at = (sinceStart: number, crowdedStarts: number) =>
    decide({ waited: 120_000, sinceStart, crowdedStarts }, busy).action
  expect([at(2_999, 0), at(3_000, 0)]).toEqual(['wait', 'start'])
  expect([at(11_999, 2), at(12_000, 2)]).toEqual(['wait', 'start'])
  expect([at(59_999, 40), at(60_000, 40)]).toEqual(['wait', 'start'])
})

test('a calm moment resets the count of crowded starts', () => {
  expect(decide({ waited: 10, crowdedStarts: 4 }).crowdedStarts).toBe(0)
  expect(decide({ waited: 10, crowdedStarts: 4 }, busy).crowdedStarts).toBe(4)
})

test('load is not measured while each instance has a processor', () => {
  const measured = jest.fn(() => busy)
  expect(decideGrowth({ ...state, all: { size: 2, starting: 0 } }, measured).action).toBe('start')
  expect(measured).not.toHaveBeenCalled()
})
