import Taro from '@tarojs/taro'
import { attempt } from '#platform/optional'

/**
 * How the mini-program reaches the cloud: wx.cloud, which signs the caller in automatically. A build uses one of three
 * transports: this one, transport.h5.ts (the web) or transport.local.ts (the simulator with a local cloud).
 */
export function startCloud(): void {
  // `traceUser` would list the app's users in the console: we do not want such a list. If `init` fails, every call
  // fails and pages show the error.
  attempt(() => Taro.cloud.init({ ...(CLOUD_ENV ? { env: CLOUD_ENV } : {}), traceUser: false }))
}

/** Calls a function with an event and returns its unparsed result. Rejects if the platform itself fails. */
export async function invoke(functionName: string, event: object): Promise<unknown> {
  const { result } = await Taro.cloud.callFunction({ name: functionName, data: event })
  return result
}
