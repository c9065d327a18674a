import { Reader, Writer } from 'protobufjs/minimal'
import sharp from 'sharp'
import { parseMultipart } from '../../../local-cloud/multipart'
import { createOpenApi } from '../../../local-cloud/openapi'
import { readCode } from '../../support/qr-code'

const boundary = '--x1'
const multipart = (fields: Record<string, string | Buffer>): Buffer =>
  Buffer.concat([
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.concat([
        Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`),
        Buffer.from(value),
        Buffer.from('\r\n'),
      ]),
    ),
    Buffer.from(`--${boundary}--\r\n`),
  ])

/** What the SDK sends: a message of pairs of names and JSON. An unknown field must not matter. */
function requestData(input: Record<string, unknown>): Buffer {
  const outer = Writer.create()
  outer.uint32(10).string('ignored')
  const pairs = Writer.create()
  for (const [key, value] of Object.entries(input)) {
    const pair = Writer.create()
      .uint32(10)
      .string(key)
      .uint32(18)
      .string(JSON.stringify(value))
      .uint32(26)
      .string('x')
    pairs.uint32(10).bytes(pair.finish())
  }
  outer.uint32(18).bytes(pairs.finish())
  return Buffer.from(outer.finish())
}

interface Answer {
  data?: Buffer
  contentType?: string
  errorCode?: number
}

async function ask(
  apiName: string,
  input: object,
  more: { fields?: object; declared?: string[] } = {},
): Promise<Answer> {
  const fields = { action: 'wx.openApi', apiName, requestData: requestData({ ...input }), ...more.fields }
  const openApi = createOpenApi(() => 'http://127.0.0.1:8787')
  const bytes = await openApi(multipart(fields), `multipart/form-data; boundary="${boundary}"`, {
    record: undefined,
    context: undefined,
    openapi: more.declared,
  })
  const reader = Reader.create(bytes)
  const answer: Answer = {}
  while (reader.pos < reader.len) {
    const field = reader.uint32() >>> 3
    if (field === 1) answer.data = Buffer.from(reader.bytes())
    else if (field === 2) answer.contentType = reader.string()
    else answer.errorCode = reader.int32()
  }
  return answer
}
const json = async (...asked: Parameters<typeof ask>) =>
  JSON.parse(String((await ask(...asked)).data)) as Record<string, unknown>

describe('a mini-code', () => {
  const draw = async (input: object) => (await ask('wxacode.getUnlimited', input)).data ?? Buffer.alloc(0)

  test('leads to the page it was asked for, in its version', async () => {
    const site = 'http://127.0.0.1:8787'
    expect(await readCode(await draw({ scene: 'a=1', page: 'pages/article/index' }))).toBe(
      `${site}/pages/article/index?scene=a%3D1`,
    )
    expect(await readCode(await draw({ scene: 'a', env_version: 'release' }))).toBe(
      `${site}/pages/index/index?scene=a`,
    )
    expect(await readCode(await draw({ scene: 'a', env_version: 'develop' }))).toBe(
      `${site}/pages/index/index?scene=a&env_version=develop`,
    )
  })

  test('has the size and colours that were asked for', async () => {
    const look = async (input: object) => {
      const { data, info } = await sharp(await draw({ scene: 'a', ...input }))
        .raw()
        .ensureAlpha()
        .toBuffer({ resolveWithObject: true })
      const pixels = new Set<string>()
      for (let at = 0; at < data.length; at += 4) pixels.add(data.subarray(at, at + 4).join())
      return { width: info.width, pixels: [...pixels].sort() }
    }
    expect(await look({})).toEqual({ width: 430, pixels: ['0,0,0,255', '255,255,255,255'] })
    expect(await look({ width: 280, line_color: { r: 255, g: '16', b: 1 }, is_hyaline: true })).toEqual({
      width: 280,
      pixels: ['255,16,1,255', '255,255,255,0'],
    })
  })

  test.each<[object, number, string]>([
    [{}, 40097, 'scene'],
    [{ scene: '' }, 40169, 'length'],
    [{ scene: 'x'.repeat(33) }, 40169, 'length'],
    [{ scene: '月' }, 40169, 'character'],
    [{ scene: 'a', page: '/pages/a' }, 41030, 'page'],
    [{ scene: 'a', page: 'pages/a?b' }, 41030, 'page'],
    [{ scene: 'a', page: 'pages//a' }, 41030, 'page'],
    [{ scene: 'a', width: 279 }, 40097, 'width'],
    [{ scene: 'a', width: 1281 }, 40097, 'width'],
    [{ scene: 'a', width: 300.5 }, 40097, 'width'],
    [{ scene: 'a', line_color: { r: 256, g: 0, b: 0 } }, 40097, 'line_color.r'],
    [{ scene: 'a', line_color: { r: 0, g: -1, b: 0 } }, 40097, 'line_color.g'],
    [{ scene: 'a', line_color: { r: 0, g: 0, b: 1.5 } }, 40097, 'line_color.b'],
    [{ scene: 'a', env_version: 'beta' }, 40097, 'env_version'],
  ])('by %j is refused', async (input, errcode, word) => {
    const answer = await json('wxacode.getUnlimited', input)
    expect(answer).toEqual({ errcode, errmsg: expect.stringContaining(word) })
  })
})

describe('a text', () => {
  const risky = '完2347全dfji试3726测asad感3847知qwez到'
  const asked = { version: 2, scene: 1, openid: 'o1' }
  test.each<[string, object, object]>([
    [
      'passes',
      { content: '月亮', ...asked },
      {
        errcode: 0,
        errmsg: 'ok',
        result: { suggest: 'pass', label: 100 },
        detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100 }],
      },
    ],
    [
      'passes by a version in words',
      { content: '月亮', ...asked, version: '2', scene: 4 },
      { result: { suggest: 'pass', label: 100 } },
    ],
    [
      'is risky',
      { content: `x${risky}`, ...asked },
      {
        result: { suggest: 'risky', label: 20006 },
        detail: [{ strategy: 'content_model', errcode: 0, suggest: 'risky', label: 20006, prob: 90 }],
      },
    ],
    ['passes the old way', { content: 'x' }, { errcode: 0, errmsg: 'ok' }],
    ['is risky the old way', { content: risky }, { errcode: 87014, errmsg: 'risky content' }],
    ['of nobody is refused', { content: 'x', version: 2, scene: 1 }, { errcode: 40003 }],
    ['without a scene is refused', { content: 'x', version: 2, openid: 'o1' }, { errcode: 40129 }],
    [
      'in no scene is refused',
      { content: 'x', ...asked, scene: 5 },
      { errcode: 47001, errmsg: 'data format error: scene' },
    ],
    ['in a scene before the first is refused', { content: 'x', ...asked, scene: 0 }, { errcode: 47001 }],
    ['that is empty is refused', { content: '' }, { errcode: 47001, errmsg: 'data format error: content' }],
    ['at the limit passes', { content: 'x'.repeat(2500) }, { errcode: 0 }],
    ['that is too long is refused', { content: 'x'.repeat(2501) }, { errcode: 47001 }],
  ])('%s', async (_name, input, expected) => {
    expect(await json('security.msgSecCheck', input)).toMatchObject(expected)
  })
})

test('a function uses only what it declares, and a tool everything that is offered', async () => {
  const text = { content: 'x' }
  expect(await ask('security.msgSecCheck', text, { declared: [] })).toEqual({ errorCode: -604101 })
  expect(await ask('security.msgSecCheck', text, { declared: ['wxacode.getUnlimited'] })).toEqual({
    errorCode: -604101,
  })
  expect(await json('security.msgSecCheck', text, { declared: ['security.msgSecCheck'] })).toMatchObject({
    errcode: 0,
  })
  expect((await ask('security.msgSecCheck', text)).contentType).toBe('application/json; charset=UTF-8')
  expect(await json('subscribeMessage.send', {})).toEqual({
    errcode: -604100,
    errmsg:
      'API not found: subscribeMessage.send is not offered locally, only wxacode.getUnlimited and security.msgSecCheck',
  })
  await expect(ask('x', {}, { fields: { action: 'wx.other' } })).rejects.toThrow(
    'does not offer the action wx.other',
  )
  await expect(
    ask('security.msgSecCheck', {}, { fields: { requestData: Buffer.from([0x12, 0x7f]) } }),
  ).rejects.toMatchObject({ code: 'INVALID_PARAM' })
})

test('the fields of a multipart body arrive byte for byte', () => {
  const bytes = Buffer.from([0, 13, 10, 255, 45, 45])
  const fields = parseMultipart(
    multipart({ a: 'text', b: bytes, c: '' }),
    `multipart/form-data; boundary=${boundary}; charset=x`,
  )
  expect([...fields]).toEqual([
    ['a', Buffer.from('text')],
    ['b', bytes],
    ['c', Buffer.alloc(0)],
  ])
  expect(() => parseMultipart(Buffer.alloc(0), 'multipart/form-data')).toThrow('without boundary')
  const nameless = Buffer.from(`--${boundary}\r\nx: y\r\n\r\ntext\r\n--${boundary}--`)
  expect(() => parseMultipart(nameless, `boundary=${boundary}`)).toThrow('without a name')
  const headless = Buffer.from(`--${boundary}\r\nname="a"\r\n--${boundary}--`)
  expect(() => parseMultipart(headless, `boundary=${boundary}`)).toThrow('without a name')
})
