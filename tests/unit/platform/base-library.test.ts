import { compareVersions, isTooOld, lowestBaseLibrary } from '#platform/base-library'

// The tested function is pure and needs no phone.
jest.mock('@tarojs/taro', () => ({ __esModule: true, default: {} }))

test('versions are compared by number, not by letter', () => {
  expect(compareVersions('2.9.4', '2.20.1')).toBeLessThan(0)
  expect(compareVersions('3.0', '3.0.0')).toBe(0)
  expect(compareVersions('3.10.0', '3.9.9')).toBeGreaterThan(0)
})

test('a phone is too old below the lowest base library, but not if it does not report a version', () => {
  expect(isTooOld('2.20.0')).toBe(true)
  expect(isTooOld('2.9.4')).toBe(true)
  expect(isTooOld(lowestBaseLibrary)).toBe(false)
  expect(isTooOld('')).toBe(false)
})
