import Taro from '@tarojs/taro'
import { attempt } from '#platform/optional'

/**
 * The mini-program's way to the cloud: wx.cloud, which signs the caller in by itself. Beside it stand
 * transport.h5.ts (the web) and transport.local.ts (the simulator with a local cloud); a build takes one of the three.
 */
export function startCloud(): void {
  // `traceUser` would collect who uses the app into the console: no such list is wanted.
  // Without it every call fails, and pages say so.
  attempt(() => Taro.cloud.init({ ...(CLOUD_ENV ? { env: CLOUD_ENV } : {}), traceUser: false }))
}

/** Calls a function with an event and gives its result, unparsed. Rejects where the platform itself fails. */
export async function invoke(functionName: string, event: object): Promise<unknown> {
  const { result } = await Taro.cloud.callFunction({ name: functionName, data: event })
  return result
}
