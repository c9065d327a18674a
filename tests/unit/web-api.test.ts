import { createWebApi, type Post, WebApiError } from '#cloud/web-api'

interface Sent {
  url: string
  token: string | undefined
  body: object
}

/** A cloud that issues the tokens t1, t2, … and accepts only those in `good`. */
function pretendCloud(options: { stored?: string; good?: string[]; signInQuery?: string } = {}) {
  const sent: Sent[] = []
  let stored = options.stored ?? ''
  let signIns = 0
  const post: Post = async (url, headers, body) => {
    const token = headers.Authorization?.replace('Bearer ', '')
    sent.push({ url, token, body })
    await Promise.resolve()
    if (url.includes('/auth/')) return { status: 200, body: { access_token: `t${++signIns}` } }
    if (!(options.good ?? ['t1', 't2']).includes(token ?? '')) return { status: 401, body: {} }
    return { status: 200, body: { ok: true, data: token } }
  }
  const tokens = {
    read: () => stored,
    write: (token: string) => {
      stored = token
    },
  }
  const api = createWebApi({ baseUrl: 'http://cloud', signInQuery: options.signInQuery ?? '', post, tokens })
  return { api, sent, stored: () => stored, signIns: () => signIns }
}

describe('the web API', () => {
  test('signs in once for several first calls, so that they all have the same reader', async () => {
    const { api, sent, signIns, stored } = pretendCloud({ signInQuery: '?as=guest' })
    const replies = await Promise.all([1, 2, 3].map(n => api.invoke('content', { n })))
    expect(signIns()).toBe(1)
    expect(replies).toEqual(Array(3).fill({ ok: true, data: 't1' }))
    expect(stored()).toBe('t1')
    expect(sent[0]).toEqual({
      url: 'http://cloud/auth/v1/signin/anonymously?as=guest',
      token: undefined,
      body: {},
    })
    expect(sent.slice(1).map(({ url, body }) => [url, body])).toEqual(
      [1, 2, 3].map(n => ['http://cloud/v1/functions/content', { n }]),
    )
  })

  test('continues as the stored reader', async () => {
    const { api, signIns } = pretendCloud({ stored: 'kept', good: ['kept'] })
    expect(await api.invoke('content', {})).toEqual({ ok: true, data: 'kept' })
    expect(signIns()).toBe(0)
  })

  test('signs in again, once, when its token is no longer accepted', async () => {
    const { api, signIns, stored } = pretendCloud({ stored: 'old' })
    const replies = await Promise.all([api.invoke('content', {}), api.invoke('content', {})])
    expect(replies).toEqual(Array(2).fill({ ok: true, data: 't1' }))
    expect([signIns(), stored()]).toEqual([1, 't1'])
  })

  test('fails when a new token is refused too, instead of signing in forever', async () => {
    const { api, sent, signIns } = pretendCloud({ stored: 'old', good: [] })
    await expect(api.invoke('content', {})).rejects.toEqual(new WebApiError(401))
    expect([signIns(), sent.length]).toEqual([1, 3])
  })

  test('rejects where the cloud answers with a failure, where sign-in fails, and where there is no network', async () => {
    const tokens = { read: () => '', write: () => undefined }
    const failing = (post: Post) =>
      createWebApi({ baseUrl: '', signInQuery: '', post, tokens }).invoke('content', {})
    await expect(failing(async () => ({ status: 503, body: {} }))).rejects.toMatchObject({ status: 503 })
    for (const body of [null, {}, { access_token: 7 }, 'text']) {
      await expect(failing(async () => ({ status: 200, body }))).rejects.toBeInstanceOf(WebApiError)
    }
    await expect(failing(() => Promise.reject(new Error('offline')))).rejects.toThrow('offline')
  })

  test('signs in again after a sign-in that failed', async () => {
    let online = false
    const api = createWebApi({
      baseUrl: '',
      signInQuery: '',
      post: async url => {
        if (!online) throw new Error('offline')
        return { status: 200, body: url.includes('/auth/') ? { access_token: 't' } : 'reply' }
      },
      tokens: { read: () => '', write: () => undefined },
    })
    await expect(api.invoke('content', {})).rejects.toThrow('offline')
    online = true
    expect(await api.invoke('content', {})).toBe('reply')
  })
})
