import * as v from 'valibot'
import { endpoint } from '#contract/endpoint'
import { errorCodes, Reply } from '#contract/envelope'
import { AppError } from '#shared/app-error'
import { type Handler, route, serve } from '#shared/serve'

const double = endpoint('numbers/double', {
  input: v.object({ of: v.object({ value: v.pipe(v.number(), v.maxValue(100)) }) }),
  output: v.object({ value: v.number() }),
})

let logged: string[]

beforeEach(() => {
  logged = []
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      logged.push(parts.join(' '))
    })
  }
})
afterEach(() => jest.restoreAllMocks())

const served = (handler: Handler<typeof double>) => serve([route(double, handler)])
const working = served(async ({ of }) => ({ value: of.value * 2 }))
const event = { action: 'double', data: { of: { value: 21 } } }

describe('a served function', () => {
  test('answers a valid event, and reads only its action and data', async () => {
    const reply = await working({ ...event, userInfo: { openId: 'evil' }, openid: 'evil' })
    expect(reply).toEqual({ ok: true, data: { value: 42 } })
  })

  test('passes the parsed input to the handler, without extra fields', async () => {
    let seen: unknown
    const main = served(async input => {
      seen = input
      return { value: 0 }
    })
    await main({ action: 'double', data: { of: { value: 1, reader: 'evil' }, openid: 'evil' } })
    expect(seen).toEqual({ of: { value: 1 } })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'double'],
    ['a list', []],
    ['no action', { data: {} }],
    ['an action that is no text', { action: 7, data: {} }],
    ['an action without end', { action: 'x'.repeat(65) }],
    ['an unknown action', { action: 'treble', data: {} }],
    ['an action of every object', { action: 'constructor', data: {} }],
    ['another function’s whole name', { action: 'numbers/double', data: event.data }],
    ['no data', { action: 'double' }],
  ])('refuses %s as invalid', async (_what, wrong) => {
    const reply = await working(wrong)
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    expect(logged).toEqual([])
  })

  test('names the path of the bad field of an input', async () => {
    const reply = await working({ action: 'double', data: { of: { value: 101 } } })
    expect(reply).toMatchObject({
      error: { code: 'invalid', message: expect.stringMatching(/^of\.value: /) },
    })
  })

  test('never repeats a long input in its message', async () => {
    const reply = await working({ action: 'double', data: { of: { value: 'x'.repeat(5_000) } } })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid' } })
    expect(JSON.stringify(reply).length).toBeLessThan(300)
  })

  test('passes on an AppError with its code and `retryAfter`', async () => {
    for (const code of errorCodes) {
      const main = served(async () => {
        throw new AppError(code, 'said on purpose', 7)
      })
      const error = { code, message: 'said on purpose', retryAfter: 7 }
      expect(await main(event)).toEqual({ ok: false, error })
    }
    const main = served(async () => {
      throw new AppError('conflict', 'no time known')
    })
    expect(await main(event)).toEqual({ ok: false, error: { code: 'conflict', message: 'no time known' } })
  })

  test('answers internal to anything unexpected: detail and stack go to the log, under the request’s id', async () => {
    for (const thrown of [new TypeError('secret detail'), 'secret detail', { secret: 'detail' }, undefined]) {
      logged = []
      const main = served(() => Promise.reject(thrown))
      const reply = await main(event, { request_id: 'r-1' })
      expect(reply).toEqual({ ok: false, error: { code: 'internal', message: 'internal error' } })
      expect(logged.map(line => JSON.parse(line))).toMatchObject([
        { level: 'error', event: 'unexpected', requestId: 'r-1', action: 'double' },
      ])
    }
  })

  test('answers unavailable when the database timed out or could not be reached, and logs it', async () => {
    for (const failure of [
      { errCode: -501001 },
      Object.assign(new Error('late'), { code: 'ESOCKETTIMEDOUT' }),
    ]) {
      logged = []
      const main = served(() => Promise.reject(failure))
      expect(await main(event)).toEqual({
        ok: false,
        error: { code: 'unavailable', message: 'busy, try again', retryAfter: 2 },
      })
      expect(logged.map(line => JSON.parse(line))).toMatchObject([{ level: 'warn', event: 'transient' }])
    }
  })

  test('answers internal also when a handler throws synchronously', async () => {
    const main = served(() => {
      throw new Error('at once')
    })
    expect(await main(event)).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(logged[0]).toContain('at once')
  })

  test('does not send a reply that breaks its contract', async () => {
    const main = served(async () => ({ value: 'secret' }) as unknown as { value: number })
    const reply = await main(event)
    expect(reply).toEqual({ ok: false, error: { code: 'internal', message: 'internal error' } })
    expect(logged[0]).toContain('reply of double does not fit: value: ')
  })

  test('removes fields from a reply that the contract does not name', async () => {
    const main = served(async () => ({ value: 1, reader: 'secret' }))
    expect(await main(event)).toEqual({ ok: true, data: { value: 1 } })
  })

  test('always answers in the envelope that clients read', async () => {
    for (const sent of [event, null, { action: 'double', data: 1 }]) {
      expect(v.is(Reply, await working(sent))).toBe(true)
    }
  })
})
