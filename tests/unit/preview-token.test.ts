import * as v from 'valibot'
import { PreviewScene } from '#contract/preview'
import { newToken, opens, tokenHash } from '../../cloudfunctions/shared/preview-token'
import { previewIdsOf, previewsAtMost } from '../../cloudfunctions/shared/publishing/preview-ids'
import { storyIdOf } from '../../cloudfunctions/shared/publishing/story-id-of'

test('a scene fits a mini-code, whatever the draft’s id', () => {
  const drafts = ['a', '一'.repeat(32), '6d2f8a9b65f0c3aa0012ab34cd56ef78']
  for (const id of drafts.flatMap(previewIdsOf)) {
    const scene = `${id}.${newToken()}`
    expect(scene.length).toBeLessThanOrEqual(32)
    // The characters that WeChat allows in a scene [wxacode.getUnlimited].
    expect(scene).toMatch(/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/)
    expect(v.is(PreviewScene, scene)).toBe(true)
  }
})

test.each([
  '',
  'abcdefgh',
  'abcdefgh.',
  '.0123456789abcdef',
  'abcdefgh.0123456789abcde',
  'abcdefgh.0123456789abcdefg',
  'abcdefgh.0123456789ABCDEF',
  'abcdefg.0123456789abcdef',
  'abcdefgh 0123456789abcdef',
  'abcdefgh.0123456789abcdef\n',
  'abcdefgh.0123456789abcdef.0123456789abcdef',
])('%j is no scene', scene => {
  expect(v.is(PreviewScene, scene)).toBe(false)
})

test('a token opens what has its hash, and nothing else', () => {
  const [token, other] = [newToken(), newToken()]
  expect(token).not.toBe(other)
  expect(opens(token, tokenHash(token))).toBe(true)
  expect(opens(other, tokenHash(token))).toBe(false)
  expect(opens(token, null)).toBe(false)
  expect(opens('', null)).toBe(false)
})

test('tokens use every character about equally often', () => {
  const counts = new Map<string, number>()
  for (const one of Array.from({ length: 2_000 }, newToken).join(''))
    counts.set(one, (counts.get(one) ?? 0) + 1)
  expect(counts.size).toBe(36)
  const expected = (2_000 * 16) / 36
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 4)
})

test('the places of a draft’s previews are few, distinct, and no story’s id', () => {
  const ids = previewIdsOf('a')
  expect(new Set(ids).size).toBe(previewsAtMost)
  expect(ids).toEqual(previewIdsOf('a'))
  expect(previewIdsOf('b').filter(id => ids.includes(id))).toEqual([])
  expect(ids).not.toContain(storyIdOf('a'))
})
