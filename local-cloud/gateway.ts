import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { admit, requireThisMachine } from './admission'
import { crossOrigin } from './client-request'
import { CloudError } from './cloud-error'
import { describeError, sendError } from './http'
import { httpStatus } from './web-api'

type Handled = Promise<unknown> | unknown

export interface Routes {
  /** The SDK's protocol at /admin. Without it this server has no such address. The same holds for `control`. */
  sdk?(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Handled
  /** Commands of tests and tools at /local/<command>. */
  control?(req: IncomingMessage, res: ServerResponse, command: string): Handled
  /** The console at /console. Returns false for other paths. */
  console?(req: IncomingMessage, res: ServerResponse, path: string): Handled
  /** Each of these returns false for a path that it does not serve. */
  client(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Handled
  files(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Handled
  pages(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Handled
}

export interface Gateway {
  /** Starts listening. Port 0 takes any free port. Returns the address, `http://host:port`. */
  listen(host: string, port: number): Promise<string>
  close(): Promise<void>
}

export interface GatewayOptions {
  /** Accepted host names besides IP addresses and localhost. */
  hosts?: Iterable<string>
  /** A whole request must arrive within this time (ms). A file of 100 MB from a phone takes a while. */
  requestTime?: number
}

/** How long (ms) a client may go on sending after an early answer, so that it can read the answer. */
const graceAfterAnswer = 1_000

/** An HTTP server of the local cloud. It only dispatches by path and does not know the services behind the paths. */
export function createGateway(
  routes: Routes,
  nextRequestId: () => string,
  { hosts = [], requestTime = 120_000 }: GatewayOptions = {},
): Gateway {
  const allowed = new Set([...hosts].map(host => host.toLowerCase()))
  const server: Server = createServer(
    {
      requestTimeout: requestTime,
      headersTimeout: Math.min(20_000, requestTime),
      connectionsCheckingInterval: Math.min(5_000, requestTime),
      // Longer than any client keeps an idle connection (Node's agent: 5 s). Otherwise the server may close a
      // connection at the moment when a client reuses it.
      keepAliveTimeout: 65_000,
    },
    (req, res) => {
      for (const [name, value] of Object.entries(onEverything)) res.setHeader(name, value)
      res.once('finish', () => endUnfinished(req))
      void answer(req, res)
    },
  )

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      admit(req, allowed)
      const { path, query } = split(req.url ?? '/')
      if (path === '/admin' || path.startsWith('/local/')) {
        requireThisMachine(req)
        if (!routes.sdk || !routes.control) throw new CloudError('NOT_FOUND', 'not at this address')
        if (path === '/admin') await routes.sdk(req, res, query)
        else await routes.control(req, res, path.slice('/local/'.length))
        return
      }
      const page = routes.console?.(req, res, path) ?? false
      if (page !== false) {
        await page
        return
      }
      const client = routes.client(req, res, path, query)
      if (client !== false) {
        await client
        return
      }
      const file = routes.files(req, res, path, query)
      if (file !== false) {
        await file
        return
      }
      const served = routes.pages(req, res, path, query)
      if (served === false) throw new CloudError('NOT_FOUND', `the local cloud serves nothing at ${path}`)
      await served
    } catch (error) {
      req.resume()
      const described = describeError(error, nextRequestId())
      if (res.headersSent) res.destroy()
      else sendError(req, res, httpStatus(described.code), described, crossOrigin(req))
    }
  }

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const at = server.address() as AddressInfo
          // "Every address" (0.0.0.0) cannot be called: programs on this machine use the loopback address.
          const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
          resolve(`http://${name.includes(':') ? `[${name}]` : name}:${at.port}`)
        })
      }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const noQuery = new URLSearchParams()

function split(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, query: noQuery }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) }
}

/** No other site may show our pages in a frame, and browsers must not guess a different content type. */
const onEverything = {
  'content-security-policy': "frame-ancestors 'self'",
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
}

/** An unread body must not keep its connection open. */
function endUnfinished(req: IncomingMessage): void {
  if (req.complete) return
  req.resume()
  setTimeout(() => {
    if (!req.complete) req.socket.destroy()
  }, graceAfterAnswer).unref()
}
