import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudError } from './cloud-error'
import { describeError, sendJson } from './http'
import { httpStatus } from './web-api'

type Handled = Promise<unknown> | unknown

export interface Routes {
  /** The SDK's protocol at /admin. */
  sdk(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): Handled
  /** Tests' and tools' own commands at /local/<command>. */
  control(req: IncomingMessage, res: ServerResponse, command: string): Handled
  /** These answer false for a path that is not theirs. */
  client(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Handled
  files(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Handled
  site(req: IncomingMessage, res: ServerResponse, path: string): Handled
}

export interface Gateway {
  /** Listens. Port 0 takes any free one. Returns the address, `http://host:port`. */
  listen(host: string, port: number): Promise<string>
  close(): Promise<void>
}

/** The one HTTP server of the local cloud. It knows paths and nothing of what is behind them. */
export function createGateway(routes: Routes, nextRequestId: () => string): Gateway {
  const server: Server = createServer((req, res) => {
    void answer(req, res)
  })
  // Longer than any client keeps an idle connection (Node's agent: 5 s), or a reused one breaks under a request.
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 70_000
  server.requestTimeout = 0

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      const { path, query } = split(req.url ?? '/')
      if (path === '/admin' || path.startsWith('/local/')) {
        refuseBrowsers(req)
        if (path === '/admin') await routes.sdk(req, res, query)
        else await routes.control(req, res, path.slice('/local/'.length))
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
      const page = routes.site(req, res, path)
      if (page === false) throw new CloudError('NOT_FOUND', `the local cloud serves nothing at ${path}`)
      await page
    } catch (error) {
      req.resume()
      const described = describeError(error, nextRequestId())
      if (res.headersSent) res.destroy()
      else sendJson(res, httpStatus(described.code), JSON.stringify(described))
    }
  }

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const at = server.address() as AddressInfo
          resolve(`http://${host.includes(':') ? `[${host}]` : host}:${at.port}`)
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

/**
 * /admin is above all rules. A page in the developer's browser can reach this port too, but browsers put Origin on
 * every POST, and neither the SDK nor our tools do.
 */
function refuseBrowsers(req: IncomingMessage): void {
  if (req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined) {
    throw new CloudError('PERMISSION_DENIED', 'this address is for the cloud SDK and tools, not for pages')
  }
}
