import { createHash } from 'node:crypto'
import * as v from 'valibot'

/** Digest of text or bytes, to compare what is there with what should be. */
export const digestOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex')

/** JSON with sorted keys: equal values give equal text, whatever order a service answers in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** An index key: a field and its direction, 1 or -1. */
export const IndexKey = v.object({ field: v.string(), direction: v.picklist([1, -1]) })
export const Index = v.object({
  name: v.string(),
  fields: v.array(IndexKey),
  unique: v.optional(v.boolean(), false),
})
export type Index = v.InferOutput<typeof Index>

/** A timer: its expression has seven fields, seconds first. */
export const Trigger = v.object({ name: v.string(), type: v.literal('timer'), config: v.string() })
export type Trigger = v.InferOutput<typeof Trigger>

const Condition = v.union([v.boolean(), v.string()])
export const FunctionRule = v.record(v.string(), v.object({ invoke: Condition }))
export type FunctionRule = v.InferOutput<typeof FunctionRule>
export const StorageRule = v.object({ read: Condition, write: Condition })
export type StorageRule = v.InferOutput<typeof StorageRule>

/** A route of the HTTP access service, with the names of its API (CreateHTTPServiceRoute). */
export const Route = v.object({
  Path: v.string(),
  UpstreamResourceType: v.picklist(['SCF', 'STATIC_STORE']),
  UpstreamResourceName: v.string(),
  EnablePathTransmission: v.boolean(),
  EnableAuth: v.boolean(),
  EnableSafeDomain: v.boolean(),
})
export type Route = v.InferOutput<typeof Route>

export const DeployedFunction = v.object({
  name: v.string(),
  runtime: v.string(),
  /** MB. */
  memory: v.number(),
  /** Seconds. */
  timeout: v.number(),
  /** `npm run deploy` writes the digest of the uploaded code here, after the upload. */
  description: v.string(),
  /** All variables, also those that somebody set by hand. Secrets: never printed. */
  variables: v.record(v.string(), v.string()),
  triggers: v.array(Trigger),
  /** Published versions, oldest first. A version never changes; its description is what `npm run deploy` wrote. */
  versions: v.optional(v.array(v.object({ version: v.string(), description: v.string() })), []),
  /** The version that callers reach (alias `$DEFAULT`). `$LATEST` is the code that was uploaded last. */
  serving: v.optional(v.string(), '$LATEST'),
})
export type DeployedFunction = v.InferOutput<typeof DeployedFunction>

/** What is in a CloudBase environment. Also the format of `--from`. */
export const State = v.object({
  collections: v.array(v.object({ name: v.string(), rule: v.string(), indexes: v.array(Index) })),
  /** Null where none was ever set: then every signed-in client may call every function. */
  functionRule: v.nullable(FunctionRule),
  storageRule: v.nullable(StorageRule),
  /** The gateway's rules do not apply where the environment uses OPA. */
  usesOpa: v.boolean(),
  models: v.array(v.object({ name: v.string(), id: v.string(), digest: v.string() })),
  functions: v.array(DeployedFunction),
  routes: v.array(Route),
  hosting: v.object({
    enabled: v.boolean(),
    /** MD5 (hexadecimal) of each file, by path. */
    files: v.record(v.string(), v.string()),
  }),
  /** Digest of the mini-program that this machine uploaded last. No tool can read it from WeChat. */
  app: v.nullable(v.string()),
})
export type State = v.InferOutput<typeof State>

/** A new environment. */
export const emptyState: State = {
  collections: [],
  functionRule: null,
  storageRule: null,
  usesOpa: false,
  models: [],
  functions: [],
  routes: [],
  hosting: { enabled: false, files: {} },
  app: null,
}
