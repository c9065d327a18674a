import { subscribe } from 'node:diagnostics_channel'
import { type ClientRequest, globalAgent } from 'node:http'
import { db } from '#shared/cloud'

/*
 * Reads once, so that a connection is open, and then changes a document, as functions do: through shared/cloud.ts.
 * Run as its own process with an SDK's environment; says on stdout how the change ended, and whose connections carried
 * the requests: Node's, or the SDK's own, which it has with `keepalive` only.
 */
const carriers = new Set<string>()
subscribe('http.client.request.start', message => {
  // Node sets it; its types do not say so.
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
