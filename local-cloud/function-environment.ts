import type { RequestContext } from './function-call'

export interface EnvironmentOptions {
  envId: string
  /** Where the SDK inside an instance finds the gateway. `key` identifies the instance. */
  adminUrl: (key: string) => string
  /** Additional environment variables of the functions, as set in the console. */
  variables: Record<string, string>
}

/** The environment variables of an instance. With them wx-server-sdk reaches this cloud as it reaches the real one. */
export function instanceEnvironment(
  { envId, adminUrl, variables }: EnvironmentOptions,
  functionName: string,
  key: string,
): Record<string, string> {
  return {
    ...variables,
    // Without it the SDK probes a metadata host on every call.
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-local',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: envId,
    SCF_FUNCTIONNAME: functionName,
    TCB_ENV: envId,
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: adminUrl(key) }),
  }
}

/** What a function learns about its caller: the variables that `getWXContext` reads, and `userInfo` of the event. */
export function callerOf(
  { openid, source }: RequestContext,
  appId: string,
): { context: Record<string, string>; userInfo: { appId: string; openId?: string } | null } {
  if (source === null) return { context: {}, userInfo: null }
  return {
    context: { TCB_SOURCE: source, WX_APPID: appId, ...(openid === null ? {} : { WX_OPENID: openid }) },
    // The platform writes it into every event and overwrites what the client may have put there.
    userInfo: { appId, ...(openid === null ? {} : { openId: openid }) },
  }
}
