import * as v from 'valibot'
import { askRunning, findRunning } from '../local-cloud/data-folder'
import { type Documents, openDocuments } from './documents'

const About = v.object({
  adminEnv: v.objectWithRest({ TCB_ENV: v.string() }, v.string()),
})

export interface LocalCloud {
  url: string
  documents: Documents
  /** Runs a command of the control surface. Throws what it refuses. */
  ask(command: string, body: unknown): Promise<unknown>
}

/** The local cloud that has the data folder open, or null. */
export async function openLocalCloud(folder: string): Promise<LocalCloud | null> {
  const running = await findRunning(folder)
  if (!running?.url) return null
  const { url } = running
  const ask = (command: string, body: unknown) => askRunning(running, command, body)
  const { adminEnv } = v.parse(About, await ask('about', {}))
  const { TCB_CONTEXT_CNFG: _, ...platform } = adminEnv
  // Without them the SDK looks for the platform's own network, which takes 30 ms for each request.
  Object.assign(process.env, platform)
  const account = { secretId: 'local', secretKey: 'local' }
  return {
    url,
    ask,
    documents: openDocuments({ envId: adminEnv.TCB_ENV, account, serviceUrl: `${url}/admin` }),
  }
}
