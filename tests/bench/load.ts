import { Agent, request } from 'node:http'
import type { CloudProcess } from '../support/local-cloud'

/** Calls one function over kept-alive connections. With `fetch`, half of the measured time would be its own cost. */
export interface Caller {
  /** Resolves to the reply's text. Rejects unless the status is 200. `token` calls as another reader. */
  call(functionName: string, event: string, token?: string): Promise<string>
  close(): void
}

export function createCaller(url: string, token: string, sockets: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  const { hostname, port } = new URL(url)
  return {
    call: (functionName, event, as = token) =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            hostname,
            port,
            method: 'POST',
            path: `/v1/functions/${functionName}`,
            headers: {
              authorization: `Bearer ${as}`,
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(event),
            },
          },
          response => {
            const parts: Buffer[] = []
            response.on('data', (part: Buffer) => parts.push(part))
            response.on('end', () => {
              const text = Buffer.concat(parts).toString()
              if (response.statusCode === 200) resolve(text)
              else reject(new Error(`${functionName} answered ${response.statusCode}: ${text.slice(0, 300)}`))
            })
          },
        )
        sent.on('error', reject)
        sent.end(event)
      }),
    close: () => agent.destroy(),
  }
}

/** Requests pages over kept-alive connections, compressed as for a browser. */
export interface Getter {
  /** Resolves to the body as it was sent. Rejects unless the status is 200. */
  get(address: string): Promise<Buffer>
  close(): void
}

export function createGetter(url: string, sockets: number): Getter {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  const { hostname, port } = new URL(url)
  return {
    get: address =>
      new Promise((resolve, reject) => {
        const headers = { 'accept-encoding': 'gzip' }
        request({ agent, hostname, port, path: address, headers }, response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('end', () => {
            if (response.statusCode === 200) resolve(Buffer.concat(parts))
            else reject(new Error(`${address} answered ${response.statusCode}`))
          })
        })
          .on('error', reject)
          .end()
      }),
    close: () => agent.destroy(),
  }
}

/** Number of calls in flight at a time. */
export const width = 64

/** Number of instances of each of the two compared functions: enough for two cores, and few enough to be warm soon. */
export const poolArgs = ['--no-timers', '--instances', '16']

/** Calls until no new instance starts, because starting one costs as much as a hundred replies. */
export async function warmUp(cloud: CloudProcess, call: () => Promise<unknown>): Promise<void> {
  let known = -1
  for (let round = 0; round < 20; round++) {
    await ratePerSecond(call, width, 2)
    const { instances } = await cloud.control<{ instances: number }>('workers')
    if (instances === known) return
    known = instances
  }
}

/** Calls answered per second, with `width` calls in flight, measured for `seconds`. */
export async function ratePerSecond(
  call: () => Promise<unknown>,
  width: number,
  seconds: number,
): Promise<number> {
  const begun = performance.now()
  const end = begun + seconds * 1000
  let done = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (performance.now() < end) {
        await call()
        done++
      }
    }),
  )
  return (done * 1000) / (performance.now() - begun)
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
