import fc from 'fast-check'

import { fontScale, type SizeStep, sizeSteps } from '#platform/look-steps'

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
  expect(fontScale(1, 'standard')).toBe(1)
  expect(fontScale(1.75, 'standard')).toBe(1.75)
  expect(fontScale(0.94, 'standard')).toBe(0.94)
})
