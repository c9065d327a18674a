import type { Route } from './state'

/**
 * The part of `@cloudbase/manager-node` 5.6.5 that a deployment uses, with the signatures of its own typings.
 * The package itself is installed at the first deployment only; `npm run typecheck` in this folder then proves that its
 * class fits this interface (manager-node-check.ts).
 */
export interface CloudApi {
  readonly database: {
    createCollectionIfNotExists(collectionName: string): Promise<unknown>
    listCollections(options?: { MgoLimit?: number; MgoOffset?: number }): Promise<{
      Collections: { CollectionName: string }[]
      Pager: { Total: number }
    }>
    describeCollection(collectionName: string): Promise<{
      Indexes?: { Name: string; Keys: { Name?: string; Direction?: string }[]; Unique: boolean }[]
    }>
    updateCollection(
      collectionName: string,
      indexes: {
        CreateIndexes?: {
          IndexName: string
          MgoKeySchema: { MgoIndexKeys: { Name: string; Direction: string }[]; MgoIsUnique: boolean }
        }[]
        DropIndexes?: { IndexName: string }[]
      },
    ): Promise<unknown>
  }
  readonly functions: {
    listAllFunctions(options: { envId: string }): Promise<Record<string, string>[]>
    getFunctionDetail(name: string): Promise<{
      Runtime: string
      MemorySize: number
      Timeout: number
      Description: string
      Environment: { Variables: { Key: string; Value: string }[] }
      Triggers: { TriggerName: string; Type: string; TriggerDesc: string }[]
    }>
    createFunction(options: {
      func: {
        name: string
        handler: string
        runtime: string
        memorySize: number
        timeout: number
        envVariables: Record<string, string>
        installDependency: boolean
      }
      functionPath: string
    }): Promise<unknown>
    updateFunctionCode(options: {
      func: { name: string; handler: string; runtime: string; installDependency: boolean }
      functionPath: string
    }): Promise<unknown>
    updateFunctionConfig(func: {
      name: string
      memorySize: number
      timeout: number
      description: string
      envVariables: Record<string, string>
    }): Promise<unknown>
    waitFunctionActive(name: string): Promise<void>
    publishVersion(params: { functionName: string; description?: string }): Promise<unknown>
    listVersionByFunction(params: { functionName: string; limit?: number; offset?: number }): Promise<{
      Versions: { Version: string; Description: string }[]
      TotalCount: number
    }>
    getFunctionAlias(params: { functionName: string; name: string }): Promise<{ FunctionVersion: string }>
    updateFunctionAliasConfig(params: {
      functionName: string
      name: string
      functionVersion: string
    }): Promise<unknown>
    createFunctionTriggers(
      name: string,
      triggers: { name: string; type: string; config: string }[],
    ): Promise<unknown>
    deleteFunctionTrigger(name: string, triggerName: string): Promise<unknown>
  }
  readonly storage: {
    getStorageAcl(options: {
      withRule: true
    }): Promise<{ acl: string; rule?: { read: string | boolean; write: string | boolean } }>
    setStorageAcl(acl: 'CUSTOM', rule: { read: string | boolean; write: string | boolean }): Promise<unknown>
  }
  readonly hosting: {
    getInfo(): Promise<{ Status: string }[]>
    enableService(): Promise<unknown>
    listFiles(): Promise<{ Key: string; ETag: string }[]>
    uploadFiles(options: { files: { localPath: string; cloudPath: string }[] }): Promise<unknown>
  }
  readonly env: {
    getEnvInfo(): Promise<unknown>
    getLoginConfig(): Promise<unknown>
    describeHttpServiceRoute(params: { EnvId: string; Limit?: number }): Promise<unknown>
    createHttpServiceRoute(params: {
      EnvId: string
      Domain: { Domain: string; Routes: Route[] }
    }): Promise<unknown>
    modifyHttpServiceRoute(params: {
      EnvId: string
      Domain: { Domain: string; Routes: Route[] }
    }): Promise<unknown>
  }
  commonService(
    service?: string,
    version?: string,
  ): {
    call(options: { Action: string; Param: Record<string, unknown> }): Promise<unknown>
  }
}
