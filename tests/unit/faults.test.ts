import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { faults } from '../faults/faults'

const root = path.resolve(__dirname, '../..')

test('every fault of the list can be planted: its text occurs once in its file, and its test exists', () => {
  const misplaced = faults.filter(
    ({ file, text, test }) =>
      !existsSync(path.join(root, test)) ||
      !existsSync(path.join(root, file)) ||
      readFileSync(path.join(root, file), 'utf8').split(text).length !== 2,
  )
  expect(misplaced.map(({ file, text }) => `${file}: ${text}`)).toEqual([])
  expect(faults.length).toBeGreaterThanOrEqual(80)
})
