import { isSinglePage } from '#platform/single-page'
import { entryParameter } from '#platform/web-entry'
import { keptToken } from './kept-token'
import { createWebApi } from './web-api'

// Moments has no login: what it shows, it shows to a guest (分享到朋友圈, 单页模式).
const reader = isSinglePage() ? 'guest' : entryParameter('as')
const tokenKey = reader ? `cloud-token:${reader}` : 'cloud-token'

const api = createWebApi({
  baseUrl: CLOUD_URL,
  signInQuery: reader ? `?as=${encodeURIComponent(reader)}` : '',
  post: async (url, headers, body) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  },
  tokens: keptToken(tokenKey),
})

export function startCloud(): void {
  // Nothing to start: the first call signs in.
}

export const invoke = api.invoke
