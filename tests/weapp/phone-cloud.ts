import { type Cloud, CloudRefusal } from '../../weapp-host/cloud-door'
import type { CallError, CloudProcess, Reader } from '../support/local-cloud'

/** The error numbers of `wx.cloud` for the error codes of the local cloud's client route. */
const codes: Record<string, number> = {
  UNAUTHENTICATED_ACCESS_DENIED: -501023,
  PERMISSION_DENIED: -501007,
  FUNCTION_NOT_FOUND: -501000,
  FUNCTIONS_TIME_LIMIT_EXCEEDED: -504003,
}

/**
 * A local cloud as the phone of one reader reaches it. In single-page mode the caller is a guest, without an OPENID.
 */
export async function phoneCloud(cloud: CloudProcess, reader?: Reader): Promise<Cloud> {
  const guest = await cloud.guest()
  const self = reader ?? (await cloud.signIn())
  return {
    async callFunction(name, event, caller) {
      try {
        return await cloud.call(caller === 'guest' ? guest : self, name, event)
      } catch (error) {
        const { code, message } = error as CallError
        throw new CloudRefusal(codes[code] ?? -504002, message)
      }
    },
  }
}
