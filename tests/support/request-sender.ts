import { subscribe } from 'node:diagnostics_channel'
import { type ClientRequest, globalAgent } from 'node:http'
import { db } from '#shared/cloud'

/*
 * Reads once to open a connection, then changes a document as functions do, through shared/cloud.ts. Runs as a separate
 * process with an SDK's environment. Prints on stdout how the change ended, and whose connections carried the requests:
 * Node's, or the SDK's own, which it uses only with `keepalive`.
 */
const carriers = new Set<string>()
subscribe('http.client.request.start', message => {
  // Node sets this property, but its types do not declare it.
  const { agent } = (message as { request: ClientRequest & { agent?: unknown } }).request
  carriers.add(agent === globalAgent ? 'node' : 'sdk')
})

async function main(): Promise<void> {
  let change = 'done'
  await db.collection('warm').limit(1).get()
  try {
    await db
      .collection('counted')
      .doc('a')
      .update({ data: { n: db.command.inc(1) } })
  } catch {
    change = 'failed'
  }
  process.stdout.write(JSON.stringify({ change, carriers: [...carriers] }))
}

void main()
