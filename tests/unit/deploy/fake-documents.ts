import { createServer, type Server } from 'node:http'
import type { Document, Documents } from '../../../deploy/documents'

/** Documents and files of an environment in memory. Its files have addresses of a server on this machine. */
export async function fakeDocuments(prefix: string): Promise<{
  documents: Documents
  rows: Map<string, Map<unknown, Document>>
  files: Map<string, Buffer>
  close(): void
}> {
  const rows = new Map<string, Map<unknown, Document>>()
  const files = new Map<string, Buffer>()
  const server: Server = createServer((request, response) => {
    response.end(files.get(prefix + decodeURIComponent(String(request.url).slice(1))))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const collection = (name: string): Map<unknown, Document> => {
    const found = rows.get(name)
    if (!found) throw new Error(`DATABASE_COLLECTION_NOT_EXIST: ${name}`)
    return found
  }
  const documents: Documents = {
    count: async name => collection(name).size,
    async *pages(name) {
      const all = [...collection(name).values()].filter(({ _id }) => typeof _id !== 'object')
      for (let from = 0; from < all.length; from += 2) yield all.slice(from, from + 2)
    },
    find: async (name, ids) => ids.flatMap(id => collection(name).get(id) ?? []),
    async add(name, added) {
      if (added.length === 0) throw new Error('nothing to add')
      for (const one of added) {
        if (collection(name).has(one._id)) throw new Error('duplicate key')
        collection(name).set(one._id, one)
      }
    },
    async put(name, one) {
      collection(name).set(one._id, one)
    },
    async create(name) {
      if (!rows.has(name)) rows.set(name, new Map())
    },
    addresses: async ids =>
      new Map(
        ids
          .filter(id => files.has(id))
          .map(id => [id, `http://127.0.0.1:${port}/${encodeURIComponent(id.slice(prefix.length))}`]),
      ),
    async upload(path, content) {
      files.set(prefix + path, content)
      return prefix + path
    },
  }
  return {
    documents,
    rows,
    files,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
