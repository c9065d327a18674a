/// <reference path="../../../src/globals.d.ts" />
import type { Reply } from '#contract/envelope'

/** What the phone was asked to do, in order. */
let asked: unknown[] = []
let answer: () => unknown = () => undefined
const phone = new Map<string, unknown>()

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    cloud: {
      init: (given: object) => {
        asked.push(given)
        return answer()
      },
      callFunction: async (given: object) => {
        asked.push(given)
        return answer()
      },
    },
    request: async (given: object) => {
      asked.push(given)
      return answer()
    },
    getStorageSync: (key: string) => phone.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.set(key, value),
  },
}))

beforeEach(() => {
  asked = []
  phone.clear()
  jest.resetModules()
  Object.assign(globalThis, { CLOUD_ENV: 'kepu-env', CLOUD_URL: 'http://cloud.example' })
})

const reply: Reply = { ok: true, data: 7 }
const event = { action: 'openArticle', data: { articleId: 'story00001' } }

describe('in WeChat, the cloud', () => {
  test.each([
    ['kepu-env', { env: 'kepu-env', traceUser: false }],
    ['', { traceUser: false }],
  ])('of the environment %j is started without a list of readers', async (env, given) => {
    Object.assign(globalThis, { CLOUD_ENV: env })
    const { startCloud } = await import('#cloud/transport')
    startCloud()
    expect(asked).toEqual([given])
    answer = () => {
      throw new Error('cloud.init:fail')
    }
    expect(startCloud).not.toThrow()
  })

  test('is asked for a function with its event; its result is the reply', async () => {
    const { invoke } = await import('#cloud/transport')
    answer = () => ({ result: reply, errMsg: 'cloud.callFunction:ok' })
    expect(await invoke('content', event)).toEqual(reply)
    expect(asked).toEqual([{ name: 'content', data: event }])
  })
})

test('in the simulator, a call goes to the local cloud under the reader’s token', async () => {
  const { invoke } = await import('../../../src/cloud/transport.local')
  const replies = [
    { statusCode: 200, data: { access_token: 'a-token' } },
    { statusCode: 200, data: reply },
    { statusCode: 500, data: reply },
  ]
  answer = () => replies.shift()
  expect(await invoke('content', event)).toEqual(reply)
  const json = { 'content-type': 'application/json' }
  expect(asked).toEqual([
    { url: 'http://cloud.example/auth/v1/signin/anonymously', method: 'POST', header: json, data: {} },
    {
      ...{ url: 'http://cloud.example/v1/functions/content', method: 'POST', data: event },
      header: { ...json, Authorization: 'Bearer a-token' },
    },
  ])
  expect(phone.get('cloud-token')).toBe('a-token')
  await expect(invoke('content', event)).rejects.toMatchObject({ status: 500 })
})
