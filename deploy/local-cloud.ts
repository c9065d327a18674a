import * as v from 'valibot'
import { findRunning } from '../local-cloud/data-folder'
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
  const { url, key } = running
  const ask = async (command: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/local/${command}`, {
      method: 'POST',
      headers: { 'x-local-key': key },
      body: JSON.stringify(body),
    })
    const reply: unknown = JSON.parse(await response.text())
    if (!response.ok) throw new Error((reply as { message: string }).message)
    return reply
  }
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
