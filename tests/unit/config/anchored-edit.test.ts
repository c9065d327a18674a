import { describe, expect, jest, test } from '@jest/globals'

const { editOnce } = jest.requireActual<{
  editOnce(
    source: string,
    edit: { owner: string; file: string; anchor: string | RegExp; replacement: string },
  ): string
}>('../../../config/plugins/anchored-edit')

const edit = (source: string, anchor: string | RegExp, replacement = '$&') =>
  editOnce(source, { owner: 'some plugin', file: 'some.js', anchor, replacement })

describe('an edit of a package’s file', () => {
  test('replaces its one match and inserts the text unchanged', () => {
    expect(edit('a b c', 'b')).toBe('a $& c')
    expect(edit('a b c', /b/, 'x')).toBe('a x c')
  })
  test.each(['', 'b b'])('stops the build unless the expected text occurs exactly once: %p', source => {
    expect(() => edit(source, 'b')).toThrow(/^some plugin: b occurs \d times, not once, in some\.js$/)
  })
})
