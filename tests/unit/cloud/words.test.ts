import { errorCodes } from '#contract/envelope'
import { CallFailed } from '../../../src/cloud/call'
import { waitWords, wordsFor } from '../../../src/cloud/words'

jest.mock('../../../src/cloud/transport', () => ({ invoke: () => undefined }))

test('a reader who must wait is told how long, and never less than `retryAfter`', () => {
  const tooMany = (seconds?: number) => new CallFailed('too-many', '', seconds)
  expect([0, 1.2, 59, 60, 61, 3599, 3600, 3601, 86_400].map(seconds => wordsFor(tooMany(seconds)))).toEqual(
    ['1秒', '2秒', '59秒', '1分钟', '2分钟', '60分钟', '1小时', '2小时', '24小时'].map(
      wait => `操作太频繁，请${wait}后再试`,
    ),
  )
  expect(wordsFor(tooMany())).toBe('操作太频繁，请稍后再试')
  expect([waitWords(tooMany()), waitWords(new Error('x'))]).toEqual([undefined, undefined])
})

test('after `unavailable`, the message does not contain `retryAfter`', () => {
  expect(wordsFor(new CallFailed('unavailable', '', 2))).toBe('网络不太顺畅，请检查后重试')
})

test('a reader is told what happened and what to do, each failure in its own words', () => {
  const codes = errorCodes.map(code => [code, wordsFor(new CallFailed(code, ''))])
  expect(Object.fromEntries(codes)).toEqual({
    invalid: '这个请求有点问题，请返回重试',
    unauthenticated: '请在微信中打开后参与',
    forbidden: '当前不能这样操作',
    'not-found': '这篇内容已下线',
    conflict: '刚刚有人改动过，请再试一次',
    'too-many': '操作太频繁，请稍后再试',
    unavailable: '网络不太顺畅，请检查后重试',
    internal: '出了点小问题，请稍后再试',
  })
})
