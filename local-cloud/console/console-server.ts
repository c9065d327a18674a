import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { EJSON } from 'bson'
import * as v from 'valibot'
import { plainId } from '../../cloudfunctions/shared/transfer/plan-import'
import { requireOwnPage } from '../admission'
import { CloudError } from '../cloud-error'
import { type Command, createControl } from '../control'
import type { Database } from '../database/database'
import { parseObject } from '../database/ejson'
import type { Hosting } from '../hosting'
import { JsonObject } from '../json-object'
import type { Storage } from '../storage'
import { saidInChinese } from './chinese-errors'
import { savedMarks } from './saved-marks'

export interface ConsoleOptions {
  /** The built page (dist/console). */
  hosting: Hosting
  /** Folder of the data models, one JSON file per collection; null if there are none. */
  modelsFolder: string | null
  /** The token that a browser must send. */
  token: string
  database: Database
  storage: Storage
  /** All commands of the control surface; the page may use only some. */
  commands: ReadonlyMap<string, Command>
  now: () => number
  url: () => string
  nextRequestId: () => string
}

/** Commands of the control surface that the page uses. The others could act as any reader or move the clock. */
const shared = ['collections', 'functions', 'logs', 'fire', 'timers', 'import-progress', 'export-file']

/** The rows that a form saved last come first, then those of an import by their publishing time. */
const newestFirst = { updatedAt: -1, publishAt: -1, publishedAt: -1, _id: -1 }
/** Maximum number of rows on a page of a list. */
const rowsAtMost = 100
/** How long (s) the address of a file that not everybody may read is valid. */
const maxAge = 3600

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255))
const Rows = v.object({
  collection: name,
  /** A query as extended JSON. */
  filter: v.optional(v.string(), ''),
  /** A field; null for the rows that a form saved last. */
  sort: v.optional(v.nullable(name), '_id'),
  descending: v.optional(v.boolean(), false),
  skip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(rowsAtMost)), 20),
})
/** An id as JSON. A query for it must find this row: an operator such as `{"$ne":1}` would find another. */
const RowId = v.pipe(
  v.string(),
  v.transform((text): unknown => parseJson(text)),
  v.check(isRowId, '_id 的写法不对'),
  v.transform(id => JSON.stringify(id)),
)

/** `mark` identifies the state that the page has read. A row that changed since then is not overwritten. */
const Row = v.object({ collection: name, id: RowId, mark: v.string() })
const Save = v.object({
  collection: name,
  /** Extended JSON. */
  row: v.string(),
  /** Null for a new row. */
  mark: v.nullable(v.string()),
})
const Run = v.object({ name: v.string(), event: JsonObject })
/** A row that the page checks while the editor types. */
const Typed = v.object({ collection: name, row: v.string() })
/** A story that a row's body links to. */
const Linked = v.object({ state: v.fallback(v.string(), ''), draft: v.fallback(v.string(), '') })
const Pasted = v.object({ html: v.pipe(v.string(), v.maxLength(4_000_000, '粘贴的内容太大，请分几次粘贴')) })
const File = v.object({ path: v.string() })
const FileId = v.object({ fileId: v.string() })

/** A row as the page sees it. `text` is relaxed extended JSON. */
interface ShownRow {
  text: string
  mark: string
}

const markOf = (stored: string): string => createHash('sha256').update(stored).digest('base64url')

/**
 * The console for a browser: a page at /console, and `POST /console/api/<command>`. Commands require the token. Rejects
 * requests from other machines and from pages of other origins.
 */
export function createConsole(options: ConsoleOptions) {
  const { database, storage } = options

  const shown = (stored: string): ShownRow => ({
    text: EJSON.stringify(parseObject(stored, options.now(), 'a row'), { relaxed: true }),
    mark: markOf(stored),
  })

  /** Whether cloud storage has a file. An address that is typed only in part names none. */
  function isStored(fileId: string): boolean {
    try {
      return storage.find(storage.pathOf(fileId)) !== null
    } catch (error) {
      if (error instanceof CloudError) return false
      throw error
    }
  }

  async function listOf(action: string, params: Record<string, unknown>): Promise<string[]> {
    const { response } = await database.handle(action, params)
    return (response.data as { list: string[] }).list
  }

  /** The documents with these ids, by id; none if the collection does not exist. */
  async function findByIds<T>(
    collectionName: string,
    ids: readonly string[],
    schema: v.GenericSchema<unknown, T>,
  ): Promise<Map<string, T>> {
    if (ids.length === 0 || !database.collections().includes(collectionName)) return new Map()
    const query = JSON.stringify({ _id: { $in: ids } })
    const list = await listOf('database.getDocument', { collectionName, query, limit: ids.length })
    const rows = list.map(text => parseObject(text, options.now(), 'a row'))
    return new Map(rows.map(row => [String(row._id), v.parse(schema, row)]))
  }

  /** Changes a row in a transaction. @throws CloudError CONFLICT if it changed after the page read it */
  async function changeRow(
    collectionName: string,
    id: string,
    mark: string,
    change: (transactionId: string, query: string) => Promise<unknown>,
  ): Promise<void> {
    const { response } = await database.handle('database.startTransaction', {})
    const transactionId = String(response.transactionId)
    try {
      const query = `{"_id":${id}}`
      const [stored] = await listOf('database.getDocument', {
        collectionName,
        query,
        transactionId,
        limit: 1,
      })
      if (stored === undefined) throw new CloudError('NOT_FOUND', '这一行已经被删除了')
      if (markOf(stored) !== mark) {
        throw new CloudError('CONFLICT', '这一行刚刚在别处改过')
      }
      await change(transactionId, query)
      await database.handle('database.commitTransaction', { transactionId })
    } catch (error) {
      // Ends a transaction that is still open. The call fails if the transaction has already ended; that is ignored.
      await database.handle('database.abortTransaction', { transactionId }).catch(() => undefined)
      throw error
    }
  }

  const own: [string, Command][] = [
    ['models', () => readModels(options.modelsFolder)],
    [
      'rows',
      async body => {
        const { collection: collectionName, filter, sort, descending, skip, limit } = v.parse(Rows, body)
        const query = filter === '' ? '{}' : filter
        const order = JSON.stringify(sort === null ? newestFirst : { [sort]: descending ? -1 : 1 })
        const list = await listOf('database.getDocument', {
          collectionName,
          query,
          order,
          offset: skip,
          limit,
        })
        const counted = await database.handle('database.calculateDocument', { collectionName, query })
        return { rows: list.map(shown), total: (counted.response.data as { total: number }).total }
      },
    ],
    [
      'row',
      async body => {
        const { collection: collectionName, id } = v.parse(v.omit(Row, ['mark']), body)
        const query = `{"_id":${id}}`
        const [stored] = await listOf('database.getDocument', { collectionName, query, limit: 1 })
        return { row: stored === undefined ? null : shown(stored) }
      },
    ],
    [
      'save',
      async body => {
        const { collection: collectionName, row, mark } = v.parse(Save, body)
        const { _id, ...data } = v.parse(JsonObject, parseJson(row))
        const isFormed = options.modelsFolder !== null && collectionName in readModels(options.modelsFolder)
        // The panel and addresses name a row of a form by its id.
        const isNameable = mark !== null || !isFormed || (typeof _id === 'string' && plainId.test(_id))
        if (_id !== undefined && !(isRowId(_id) && isNameable)) {
          throw new CloudError('INVALID_PARAM', '_id：只能用字母、数字、下划线和短横，最多 64 个；也可以不写')
        }
        const saved = isFormed ? { ...data, ...savedMarks(mark === null, options.now()) } : data
        if (mark === null) {
          const made = { ...(_id === undefined ? {} : { _id }), ...saved }
          const { response } = await database.handle('database.insertDocument', {
            collectionName,
            data: [JSON.stringify(made)],
          })
          return { id: JSON.stringify((response.data as { insertedIds: unknown[] }).insertedIds[0]) }
        }
        const id = JSON.stringify(_id)
        await changeRow(collectionName, id, mark, (transactionId, query) =>
          database.handle('database.modifyDocument', {
            collectionName,
            query,
            data: JSON.stringify(saved),
            merge: false,
            transactionId,
          }),
        )
        return { id }
      },
    ],
    [
      'remove',
      async body => {
        const { collection: collectionName, id, mark } = v.parse(Row, body)
        await changeRow(collectionName, id, mark, (transactionId, query) =>
          database.handle('database.removeDocument', { collectionName, query, transactionId }),
        )
        return {}
      },
    ],
    [
      'run',
      body => {
        // The console calls a function without a reader and without a source.
        const { name: functionName, event } = v.parse(Run, body)
        return options.commands.get('invoke')?.({ name: functionName, event })
      },
    ],
    [
      'import',
      body => {
        // Only files in cloud storage: the page must not read other files of this machine.
        const { fileId, ...rest } = v.parse(v.looseObject({ fileId: v.string() }), body)
        return options.commands.get('import-file')?.({ ...rest, from: { fileId } })
      },
    ],
    [
      'outlook',
      async body => {
        const { collection, row } = v.parse(Typed, body)
        // Loaded when first asked for: reading texts needs many modules, and most runs open no console.
        const { linksOf, outlookOf, publishedOf } = await import('./outlook')
        const now = options.now()
        const typed = parseObject(row, now, 'a row')
        const kept = publishedOf[collection]
        const isKept = kept && typed._id !== undefined && database.collections().includes(kept.collection)
        const [published] = isKept
          ? await listOf('database.getDocument', {
              collectionName: kept.collection,
              query: JSON.stringify({ [kept.field]: String(typed._id) }),
              limit: 1,
            })
          : []
        const { idsOfLinks, linkedStories } = await import(
          '../../cloudfunctions/shared/publishing/linked-stories'
        )
        const names = linksOf(typed)
        const asked = idsOfLinks(names)
        const [stories, drafts] = await Promise.all([
          findByIds('articles', asked.stories, Linked),
          findByIds('drafts', asked.drafts, v.object({ status: v.unknown() })),
        ])
        return {
          outlook: outlookOf(collection, typed, {
            now,
            isStored,
            linked: linkedStories(names, {
              stories,
              drafts: new Map([...drafts].map(([id, { status }]) => [id, status ?? ''])),
            }),
            published: published === undefined ? null : parseObject(published, now, 'a row'),
          }),
        }
      },
    ],
    [
      'words',
      async () => {
        const { fieldWords } = await import('./field-words')
        return options.modelsFolder === null ? {} : fieldWords()
      },
    ],
    [
      'to-markdown',
      async body => {
        const { html } = v.parse(Pasted, body)
        const { toMarkdown } = await import('./to-markdown')
        return { markdown: toMarkdown(html) }
      },
    ],
    ['permit-upload', body => storage.permitUpload(v.parse(File, body).path, null)],
    [
      'address',
      body => {
        const file = storage.find(storage.pathOf(v.parse(FileId, body).fileId))
        if (!file) throw new CloudError('STORAGE_FILE_NONEXIST', '云存储里没有这个文件')
        return { url: storage.address(file, maxAge), size: file.size }
      },
    ],
  ]
  const commands = new Map(own)
  for (const command of shared) {
    const found = options.commands.get(command)
    if (found) commands.set(command, found)
  }
  const answer = createControl(
    options.token,
    new Map([...commands].map(([key, command]) => [key, saidInChinese(command)])),
    options.nextRequestId,
  )

  /** Content security policy. Pictures and uploads may use another name of this machine (localhost, 127.0.0.1). */
  const policy = () =>
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src 'self' data: blob: ${options.url()}`,
      `connect-src 'self' ${options.url()}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; ')

  /** Returns false for other paths. */
  return function handle(req: IncomingMessage, res: ServerResponse, at: string): Promise<void> | false {
    if (at !== '/console' && !at.startsWith('/console/')) return false
    requireOwnPage(req)
    if (at.startsWith('/console/api/')) {
      if (req.method !== 'POST') throw new CloudError('METHOD_NOT_ALLOWED', 'commands take POST')
      return answer(req, res, at.slice('/console/api/'.length))
    }
    res.setHeader('content-security-policy', policy())
    res.setHeader('x-frame-options', 'DENY')
    res.setHeader('referrer-policy', 'no-referrer')
    const file = at.slice('/console'.length)
    return options.hosting.serve(req, res, file === '' || file === '/' ? '/index.html' : file)
  }
}

/** A text or a number, or the wrapper of an ObjectId. */
function isRowId(id: unknown): boolean {
  if (typeof id === 'string') return id !== ''
  if (typeof id === 'number') return true
  return v.is(v.strictObject({ $oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/)) }), id)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CloudError('INVALID_PARAM', `不是 JSON：${error instanceof Error ? error.message : ''}`)
  }
}

/** The data models by collection, unchanged from their files. The page parses the parts that it needs. */
function readModels(folder: string | null): Record<string, unknown> {
  let files: string[] = []
  try {
    files = folder === null ? [] : readdirSync(folder).filter(file => file.endsWith('.json'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return Object.fromEntries(
    files.map(file => [
      path.basename(file, '.json'),
      JSON.parse(readFileSync(path.join(String(folder), file), 'utf8')) as unknown,
    ]),
  )
}
