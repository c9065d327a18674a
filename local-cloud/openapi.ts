import { Reader, Writer } from 'protobufjs/minimal'
import { toBuffer } from 'qrcode'
import * as v from 'valibot'
import { CloudError } from './cloud-error'
import { parseMultipart } from './multipart'
import type { OpenApi, Sender } from './sdk-api'

/** The answer of an API: JSON with WeChat's errcode, or bytes with their content type. */
type Answer = Record<string, unknown> | { contentType: string; bytes: Buffer }
type Api = (input: Record<string, unknown>) => Promise<Answer> | Answer

/** Error numbers from wx-server-sdk's own table. */
const noPermission = -604101
const notFound = -604100

/** An answer of WeChat with an errcode in place of a result. */
class WeChatError extends Error {
  constructor(
    readonly errcode: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * The supported part of `cloud.openapi`. `siteUrl` is the address of the web build of the pages, which codes point to.
 * As in the real cloud, a function may use only what its config.json declares under permissions.openapi.
 */
export function createOpenApi(siteUrl: () => string): OpenApi {
  const apis = new Map<string, Api>([
    ['wxacode.getUnlimited', input => drawCode(siteUrl(), input)],
    ['security.msgSecCheck', checkText],
  ])

  return async (body, contentType, sender) => {
    const fields = parseMultipart(body, contentType)
    const action = fields.get('action')?.toString()
    if (action !== undefined && action !== 'wx.openApi') {
      throw new CloudError('INVALID_PARAM', `the local cloud does not offer the action ${action}`)
    }
    const name = fields.get('apiName')?.toString() ?? ''
    const api = apis.get(name)
    if (!api) {
      // Sent as a reply of WeChat, so that the function gets both number and text. In a system error the SDK uses its
      // own text.
      const offered = [...apis.keys()].join(' and ')
      return answer(() => {
        throw new WeChatError(notFound, `API not found: ${name} is not offered locally, only ${offered}`)
      }, {})
    }
    if (!isDeclared(name, sender)) return encodeReply({ errorCode: noPermission })
    return answer(api, decodePairs(fields.get('requestData') ?? Buffer.alloc(0)))
  }
}

function isDeclared(name: string, sender: Sender): boolean {
  return sender.openapi === undefined || sender.openapi.includes(name)
}

async function answer(api: Api, input: Record<string, unknown>): Promise<Buffer> {
  let result: Answer
  try {
    result = await api(input)
  } catch (error) {
    if (!(error instanceof WeChatError)) throw error
    result = { errcode: error.errcode, errmsg: error.message }
  }
  return 'bytes' in result && Buffer.isBuffer(result.bytes)
    ? encodeReply({ contentType: String(result.contentType), data: result.bytes })
    : encodeReply({
        contentType: 'application/json; charset=UTF-8',
        data: Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...result })),
      })
}

const Colour = v.object({ r: Channel(), g: Channel(), b: Channel() })

function Channel() {
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.transform(Number))]),
    v.integer(),
    v.minValue(0),
    v.maxValue(255),
  )
}

const CodeInput = v.object({
  scene: v.string(),
  page: v.optional(v.string(), 'pages/index/index'),
  env_version: v.optional(v.picklist(['release', 'trial', 'develop']), 'release'),
  width: v.optional(v.number(), 430),
  line_color: v.optional(Colour, { r: 0, g: 0, b: 0 }),
  is_hyaline: v.optional(v.boolean(), false),
})

const sceneCharacters = /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]*$/

/**
 * wxacode.getUnlimited. The real API draws a mini-code that only WeChat reads. This one draws a QR code of the same
 * page at the local web address, so that a phone can scan it and open the page. The address names `env_version` if the
 * code opens another version of the mini-program than the released one.
 */
async function drawCode(siteUrl: string, raw: Record<string, unknown>): Promise<Answer> {
  const parsed = v.safeParse(CodeInput, raw)
  if (!parsed.success) throw new WeChatError(40097, `invalid args: ${v.getDotPath(parsed.issues[0]) ?? ''}`)
  const { scene, page, env_version, width, line_color, is_hyaline } = parsed.output
  if (scene.length === 0 || scene.length > 32) throw new WeChatError(40169, 'invalid length for scene')
  if (!sceneCharacters.test(scene)) throw new WeChatError(40169, 'invalid character in scene')
  if (page.startsWith('/') || !/^[\w-]+(\/[\w-]+)*$/.test(page)) throw new WeChatError(41030, 'invalid page')
  if (!Number.isInteger(width) || width < 280 || width > 1280)
    throw new WeChatError(40097, 'invalid args: width')
  const hex = (channel: number) => channel.toString(16).padStart(2, '0')
  const version = env_version === 'release' ? '' : `&env_version=${env_version}`
  const bytes = await toBuffer(`${siteUrl}/${page}?scene=${encodeURIComponent(scene)}${version}`, {
    type: 'png',
    width,
    margin: 2,
    errorCorrectionLevel: 'M',
    color: {
      dark: `#${hex(line_color.r)}${hex(line_color.g)}${hex(line_color.b)}ff`,
      light: is_hyaline ? '#ffffff00' : '#ffffffff',
    },
  })
  return { contentType: 'image/png', bytes }
}

const TextInput = v.object({
  content: v.pipe(v.string(), v.minLength(1), v.maxLength(2500)),
  version: v.optional(v.union([v.number(), v.string()])),
  scene: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(4))),
  openid: v.optional(v.string()),
})

/** WeChat's own sample texts that do not pass [security.msgSecCheck]. */
const risky = ['特3456书yuuo莞6543李zxcz蒜7782法fgnv级', '完2347全dfji试3726测asad感3847知qwez到']

/** security.msgSecCheck in both versions: every text passes except WeChat's two sample texts. */
function checkText(raw: Record<string, unknown>): Answer {
  const parsed = v.safeParse(TextInput, raw)
  if (!parsed.success)
    throw new WeChatError(47001, `data format error: ${v.getDotPath(parsed.issues[0]) ?? ''}`)
  const { content, version, scene, openid } = parsed.output
  const isRisky = risky.some(sample => content.includes(sample))
  if (Number(version) !== 2) {
    if (isRisky) throw new WeChatError(87014, 'risky content')
    return {}
  }
  if (!openid) throw new WeChatError(40003, 'invalid openid')
  if (scene === undefined) throw new WeChatError(40129, 'invalid scene')
  const [suggest, label] = isRisky ? ['risky', 20006] : ['pass', 100]
  return {
    result: { suggest, label },
    detail: [{ strategy: 'content_model', errcode: 0, suggest, label, ...(isRisky ? { prob: 90 } : {}) }],
    trace_id: 'local',
  }
}

/** CommApiData { 2: { 1: [{ 1: key, 2: value as JSON text }] } }: a protobuf message of wx-server-sdk. */
function decodePairs(bytes: Buffer): Record<string, unknown> {
  const pairs = new Map<string, unknown>()
  try {
    const outer = Reader.create(bytes)
    eachField(outer, outer.len, field => {
      if (field !== 2) return false
      eachField(outer, outer.uint32() + outer.pos, inner => {
        if (inner !== 1) return false
        readPair(outer, outer.uint32() + outer.pos, pairs)
        return true
      })
      return true
    })
  } catch (error) {
    throw new CloudError('INVALID_PARAM', `requestData: ${error instanceof Error ? error.message : ''}`)
  }
  return Object.fromEntries(pairs)
}

function readPair(reader: Reader, end: number, pairs: Map<string, unknown>): void {
  let key = ''
  let value: Buffer = Buffer.alloc(0)
  let isFile = false
  eachField(reader, end, field => {
    if (field === 1) key = reader.string()
    else if (field === 2) value = Buffer.from(reader.bytes())
    else if (field === 4) isFile = reader.string() !== ''
    else return false
    return true
  })
  pairs.set(key, isFile ? value : JSON.parse(value.toString()))
}

/** Reads fields up to `end`. Skips the fields that `read` does not handle. */
function eachField(reader: Reader, end: number, read: (field: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (!read(tag >>> 3)) reader.skipType(tag & 7)
  }
}

/** CommOpenApiResp { 1: respData, 2: contentType, 3: errorCode }. */
function encodeReply(reply: { contentType: string; data: Buffer } | { errorCode: number }): Buffer {
  const writer = Writer.create()
  if ('errorCode' in reply) writer.uint32(24).int32(reply.errorCode)
  else writer.uint32(10).bytes(reply.data).uint32(18).string(reply.contentType)
  return Buffer.from(writer.finish())
}
