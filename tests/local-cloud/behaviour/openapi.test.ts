import sharp from 'sharp'
import { type CloudProcess, type Reader, startCloudProcess } from '../../support/local-cloud'
import { readCode } from '../../support/qr-code'

let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  cloud = await startCloudProcess({ args: ['--site-url', 'http://127.0.0.1:10086/'] })
  reader = await cloud.signIn()
})
afterAll(() => cloud?.stop())

interface Answer {
  errCode?: number
  errMsg?: string
  contentType?: string
  base64?: string
  result?: { suggest: string }
}

const openapi = (api: string, input: object, functionName = 'codes') =>
  cloud.call<Answer>(reader, functionName, { api, input })

describe('wxacode.getUnlimited', () => {
  test('draws a QR code with the local web address of the page', async () => {
    const { contentType, base64 } = await openapi('wxacode.getUnlimited', {
      scene: 'a=1&s=x~y',
      page: 'pages/article/index',
      width: 400,
    })
    expect(contentType).toBe('image/png')
    const picture = Buffer.from(base64 ?? '', 'base64')
    expect((await sharp(picture).metadata()).width).toBe(400)
    expect(await readCode(picture)).toBe('http://127.0.0.1:10086/pages/article/index?scene=a%3D1%26s%3Dx~y')
  })

  test('draws the address of another version than the released one', async () => {
    const { base64 } = await openapi('wxacode.getUnlimited', { scene: 'a', envVersion: 'trial' })
    expect(await readCode(Buffer.from(base64 ?? '', 'base64'))).toContain('?scene=a&env_version=trial')
  })

  test.each([
    ['another version that does not exist', { scene: 'a', envVersion: 'beta' }, 40097],
    ['no scene', {}, 40097],
    ['an empty scene', { scene: '' }, 40169],
    ['33 characters of scene', { scene: 'x'.repeat(33) }, 40169],
    ['a scene with a character that is not allowed', { scene: '月' }, 40169],
    ['a page with a leading slash', { scene: 'a', page: '/pages/article/index' }, 41030],
    ['a page with a query', { scene: 'a', page: 'pages/article/index?id=1' }, 41030],
    ['a width under 280', { scene: 'a', width: 279 }, 40097],
    ['a width over 1280', { scene: 'a', width: 1281 }, 40097],
    ['a part of a pixel', { scene: 'a', width: 300.5 }, 40097],
    ['a colour that does not exist', { scene: 'a', lineColor: { r: 256, g: 0, b: 0 } }, 40097],
    ['a colour without blue', { scene: 'a', lineColor: { r: 1, g: 0 } }, 40097],
  ])('refuses %s', async (_what, input, errCode) => {
    expect((await openapi('wxacode.getUnlimited', input)).errCode).toBe(errCode)
  })

  test('draws the first page in black on white at 430 pixels, unless it is told otherwise', async () => {
    /** Address, width, and the first pixels of the margin and of the code in it. */
    const drawn = async (input: object) => {
      const { base64 } = await openapi('wxacode.getUnlimited', { scene: 'a', ...input })
      const picture = Buffer.from(base64 ?? '', 'base64')
      const { data, info } = await sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const pixels = Array.from({ length: info.width }, (_, n) => [
        ...data.subarray(4 * n * (info.width + 1)).subarray(0, 4),
      ])
      const [margin] = pixels
      return [await readCode(picture), info.width, margin, pixels.find(one => String(one) !== String(margin))]
    }
    const address = 'http://127.0.0.1:10086/pages/index/index?scene=a'
    expect(await drawn({})).toEqual([address, 430, [255, 255, 255, 255], [0, 0, 0, 255]])
    const lineColor = { r: '16', g: 0, b: 99 }
    expect(await drawn({ width: 280, lineColor })).toEqual([
      address,
      280,
      [255, 255, 255, 255],
      [16, 0, 99, 255],
    ])
    const [, width, margin] = await drawn({ width: 1280, isHyaline: true })
    expect([width, margin]).toEqual([1280, [255, 255, 255, 0]])
  })

  test('accepts a scene of up to exactly 32 characters', async () => {
    expect((await openapi('wxacode.getUnlimited', { scene: 'x'.repeat(32) })).contentType).toBe('image/png')
  })
})

describe('security.msgSecCheck', () => {
  const risky = '特3456书yuuo莞6543李zxcz蒜7782法fgnv级'

  test("accepts plain text and refuses WeChat's sample of risky text", async () => {
    const check = (content: string) =>
      openapi('security.msgSecCheck', { content, version: 2, scene: 1, openid: reader.openid })
    expect((await check('月亮是怎么来的')).result?.suggest).toBe('pass')
    expect((await check(`前${risky}后`)).result?.suggest).toBe('risky')
    expect((await openapi('security.msgSecCheck', { content: risky })).errCode).toBe(87014)
    expect((await openapi('security.msgSecCheck', { content: 'x', version: 2, scene: 1 })).errCode).toBe(
      40003,
    )
  })

  test.each<[what: string, input: object, errCode: number]>([
    ['no text', { content: '' }, 47001],
    ['2,501 characters', { content: 'x'.repeat(2_501) }, 47001],
    ['no scene', { content: 'x', version: 2, openid: 'o1' }, 40129],
    ['a scene that does not exist', { content: 'x', version: 2, openid: 'o1', scene: 5 }, 47001],
  ])('refuses %s', async (_what, input, errCode) => {
    expect((await openapi('security.msgSecCheck', input)).errCode).toBe(errCode)
  })

  test('answers of either version have their form', async () => {
    expect(await openapi('security.msgSecCheck', { content: 'x'.repeat(2_500) })).toMatchObject({
      errCode: 0,
    })
    const newer = { version: 2, scene: 4, openid: 'o1' }
    expect(await openapi('security.msgSecCheck', { ...newer, content: 'x' })).toMatchObject({
      result: { suggest: 'pass', label: 100 },
      detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100 }],
    })
    expect(await openapi('security.msgSecCheck', { ...newer, content: risky })).toMatchObject({
      result: { suggest: 'risky', label: 20006 },
      detail: [{ suggest: 'risky', label: 20006, prob: 90 }],
    })
  })
})

describe('permissions', () => {
  test('refuses an API that the function does not declare with -604101', async () => {
    const { errCode } = await openapi('wxacode.getUnlimited', { scene: 'a' }, 'undeclared')
    expect(errCode).toBe(-604101)
  })

  test('reports an unsupported API with its number and name', async () => {
    const { errCode, errMsg } = await openapi('subscribeMessage.send', { touser: 'x' })
    expect(errCode).toBe(-604100)
    expect(errMsg).toContain('subscribeMessage.send is not offered locally')
  })
})
