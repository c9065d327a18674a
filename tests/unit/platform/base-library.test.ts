import { baseLibrary, compareVersions, isTooOld, lowestBaseLibrary } from '#platform/base-library'

// A phone without any API that says what it is.
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

test('a phone that lacks the API which tells its version is too old', () => {
  expect(isTooOld(baseLibrary())).toBe(true)
})
