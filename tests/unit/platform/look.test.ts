import fc from 'fast-check'

let stored: unknown = ''
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    getStorageSync: () => stored,
    setStorageSync: (_: string, value: unknown) => {
      stored = value
    },
  },
}))

import { chooseLook, lookChoice, onLookChoice } from '#platform/look-choice'
import { fontScale, type SizeStep, sizeSteps } from '#platform/look-steps'

import { followLook, wearLook } from '../../../src/web/wear-look'

const steps = Object.keys(sizeSteps) as SizeStep[]

test('there are five steps, each larger than the one before on any phone whose own size leaves room for it', () => {
  expect(steps).toHaveLength(5)
  fc.assert(
    fc.property(fc.double({ min: 0.95, max: 1.5, noNaN: true }), system => {
      const scales = steps.map(step => fontScale(system, step))
      expect(scales).toEqual([...new Set(scales)].sort((a, b) => a - b))
    }),
  )
})

test('WeChat’s font size and ours together never exceed the readable maximum', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(...steps), (system, step) => {
      const scale = fontScale(system, step)
      expect(scale).toBeGreaterThanOrEqual(0.85)
      expect(scale).toBeLessThanOrEqual(2)
    }),
  )
  expect(steps.map(step => fontScale(1, step))).toEqual([0.9, 1, 1.15, 1.3, 1.5])
  expect(fontScale(1.75, 'standard')).toBe(1.75)
  expect(fontScale(0.94, 'standard')).toBe(0.94)
  expect([fontScale(0.94, 'small'), fontScale(1.75, 'care'), fontScale(1.24, 'large')]).toEqual([
    0.85, 2, 1.43,
  ])
})

test('a document takes the choice made in another tab, or while it was in the back/forward cache', () => {
  const window = new EventTarget()
  Object.assign(globalThis, { addEventListener: window.addEventListener.bind(window) })
  const tell = (type: string, more: object) => window.dispatchEvent(Object.assign(new Event(type), more))
  const drawn = jest.fn()
  onLookChoice(drawn)
  followLook()
  stored = { theme: 'dark', size: 'large' }
  tell('storage', { key: 'look' })
  expect(lookChoice()).toEqual({ theme: 'dark', size: 'large' })
  stored = { theme: 'light', size: 'large' }
  tell('pageshow', { persisted: true })
  expect(lookChoice()).toEqual({ theme: 'light', size: 'large' })
  stored = { theme: 'light', size: 'care' }
  tell('storage', { key: 'look' })
  expect(lookChoice()).toEqual({ theme: 'light', size: 'care' })
  expect(drawn).toHaveBeenCalledTimes(3)
  tell('storage', { key: 'history' })
  tell('pageshow', { persisted: false })
  for (const broken of ['', { theme: 'neon', size: 7 }]) {
    stored = broken
    tell('storage', { key: 'look' })
  }
  expect(lookChoice()).toEqual({ theme: 'light', size: 'care' })
  expect(drawn).toHaveBeenCalledTimes(3)
  chooseLook({ theme: 'system' })
  expect(stored).toEqual({ theme: 'system', size: 'care' })
})

test('the whole document wears the theme and the size that its reader chooses, and takes the last ones off', () => {
  const worn = new Set<string>()
  let scale = ''
  const classList = { toggle: (name: string, on: boolean) => void worn[on ? 'add' : 'delete'](name) }
  const style = {
    setProperty(_: string, value: string) {
      scale = value
    },
  }
  Object.assign(globalThis, { document: { documentElement: { classList, style } } })
  const wearing = (change: Parameters<typeof chooseLook>[0]) => {
    chooseLook(change)
    wearLook()
    return [...worn, scale]
  }
  expect(wearing({ theme: 'dark', size: 'care' })).toEqual(['look--dark', 'look--care', '1.5'])
  expect(wearing({ theme: 'light', size: 'huge' })).toEqual(['look--light', '1.3'])
  expect(wearing({ theme: 'system', size: 'standard' })).toEqual(['1'])
})

test.each([
  [undefined, [], ''],
  [{ theme: 'dark', size: 'care' }, ['look--dark', 'look--care'], '1.5'],
  [{ theme: 'light', size: 'huge' }, ['look--light'], '1.3'],
  [{ theme: 'system', size: 'standard' }, [], '1'],
  [{ theme: 'neon', size: 'toString' }, [], ''],
  ['damaged', [], ''],
])(
  'a document wears the stored look %j before anything is drawn, and an open fold',
  (data, classes, scale) => {
    const worn = new Set<string>()
    let size = ''
    const style = {
      setProperty(_: string, value: string) {
        size = value
      },
    }
    for (const unfolded of [true, 'yes', undefined]) {
      worn.clear()
      Object.assign(globalThis, {
        document: { documentElement: { classList: worn, style } },
        localStorage: {
          getItem: () => (data === 'damaged' ? '{"data":' : ((data && JSON.stringify({ data })) ?? null)),
        },
        history: { state: unfolded === undefined ? null : { unfolded } },
      })
      jest.isolateModules(() => void require('../../../src/web/head'))
      const fold = unfolded === true ? ['article-unfolded'] : []
      expect([[...worn], size]).toEqual([['js', ...classes, ...fold], scale])
    }
  },
)

test('the app starts with the look that the reader chose before', async () => {
  stored = { theme: 'dark', size: 'huge' }
  await jest.isolateModulesAsync(async () => {
    const choice = await import('#platform/look-choice')
    expect(choice.lookChoice()).toEqual(stored)
    choice.chooseLook({ size: 'small' })
    expect(stored).toEqual({ theme: 'dark', size: 'small' })
  })
})
