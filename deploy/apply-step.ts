import path from 'node:path'
import * as v from 'valibot'
import type { CloudApi } from './cloud-api'
import { describeVersion, type Step } from './plan'
import { readRoutes, readVersions, servingAlias } from './read-state'
import type { Target } from './target'

export interface Context {
  api: CloudApi
  envId: string
  webDomain: string
  target: Target
  /** The time of this deployment (ISO), which its versions carry. */
  release: string
  /** Uploads the mini-program, and notes its digest on this machine. */
  uploadApp(digest: string): Promise<void>
  pause(ms: number): Promise<void>
}

const lowcode = (api: CloudApi) => api.commonService('lowcode', '2021-01-08')
const CreatedModel = v.object({ Data: v.object({ Id: v.string() }) })

const handler = 'index.main'

/** How often, and how long apart (ms), to look whether hosting is on: the service starts it in the background. */
const looks = 60
const apart = 5_000

async function hostingOnline(api: CloudApi, pause: Context['pause']): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const [info] = await api.hosting.getInfo()
    if (info?.Status === 'online') return
    await pause(apart)
  }
  throw new Error(
    'Static hosting is not online after five minutes. Look at 静态网站托管 in the console, then run this again.',
  )
}

async function publishModel({ api, envId }: Context, id: string): Promise<void> {
  await lowcode(api).call({ Action: 'BatchPublishDataSources', Param: { EnvId: envId, DataSourceIds: [id] } })
}

/** Executes one step. It decides nothing: the plan contains everything. */
export async function applyStep(step: Step, context: Context): Promise<void> {
  const { api, envId, webDomain, target } = context
  switch (step.do) {
    case 'create-collection':
      await api.database.createCollectionIfNotExists(step.name)
      return
    case 'set-collection-rule':
      await api.commonService().call({
        Action: 'ModifyDatabaseACL',
        Param: { EnvId: envId, CollectionName: step.name, AclTag: step.rule },
      })
      return
    case 'drop-index':
      await api.database.updateCollection(step.collection, { DropIndexes: [{ IndexName: step.index }] })
      return
    case 'create-index':
      await api.database.updateCollection(step.collection, {
        CreateIndexes: [
          {
            IndexName: step.index.name,
            MgoKeySchema: {
              MgoIndexKeys: step.index.fields.map(({ field, direction }) => ({
                Name: field,
                Direction: String(direction),
              })),
              MgoIsUnique: step.index.unique,
            },
          },
        ],
      })
      return
    case 'set-function-rule':
      await api.commonService().call({
        Action: 'ModifySecurityRule',
        Param: {
          EnvId: envId,
          ResourceType: 'FUNCTION',
          ResourceName: envId,
          AclTag: 'CUSTOM',
          Rule: JSON.stringify(step.rule),
        },
      })
      return
    case 'set-storage-rule':
      await api.storage.setStorageAcl('CUSTOM', step.rule)
      return
    case 'create-model': {
      const { name, title, schema } = step.model
      const created = await lowcode(api).call({
        Action: 'CreateDataSourceDetail',
        Param: {
          EnvId: envId,
          Title: title,
          Name: name,
          Type: 'database',
          TableNameRule: 'only_name',
          Schema: JSON.stringify(schema),
        },
      })
      await publishModel(context, v.parse(CreatedModel, created).Data.Id)
      return
    }
    case 'update-model':
      await lowcode(api).call({
        Action: 'ModifyDataSource',
        Param: {
          Id: step.id,
          EnvId: envId,
          Title: step.model.title,
          Schema: JSON.stringify(step.model.schema),
        },
      })
      await publishModel(context, step.id)
      return
    case 'create-function': {
      const { name, runtime, memory, timeout, variables, folder } = step.function
      await api.functions.createFunction({
        func: {
          name,
          handler,
          runtime,
          memorySize: memory,
          timeout,
          envVariables: variables,
          // The bundle holds its dependencies.
          installDependency: false,
        },
        functionPath: folder,
      })
      await api.functions.waitFunctionActive(name)
      return
    }
    case 'update-code': {
      const { name, runtime, folder } = step.function
      await api.functions.updateFunctionCode({
        func: { name, handler, runtime, installDependency: false },
        functionPath: folder,
      })
      await api.functions.waitFunctionActive(name)
      return
    }
    case 'configure-function':
      await api.functions.updateFunctionConfig({
        name: step.name,
        memorySize: step.memory,
        timeout: step.timeout,
        description: step.description,
        envVariables: step.variables,
      })
      await api.functions.waitFunctionActive(step.name)
      return
    case 'publish-version':
      await api.functions.publishVersion({
        functionName: step.function,
        description: describeVersion(step.mark, context.release),
      })
      await api.functions.waitFunctionActive(step.function)
      return
    case 'release': {
      const { mark } = step
      const { versions } = await readVersions(api, step.function)
      const found =
        mark === undefined
          ? step.version
          : versions.findLast(({ description }) => description.startsWith(`${mark} `))?.version
      if (found === undefined) throw new Error(`The version of ${step.function} is not published.`)
      await api.functions.updateFunctionAliasConfig({
        functionName: step.function,
        name: servingAlias,
        functionVersion: found,
      })
      return
    }
    case 'remove-trigger':
      await api.functions.deleteFunctionTrigger(step.function, step.trigger)
      return
    case 'create-trigger':
      await api.functions.createFunctionTriggers(step.function, [step.trigger])
      return
    case 'create-route':
    case 'update-route': {
      const { domain } = await readRoutes(api, envId, webDomain)
      const params = { EnvId: envId, Domain: { Domain: domain, Routes: [step.route] } }
      if (step.do === 'create-route') await api.env.createHttpServiceRoute(params)
      else await api.env.modifyHttpServiceRoute(params)
      return
    }
    case 'enable-hosting':
      await api.hosting.enableService()
      await hostingOnline(api, context.pause)
      return
    case 'upload-files':
      if (!step.files) throw new Error('The web edition is not built.')
      await api.hosting.uploadFiles({
        files: step.files.map(file => ({
          localPath: path.join(target.hosting.folder, file),
          cloudPath: file,
        })),
      })
      return
    case 'upload-app':
      await context.uploadApp(step.digest)
  }
}
