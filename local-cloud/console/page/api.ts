import * as v from 'valibot'
import { JsonObject } from '../../json-object'

/** Sends the page's requests to `POST /console/api/<command>`. The user enters the token once per tab. */

const tokenKey = 'local-console-token'

/** An error whose message the page can show. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export const tokenOf = (): string => sessionStorage.getItem(tokenKey) ?? ''
export const keepToken = (token: string): void => sessionStorage.setItem(tokenKey, token)
export const forgetToken = (): void => sessionStorage.removeItem(tokenKey)

/** Chinese texts for errors that occur before a command runs. */
const saidFirst: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: '口令不对，请用启动时显示的那一个',
  PERMISSION_DENIED: '只有这台电脑上的浏览器能用控制台',
  EXCEED_MAX_PAYLOAD_SIZE: '内容太大',
  SYS_ERR: '本地云出错了，请把时间告诉开发人员',
}

const Failure = v.object({ code: v.string(), message: v.string() })

/** Sends a command and parses the reply. @throws Refused */
export async function send<Output>(
  command: string,
  input: unknown,
  schema: v.GenericSchema<unknown, Output>,
): Promise<Output> {
  const body = input instanceof Blob ? input : JSON.stringify(input)
  const response = await fetch(`/console/api/${command}`, {
    method: 'POST',
    headers: { 'x-local-key': tokenOf() },
    body,
  }).catch(() => null)
  if (!response) throw new Refused('OFFLINE', '本地云没有回答：它还在运行吗？')
  const reply: unknown = await response.json()
  if (response.ok) return v.parse(schema, reply)
  const { code, message } = v.parse(Failure, reply)
  throw new Refused(code, saidFirst[code] ?? message)
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const ShownRow = v.object({
  text: v.pipe(
    v.string(),
    v.transform((text): unknown => JSON.parse(text)),
    JsonObject,
  ),
  mark: v.string(),
})
/** A row, and a mark that identifies its state when it was read. */
export type ShownRow = v.InferOutput<typeof ShownRow>

const Property = v.looseObject({
  type: v.string(),
  format: v.optional(v.string(), ''),
  title: v.optional(v.string(), ''),
  description: v.optional(v.string(), ''),
  'x-index': v.optional(v.number(), 0),
  'x-required': v.optional(v.boolean(), false),
  'x-image-size': v.optional(v.number()),
  'x-image-support': v.optional(v.array(v.string())),
  maxLength: v.optional(v.number()),
})
export type Property = v.InferOutput<typeof Property> & {
  items?: Property
  properties?: Record<string, Property>
}
const Nested: v.GenericSchema<unknown, Property> = v.intersect([
  Property,
  v.object({
    items: v.optional(v.lazy(() => Nested)),
    properties: v.optional(
      v.record(
        v.string(),
        v.lazy(() => Nested),
      ),
    ),
  }),
]) as never

const Model = v.object({
  title: v.string(),
  description: v.optional(v.string(), ''),
  'x-primary-column': v.optional(v.string(), '_id'),
  properties: v.record(v.string(), Nested),
})
export type Model = v.InferOutput<typeof Model>
/** Data models by collection. */
export const Models = v.record(v.string(), Model)

/** The fields of a model, in the model's order. */
export const fieldsOf = (properties: Record<string, Property>): [string, Property][] =>
  Object.entries(properties).sort(([, a], [, b]) => a['x-index'] - b['x-index'])

const Permit = v.object({ url: v.string(), authorization: v.string(), fileId: v.string() })

/** The local cloud's storage takes no larger files (bytes). */
const fileLimit = 100 * 1024 * 1024

/** Uploads a file to cloud storage. Returns its `cloud://` id. @throws Refused */
export async function upload(file: File, folder: string): Promise<string> {
  if (file.size > fileLimit) throw new Refused('UPLOAD', `文件太大，最多 ${fileLimit / 1024 / 1024} MB`)
  const { name } = file
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? ''
  const day = new Date().toISOString().slice(0, 10)
  const path = `${folder}/${day}/${crypto.randomUUID()}${extension}`
  const { url, authorization, fileId } = await send('permit-upload', { path }, Permit)
  const response = await fetch(url, { method: 'PUT', headers: { authorization }, body: file }).catch(
    () => null,
  )
  if (!response?.ok) throw new Refused('UPLOAD', '没有传上去，请再试一次')
  return fileId
}
