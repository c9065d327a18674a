import Taro from '@tarojs/taro'
import { storedToken } from './stored-token'
import { createWebApi } from './web-api'

/** For the WeChat simulator with a local cloud. wx.request keeps no cookies, so the bearer token is stored. */
const api = createWebApi({
  baseUrl: CLOUD_URL,
  signInQuery: '',
  post: async (url, header, data) => {
    const response = await Taro.request<unknown>({
      url,
      method: 'POST',
      header: { 'content-type': 'application/json', ...header },
      data,
    })
    return { status: response.statusCode, body: response.data }
  },
  tokens: storedToken('cloud-token'),
})

export function startCloud(): void {
  // Nothing to start: the first call signs in.
}

export const invoke = api.invoke
