import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { answerFetch, type Cloud } from './cloud-door'
import type { Json } from './protocol'
import type { Asset, Site } from './site'

export interface HostServer {
  url: string
  close(): Promise<void>
}

/** Serves a compiled site on a free port of 127.0.0.1, and carries out its network calls. */
export async function serveSite(site: Site, cloud: Cloud, pictures?: string): Promise<HostServer> {
  const server = http.createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://host')
    if (req.method === 'POST' && url.pathname === '/network') {
      void readText(req).then(async text => {
        const { caller, name, args } = JSON.parse(text) as {
          caller: 'reader' | 'guest'
          name: string
          args: Json
        }
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(JSON.stringify(await answerFetch(cloud, caller, name, args)))
      })
      return
    }
    if (url.pathname === '/cloud-file') {
      const found = cloud.fileUrl?.(url.searchParams.get('id') ?? '') ?? Promise.reject(new Error('no files'))
      found.then(
        location => res.writeHead(302, { location }).end(),
        () => res.writeHead(404).end(),
      )
      return
    }
    const own = site.assets.get(decodeURIComponent(url.pathname))
    const asset = own ?? picture(pictures, url.pathname)
    if (!asset) {
      res.writeHead(404).end()
      return
    }
    // The package is on the phone: a cold start does not load it again. Pictures come from the network.
    const caching = own ? { 'cache-control': 'max-age=86400' } : {}
    res.writeHead(200, { 'content-type': asset.type, ...caching }).end(asset.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A file of the folder that is served as /pictures/. */
function picture(folder: string | undefined, address: string): Asset | undefined {
  const name = /^\/pictures\/([\w.-]+)$/.exec(address)?.[1]
  const file = folder && name ? path.join(folder, name) : undefined
  return file && fs.existsSync(file) ? { type: 'image/jpeg', body: fs.readFileSync(file) } : undefined
}

function readText(req: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => resolve(Buffer.concat(parts).toString()))
    req.on('error', reject)
  })
}
