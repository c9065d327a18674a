import { createRequire } from 'node:module'

/** A stored document. Dates are `Date`. */
export type Document = Record<string, unknown> & { _id: unknown }

interface Query {
  where(condition: object): Query
  orderBy(field: string, order: 'asc' | 'desc'): Query
  limit(count: number): Query
  get(): Promise<{ data?: unknown }>
  count(): Promise<{ total?: number }>
}

/**
 * The part of `@cloudbase/node-sdk` 3.17 (it comes with wx-server-sdk) that reads and writes documents and files with an
 * account's key. node-sdk-check.ts proves that the package fits.
 */
export interface NodeSdk {
  init(config: {
    env: string
    region?: string
    secretId: string
    secretKey: string
    sessionToken?: string
    serviceUrl?: string
    timeout?: number
  }): {
    database(): {
      command: { in(values: unknown[]): object; gt(value: unknown): object; gte(value: unknown): object }
      createCollection(name: string): Promise<unknown>
      collection(name: string): Query & {
        add(documents: object[]): Promise<object>
        doc(id: string | number): { set(document: object): Promise<object> }
      }
    }
    uploadFile(options: { cloudPath: string; fileContent: Buffer }): Promise<{ fileID: string }>
    getTempFileURL(options: {
      fileList: string[]
    }): Promise<{ fileList: { fileID: string; tempFileURL: string; code?: string }[] }>
  }
}

/** Documents and files of an environment, read and written with full rights. */
export interface Documents {
  /** Throws where the collection does not exist. */
  count(collection: string): Promise<number>
  /** Every document, page by page, by rising `_id`. Documents whose `_id` is neither text nor number are left out. */
  pages(collection: string): AsyncGenerator<Document[]>
  /** The documents with these ids, in any order; 1,000 at most. */
  find(collection: string, ids: unknown[]): Promise<Document[]>
  add(collection: string, documents: Document[]): Promise<void>
  /** Replaces a document. */
  put(collection: string, document: Document): Promise<void>
  /** Creates the collection unless it exists. */
  create(collection: string): Promise<void>
  /** Addresses from which the files with these `cloud://` ids can be read. Omits files that do not exist. */
  addresses(files: string[]): Promise<Map<string, string>>
  /** Stores a file at a path, in place of what is there. Returns its `cloud://` id. */
  upload(path: string, content: Buffer): Promise<string>
}

/** Documents in a page: the most that the platform returns. */
export const pageSize = 1_000
/** Files that the SDK asks for at once. */
const filesAtOnce = 50

/** The SDK returns some errors and throws others. */
function kept<Reply extends object>(reply: Reply): Reply {
  const { code, message = '' } = reply as { code?: string; message?: string }
  if (code) throw Object.assign(new Error(`${code}: ${message}`), { code })
  return reply
}

export interface Connection {
  envId: string
  region?: string
  account: { secretId: string; secretKey: string; token?: string }
  /** The address of a local cloud's `/admin`; the real cloud's without. */
  serviceUrl?: string
}

/** The package that comes with wx-server-sdk. */
const nodeSdk = (): NodeSdk =>
  createRequire(createRequire(__filename).resolve('wx-server-sdk'))('@cloudbase/node-sdk') as NodeSdk

/** Opens an environment's documents. Makes no request. */
export function openDocuments(
  { envId, region, account, serviceUrl }: Connection,
  sdk: NodeSdk = nodeSdk(),
): Documents {
  const { secretId, secretKey, token } = account
  const app = sdk.init({
    env: envId,
    secretId,
    secretKey,
    timeout: 20_000,
    ...(region === undefined ? {} : { region }),
    ...(token === undefined ? {} : { sessionToken: token }),
    ...(serviceUrl === undefined ? {} : { serviceUrl }),
  })
  const db = app.database()
  const get = async (query: Query): Promise<Document[]> => kept(await query.get()).data as Document[]
  return {
    async count(collection) {
      return kept(await db.collection(collection).count()).total ?? 0
    },
    async *pages(collection) {
      // A comparison sees values of its own type only, so numbers and texts are two passes.
      for (const first of [db.command.gte(Number.NEGATIVE_INFINITY), db.command.gte('')]) {
        for (let from = first; ; ) {
          const page = await get(
            db.collection(collection).where({ _id: from }).orderBy('_id', 'asc').limit(pageSize),
          )
          if (page.length > 0) yield page
          if (page.length < pageSize) break
          from = db.command.gt(page.at(-1)?._id)
        }
      }
    },
    find: (collection, ids) =>
      get(
        db
          .collection(collection)
          .where({ _id: db.command.in(ids) })
          .limit(pageSize),
      ),
    async add(collection, documents) {
      kept(await db.collection(collection).add(documents))
    },
    async put(collection, { _id, ...fields }) {
      kept(
        await db
          .collection(collection)
          .doc(_id as string | number)
          .set(fields),
      )
    },
    async create(collection) {
      try {
        await db.createCollection(collection)
      } catch (error) {
        // It exists, or else the next request says what is wrong.
        if (!/exist/i.test(String(error))) throw error
      }
    },
    async addresses(files) {
      const found = new Map<string, string>()
      for (let from = 0; from < files.length; from += filesAtOnce) {
        const { fileList } = await app.getTempFileURL({ fileList: files.slice(from, from + filesAtOnce) })
        for (const { fileID, tempFileURL } of fileList) if (tempFileURL) found.set(fileID, tempFileURL)
      }
      return found
    },
    async upload(path, content) {
      return (await app.uploadFile({ cloudPath: path, fileContent: content })).fileID
    },
  }
}
