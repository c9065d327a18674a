import { can } from '#platform/abilities'
import { storedToken } from './stored-token'
import { createWebApi, type WebApi } from './web-api'

let api: WebApi | undefined

/**
 * Call after the document's data is read: the page is unknown while modules load. The first call to the cloud signs in.
 */
export function startCloud(): void {
  // Moments has no login: it shows what a guest may see (分享到朋友圈, 单页模式).
  const guest = !can('storage')
  api = createWebApi({
    baseUrl: CLOUD_URL,
    signInQuery: guest ? '?as=guest' : '',
    post: async (url, headers, body) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      return { status: response.status, body: await response.json() }
    },
    tokens: storedToken(guest ? 'cloud-token:guest' : 'cloud-token'),
  })
}

export async function invoke(functionName: string, event: object): Promise<unknown> {
  if (!api) throw new Error('the cloud was not started')
  return api.invoke(functionName, event)
}
