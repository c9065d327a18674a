/// <reference path="../../src/globals.d.ts" />
import * as v from 'valibot'
import { CallFailed, call } from '#cloud/call'
import { invoke } from '#cloud/transport'
import { wordsFor } from '#cloud/words'
import { endpoint } from '#contract/endpoint'
import { errorCodes } from '#contract/envelope'

// The real transport is WeChat itself; everything above it is our code.
jest.mock('#cloud/transport', () => ({ invoke: jest.fn() }))
const answered = jest.mocked(invoke)

const readNumber = endpoint('numbers/readNumber', {
  input: v.object({ of: v.string() }),
  output: v.object({ value: v.number() }),
})

const ask = () => call(readNumber, { of: 'x' })

async function failure(promise: Promise<unknown>): Promise<CallFailed> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof CallFailed) return error
  throw new Error(`not a CallFailed: ${String(error)}`)
}

afterEach(() => jest.useRealTimers())

describe('a call', () => {
  test('sends action and data to the endpoint’s function, and returns what the contract names', async () => {
    answered.mockResolvedValueOnce({ ok: true, data: { value: 7, newer: 'unknown here' } })
    expect(await ask()).toEqual({ value: 7 })
    expect(answered).toHaveBeenLastCalledWith('numbers', { action: 'readNumber', data: { of: 'x' } })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '<html>busy</html>'],
    ['no envelope', { value: 7 }],
    ['an envelope of text', { ok: 'true', data: { value: 7 } }],
    ['no data', { ok: true }],
    ['data that does not fit', { ok: true, data: { value: '7' } }],
    ['an error without a code’s shape', { ok: false, error: 'broken' }],
    ['a failure without an error', { ok: false }],
  ])('answered with %s fails as internal, and its data is not returned', async (_what, reply) => {
    answered.mockResolvedValueOnce(reply)
    expect((await failure(ask())).code).toBe('internal')
  })

  test('refused by the cloud keeps the error code and `retryAfter`', async () => {
    for (const code of errorCodes) {
      answered.mockResolvedValueOnce({ ok: false, error: { code, message: 'why', retryAfter: 3 } })
      expect(await failure(ask())).toMatchObject({ code, message: 'why', retryAfter: 3 })
    }
  })

  test('refused with a code that this client does not know fails as internal', async () => {
    answered.mockResolvedValueOnce({ ok: false, error: { code: 'on-the-moon', message: 'why' } })
    expect(await failure(ask())).toMatchObject({ code: 'internal', message: 'why' })
  })

  test('that never reached the cloud fails as unavailable, whatever the platform threw', async () => {
    for (const reason of [new Error('request:fail'), { errMsg: 'cloud.callFunction:fail' }, undefined]) {
      answered.mockRejectedValueOnce(reason)
      expect((await failure(ask())).code).toBe('unavailable')
    }
  })

  test('fails after ten seconds without a reply', async () => {
    jest.useFakeTimers()
    answered.mockReturnValueOnce(new Promise(() => undefined))
    const failed = failure(ask())
    const isOver = jest.fn()
    void failed.then(isOver)
    await jest.advanceTimersByTimeAsync(9_999)
    expect(isOver).not.toHaveBeenCalled()
    await jest.advanceTimersByTimeAsync(1)
    expect((await failed).code).toBe('unavailable')
    // A call that is answered leaves no timer behind.
    answered.mockResolvedValueOnce({ ok: true, data: { value: 7 } })
    await ask()
    expect(jest.getTimerCount()).toBe(0)
  })
})

test('every error code has a text for the reader, and an unknown code gets the text of internal', () => {
  const words = errorCodes.map(code => wordsFor(new CallFailed(code, 'developer’s words')))
  expect(new Set(words).size).toBe(errorCodes.length)
  for (const said of words) expect(said).toMatch(/^[\p{Script=Han}，]+$/u)
  expect(wordsFor(new TypeError('x'))).toBe(wordsFor(new CallFailed('internal', '')))
})
