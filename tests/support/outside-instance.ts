import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { CloudProcess } from './local-cloud'

const root = path.resolve(__dirname, '../..')

/** A call of a built function: the function, the caller, and how far its clock is ahead (ms). */
export interface OutsideCall {
  name: string
  source: string
  openId?: string
  event?: unknown
  offset?: number
  /** Starts a new instance for the call. */
  fresh?: boolean
}

/** An instance of a built function outside the cloud. A test can intercept the requests between it and its database. */
export interface OutsideInstance {
  /** Intercepts each request: false loses the request. `send` sends another body before it. */
  onRequest: (body: string, send: (body: string) => Promise<void>) => boolean | Promise<boolean>
  /** Intercepts the reply to each request: false loses it, and a text is given in its place. */
  onReply: (body: string, reply: string) => boolean | string | Promise<boolean | string>
  call<Result>(call: OutsideCall): Promise<Result>
  /** Fires the timer of the function `clock`; its clock may be `offset` ms ahead. */
  tick(offset: number, fresh?: boolean): Promise<{ ok: boolean }>
  /** Moves the clock of the running call forward (ms), as if its last request had taken so long. */
  pass(ms: number): Promise<void>
  /** Lets every request and reply pass. */
  letPass(): void
  close(): void
}

const reads: ReadonlySet<unknown> = new Set([
  'database.getDocument',
  'database.calculateDocument',
  'database.aggregateDocuments',
])

const partsOf = (body: string) => JSON.parse(body) as { action?: unknown; transactionId?: unknown }

/**
 * Whether a request may change what is stored or held. An instance that dies after another request leaves the same
 * behind as one that died before it. A read inside a transaction holds a document.
 */
export function mayChange(body: string): boolean {
  const { action, transactionId } = partsOf(body)
  return transactionId !== undefined || !reads.has(action)
}

/** Whether others may see what a request changed: not while its transaction has not been committed. */
export function mayBeSeen(body: string): boolean {
  const { action, transactionId } = partsOf(body)
  if (action === 'database.commitTransaction') return true
  return transactionId === undefined && action !== 'database.startTransaction' && !reads.has(action)
}

/** @param env what the instance finds in its environment beside what every function does */
export async function startOutsideInstance(
  cloud: CloudProcess,
  env: Record<string, string> = {},
): Promise<OutsideInstance> {
  const between = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const forward = (
      sent: Buffer,
    ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> =>
      new Promise((done, fail) => {
        const headers = { ...incoming.headers, 'content-length': String(sent.length) }
        const onward = request(`${cloud.url}${incoming.url}`, { method: 'POST', headers }, async reply => {
          const parts: Buffer[] = []
          for await (const part of reply) parts.push(part as Buffer)
          done({ status: reply.statusCode ?? 200, headers: reply.headers, body: Buffer.concat(parts) })
        })
        onward.on('error', fail)
        onward.end(sent)
      })
    try {
      const goesOn = await outside.onRequest(
        body.toString(),
        async other => void (await forward(Buffer.from(other))),
      )
      const reply = goesOn ? await forward(body) : null
      const given = reply ? await outside.onReply(body.toString(), reply.body.toString()) : false
      if (!reply || given === false) return void incoming.socket.destroy()
      const told = given === true ? reply.body : Buffer.from(given)
      outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': told.length }).end(told)
    } catch {
      incoming.socket.destroy()
    }
  })
  between.listen(0, '127.0.0.1')
  await once(between, 'listening')
  const { port } = between.address() as AddressInfo
  const instance = spawn(process.execPath, [path.join(root, 'tests/support/function-instance.cjs')], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  const answers = new EventEmitter()
  createInterface({ input: instance.stdout }).on('line', line => {
    answers.emit(line === '{"passed":true}' ? 'passed' : 'answer', line)
  })
  // A failure that nobody awaits ends the process, and the running call with it.
  instance.once('exit', () => answers.emit('answer', '{"ok":false,"error":"the instance ended"}'))
  const outside: OutsideInstance = {
    onRequest: () => true,
    onReply: () => true,
    async call<Result>({ name, source, openId = '', event = {}, offset = 0, fresh = false }: OutsideCall) {
      const call = {
        file: path.join(root, `dist/cloudfunctions/${name}/index.js`),
        url: `http://127.0.0.1:${port}/admin`,
        env: cloud.adminEnv.TCB_ENV,
        ...{ source, openId, event, offset, fresh },
      }
      instance.stdin.write(`${JSON.stringify(call)}\n`)
      const [line] = (await once(answers, 'answer')) as [string]
      return JSON.parse(line) as Result
    },
    tick: (offset, fresh = false) => outside.call({ name: 'clock', source: 'wx_trigger', offset, fresh }),
    async pass(ms) {
      const passed = once(answers, 'passed')
      instance.stdin.write(`${JSON.stringify({ pass: ms })}\n`)
      await passed
    },
    letPass() {
      outside.onRequest = () => true
      outside.onReply = () => true
    },
    close() {
      instance.kill()
      between.close()
    },
  }
  return outside
}
