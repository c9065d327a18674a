import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { judgeCover } from '#shared/publishing/pictures/judge-cover'
import {
  bytesAtMost,
  type Guard,
  guardedLookup,
  guardOf,
  openPicture,
  PictureRefused,
} from '#shared/publishing/pictures/open-picture'
import { ownPicture } from '#shared/publishing/pictures/own-picture'
import { isComplete, sizeOf } from '#shared/publishing/pictures/picture-size'
import { isPublicAddress } from '#shared/publishing/pictures/public-address'
import { thumbOf } from '#shared/publishing/thumbnail'
import { pictures } from '#site'

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#246' } })

describe('the size of a picture', () => {
  test.each(['jpeg', 'png', 'gif', 'webp'] as const)('is read from its first bytes: %s', async format => {
    const bytes = await drawn(320, 200).toFormat(format).toBuffer()
    expect(sizeOf(bytes)).toMatchObject({ width: 320, height: 200 })
  })

  test.each([
    [1, 320, 200],
    [2, 320, 200],
    [3, 320, 200],
    [4, 320, 200],
    [5, 200, 320],
    [6, 200, 320],
    [7, 200, 320],
    [8, 200, 320],
  ])(
    'is the size as drawn: a phone turns a picture that its camera marked %i',
    async (orientation, width, height) => {
      const bytes = await drawn(320, 200).withMetadata({ orientation }).jpeg().toBuffer()
      expect(sizeOf(bytes)).toEqual({ kind: 'jpg', width, height })
    },
  )

  test.each([
    ['HTML', '<!doctype html><title>x</title>'.repeat(9)],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'.repeat(9)],
    ['HTML that begins as a picture', 'GIF89'.padEnd(200, '<script>')],
    ['a sign of JPEG and nothing more', '\u00ff\u00d8\u00ff'.padEnd(200, '\u0000')],
    ['nothing', ''],
  ])('is not found in %s', (_what, text) => {
    expect(sizeOf(Buffer.from(text, 'latin1'))).toBeNull()
  })

  test('is at least one pixel and at most 30,000', async () => {
    const png = await drawn(4, 4).png().toBuffer()
    const sized = (width: number, height: number) => {
      png.writeUInt32BE(width, 16)
      png.writeUInt32BE(height, 20)
      return sizeOf(png)
    }
    expect(sized(1, 30_000)).toEqual({ kind: 'png', width: 1, height: 30_000 })
    expect(sized(30_000, 1)).toEqual({ kind: 'png', width: 30_000, height: 1 })
    for (const [width, height] of [
      [0, 1],
      [1, 0],
      [30_001, 1],
      [1, 30_001],
    ] as const)
      expect(sized(width, height)).toBeNull()
  })

  test('is not found in any cut or damaged picture, and reading it ends', async () => {
    const whole = await drawn(64, 48).jpeg().toBuffer()
    for (let cut = 0; cut < whole.length; cut += 7) {
      const size = sizeOf(whole.subarray(0, cut))
      expect([null, 64]).toContain(size?.width ?? null)
      const damaged = Buffer.from(whole)
      damaged.fill(cut % 256, cut, Math.min(cut + 9, whole.length))
      sizeOf(damaged)
    }
  })
})

test.each(['jpeg', 'png', 'gif', 'webp'] as const)(
  'a %s that was cut is told from a whole one',
  async format => {
    // The same noise each time: by chance, other noise may hold the bytes that end a picture.
    let seed = 1
    const pixels = Uint8Array.from({ length: 160 * 120 * 3 }, () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed >> 16
    })
    const noise = await sharp(pixels, { raw: { width: 160, height: 120, channels: 3 } })
      .toFormat(format)
      .toBuffer()
    const { kind } = sizeOf(noise) ?? {}
    if (!kind) throw new Error('no picture')
    expect(isComplete(kind, noise)).toBe(true)
    for (const part of [0.3, 0.6, 0.9, 0.99])
      expect(isComplete(kind, noise.subarray(0, Math.floor(noise.length * part)))).toBe(false)
  },
)

test('the end of a thumbnail inside a JPEG is not the end of the picture', async () => {
  const picture = await drawn(320, 200).jpeg().toBuffer()
  const thumbnail = Buffer.from([0xff, 0xe1, 0, 6, 0xff, 0xd9, 0, 0])
  const whole = Buffer.concat([picture.subarray(0, 2), thumbnail, picture.subarray(2)])
  expect(isComplete('jpg', whole)).toBe(true)
  expect(isComplete('jpg', whole.subarray(0, -30))).toBe(false)
})

describe('private machines', () => {
  test.each(
    '127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.100.100.200 0.0.0.0 224.0.0.1 255.255.255.255 198.18.0.1 ::1 :: fe80::1 fd00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 2002:7f00:1:: 2001:db8::1 2001::1'.split(
      ' ',
    ),
  )('are not public: %s', address => expect(isPublicAddress(address)).toBe(false))

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2400:3200::1', '2606:4700::1111'])(
    'are not taken for it: %s',
    address => expect(isPublicAddress(address)).toBe(true),
  )

  const f = (groups: number) => ':ffff'.repeat(groups)
  // The first and the last address of each range of IANA's registries, and the public ones before and after it.
  test.each([
    [null, '0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
    ['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
    ['192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
    ['192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
    ['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
    ['223.255.255.255', '224.0.0.0', '255.255.255.255', null],
    [null, '::', `1fff${f(7)}`, '2000::'],
    [`2000${f(7)}`, '2001::', `2001:1ff${f(6)}`, '2001:200::'],
    [`2001:db7${f(6)}`, '2001:db8::', `2001:db8${f(6)}`, '2001:db9::'],
    [`2001${f(7)}`, '2002::', `2002${f(7)}`, '2003::'],
    [`3ffe${f(7)}`, '3fff::', `3fff:fff${f(6)}`, '3fff:1000::'],
    [`3fff${f(7)}`, '4000::', `ffff${f(7)}`, null],
  ])('after %s, from %s to %s, and before %s', (before, first, last, after) => {
    const areWithin = [before, first, last, after].map(one => (one === null ? null : !isPublicAddress(one)))
    expect(areWithin).toEqual([before && false, true, true, after && false])
  })
})

test.each(['127.0.0.1', '[::1]', '[fd00::1]', '[::ffff:10.0.0.1]', '169.254.169.254'])(
  'a picture at %s is not asked for, even where every site may be opened',
  async host => {
    const guard = { allows: () => true, isPublic: isPublicAddress }
    const opening = openPicture(`http://${host}:1/a.png`, guard)
    await expect(opening).rejects.toMatchObject({ refusal: 'private' })
  },
)

describe('a host with several addresses', () => {
  const asked = (answers: string[], all: boolean) =>
    new Promise<unknown>(done => {
      const list = answers.map(address => ({ address, family: 4 }))
      const look = guardedLookup({ isPublic: isPublicAddress }, (_host, _options, tell) => tell(null, list))
      look('pictures.example', { all }, (error, address) => done(error ?? address))
    })
  const list = (...answers: string[]) => answers.map(address => ({ address, family: 4 }))
  test.each<[string[], boolean, unknown]>([
    [['8.8.8.8', '1.1.1.1'], true, list('8.8.8.8', '1.1.1.1')],
    [['8.8.8.8', '1.1.1.1'], false, '8.8.8.8'],
    [['8.8.8.8', '10.0.0.1'], true, expect.objectContaining({ refusal: 'private' })],
    [['10.0.0.1', '8.8.8.8'], false, expect.objectContaining({ refusal: 'private' })],
    [[], false, expect.objectContaining({ refusal: 'unreachable' })],
  ])('is opened only if all of them are public: %j', async (answers, all, expected) => {
    expect(await asked(answers, all)).toEqual(expected)
  })
})

test('the site allows pictures of WeChat’s articles, and those of the cloud’s storage by their public address', () => {
  const allowed = [
    'https://mmbiz.qpic.cn/mmbiz_jpg/1/640',
    'https://6b65-kepu-1-1300000000.tcb.qcloud.la/a.jpg',
  ]
  const { allows } = guardOf(pictures.hosts)
  expect(allowed.filter(address => allows(new URL(address)))).toEqual(allowed)
})

describe('the addresses that may be opened', () => {
  const guard = guardOf(['pictures.example', '*.store.example'])
  test.each(['https://pictures.example/a.jpg', 'https://a.b.store.example/a.jpg?sign=1'])('are %s', address =>
    expect(guard.allows(new URL(address))).toBe(true),
  )
  test.each([
    'http://pictures.example/a.jpg',
    'https://pictures.example:8443/a.jpg',
    'https://user:word@pictures.example/a.jpg',
    'https://pictures.example@127.0.0.1/a.jpg',
    'https://store.example/a.jpg',
    'https://evilstore.example/a.jpg',
    'https://pictures.example.evil.example/a.jpg',
    'https://127.0.0.1/a.jpg',
    'https://[::1]/a.jpg',
    'https://2130706433/a.jpg',
    'ftp://pictures.example/a.jpg',
  ])('are not %s', address => expect(guard.allows(new URL(address))).toBe(false))
})

describe('a picture on another site', () => {
  const servers: Server[] = []
  let url = ''
  let picture: Buffer
  let answer: RequestListener = (_request, response) => response.end()
  let asked: string[] = []

  beforeAll(async () => {
    picture = await drawn(800, 600).jpeg().toBuffer()
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      answer(request, response)
    })
    servers.push(server)
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    asked = []
  })
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  /** The stand-in counts as the public internet, and nothing else does. */
  const standIn = (changes: Partial<Guard> = {}): Guard => ({
    allows: address => address.origin === url || address.hostname === 'inside.example',
    isPublic: ip => ip === '127.0.0.1',
    ...changes,
  })
  /** Without `time` the answer decides, not the time: a busy machine may need more than `timeAtMost` for 10 MB. */
  const refusalOf = async (path: string, guard = standIn(), time = 60_000): Promise<string> => {
    try {
      await openPicture(url + path, guard, { time })
      return 'none'
    } catch (error) {
      return error instanceof PictureRefused ? error.refusal : String(error)
    }
  }

  test('is read for its size, and only copied whole when asked', async () => {
    answer = (_request, response) => response.end(picture)
    const opened = await openPicture(`${url}/a`, standIn())
    expect(opened).toEqual({ kind: 'jpg', width: 800, height: 600, bytes: picture.length, content: null })
    const whole = await openPicture(`${url}/a`, standIn(), { whole: true })
    expect(whole.content?.equals(picture)).toBe(true)
  })

  test('of a large file is not read to its end', async () => {
    const counts: number[] = []
    answer = (_request, response) => {
      const own = counts.push(0) - 1
      const rest = Buffer.alloc(64_000)
      const length = picture.length + rest.length * 100
      response.writeHead(200, { 'content-length': length })
      response.write(picture)
      const more = (): void => {
        while ((counts[own] ?? 0) < 100 && !response.destroyed) {
          counts[own] = (counts[own] ?? 0) + 1
          if (!response.write(rest)) {
            response.once('drain', more)
            return
          }
        }
      }
      more()
    }
    const { bytes } = await openPicture(`${url}/large`, standIn())
    expect(bytes).toBe(picture.length + 6_400_000)
    // Its beginning, and its end of a server that sends the whole file again.
    expect(counts).toHaveLength(2)
    expect(Math.max(...counts)).toBeLessThan(100)
  })

  test.each(['jpeg', 'png', 'gif', 'webp'] as const)(
    'that is a large %s is refused if its end is missing',
    async format => {
      // A long picture: a small one with data that go on.
      const small = await drawn(320, 200).toFormat(format).toBuffer()
      const ending = { jpeg: 2, png: 12, gif: 2, webp: 0 }[format]
      const data = Buffer.alloc(1_200_000, Buffer.from([0x12, 0x34, 0xff, 0x00]))
      const at = small.length - ending
      const large = Buffer.concat([small.subarray(0, at), data, small.subarray(at)])
      if (format === 'webp') large.writeUInt32LE(large.length - 8, 4)
      const send =
        (bytes: Buffer): RequestListener =>
        (request, response) => {
          const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
          const part = bytes.subarray(from)
          response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length }).end(part)
        }
      answer = send(large)
      expect(await refusalOf('/whole')).toBe('none')
      answer = send(large.subarray(0, -90_000))
      expect(await refusalOf('/cut')).toBe('cut')
      // A film behind a moving photo, and a server that knows no parts of files.
      answer = send(Buffer.concat([large, randomBytes(100_000)]))
      if (format === 'jpeg') expect(await refusalOf('/moving')).toBe('none')
      answer = (_request, response) => {
        response.write(large.subarray(0, 1_100_000))
        response.end(large.subarray(1_100_000, -90_000))
      }
      expect(await refusalOf('/chunked')).toBe(format === 'webp' ? 'none' : 'cut')
      answer = (_request, response) => response.end(large)
      expect(await refusalOf('/no-parts')).toBe('none')
    },
  )

  test('of a name without a size of its own is counted to its end', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' })
      response.write(picture)
      response.end(Buffer.alloc(1_000))
    }
    expect((await openPicture(`${url}/chunked`, standIn())).bytes).toBe(picture.length + 1_000)
  })

  test.each<[string, string, RequestListener]>([
    [
      'HTML under the name of a picture',
      'not-a-picture',
      (_q, response) => {
        response.writeHead(200, { 'content-type': 'image/jpeg' })
        response.end('<!doctype html><script>alert(1)</script>'.repeat(20))
      },
    ],
    ['an empty answer', 'not-a-picture', (_q, response) => response.end()],
    ['a picture that breaks off', 'not-a-picture', (_q, response) => response.end(picture.subarray(0, 30))],
    ['most of a picture', 'cut', (_q, response) => response.end(picture.subarray(0, -40))],
    [
      '404',
      'status',
      (_q, response) => {
        response.writeHead(404)
        response.end(picture)
      },
    ],
    [
      'a length of more than 10 MB',
      'too-large',
      (_q, response) => {
        response.writeHead(200, { 'content-length': bytesAtMost + 1 })
        response.write(picture)
      },
    ],
    [
      'more than 10 MB without a length',
      'too-large',
      (_q, response) => {
        response.write(picture)
        const more = Buffer.alloc(1_000_000)
        const pour = (): void => {
          for (let i = 0; i < 20 && !response.destroyed; i++) response.write(more)
        }
        pour()
      },
    ],
    ['a broken connection', 'unreachable', (_q, response) => response.destroy()],
    [
      'a redirect to a machine that is not listed',
      'host',
      (_q, response) => {
        response.writeHead(302, { location: 'http://127.0.0.1:1/secret' })
        response.end()
      },
    ],
    [
      'a redirect to the metadata of the cloud',
      'host',
      (_q, response) => {
        response.writeHead(301, { location: 'http://169.254.169.254/latest/meta-data' })
        response.end()
      },
    ],
    [
      'a redirect to a file',
      'host',
      (_q, response) => {
        response.writeHead(302, { location: 'file:///etc/passwd' })
        response.end()
      },
    ],
    [
      'a redirect to nowhere',
      'redirect',
      (_q, response) => {
        response.writeHead(302, { location: 'http://' })
        response.end()
      },
    ],
    [
      'redirects without end',
      'redirect',
      (_q, response) => {
        response.writeHead(302, { location: '/again' })
        response.end()
      },
    ],
  ])('that answers with %s is refused', async (_what, refusal, behave) => {
    answer = behave
    expect(await refusalOf('/a.jpg')).toBe(refusal)
    expect(asked.length).toBeLessThanOrEqual(4)
  })

  test.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    [
      'sends its head and no more',
      (_q, response) => {
        response.writeHead(200, { 'content-length': 5_000 })
        response.write(picture.subarray(0, 20))
      },
    ],
  ])('that %s is given up', async (_what, behave) => {
    answer = behave
    expect(await refusalOf('/slow', standIn(), 200)).toBe('slow')
  })

  test('may be redirected three times, and be 10 MB long', async () => {
    const redirects =
      (last: number): RequestListener =>
      ({ url: path = '' }, response) => {
        const at = Number(path.slice(1))
        if (at < last) response.writeHead(at % 2 === 0 ? 300 : 308, { location: `/${at + 1}` }).end()
        else response.end(picture)
      }
    answer = redirects(3)
    expect(await refusalOf('/0')).toBe('none')
    expect(asked).toEqual(['/0', '/1', '/2', '/3'])
    answer = redirects(4)
    expect(await refusalOf('/0')).toBe('redirect')
    answer = (_request, response) => response.writeHead(302).end(picture)
    expect(await refusalOf('/without-target')).toBe('status')
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': bytesAtMost })
      response.write(picture)
    }
    expect(await openPicture(`${url}/long`, standIn(), { time: 60_000 })).toMatchObject({
      ...{ bytes: bytesAtMost, width: 800, content: null },
    })
  })

  test('of a million bytes is read to its end, to see that it is there', async () => {
    const whole = Buffer.concat([picture, Buffer.alloc(1_000_000 - picture.length)])
    answer = (_request, response) => response.writeHead(200, { 'content-length': whole.length }).end(whole)
    expect(await openPicture(`${url}/a`, standIn())).toMatchObject({ bytes: 1_000_000 })
    expect(asked).toHaveLength(1)
    const cut = Buffer.concat([picture.subarray(0, -2), Buffer.alloc(1_000_002 - picture.length)])
    answer = (_request, response) => response.writeHead(200, { 'content-length': cut.length }).end(cut)
    expect(await refusalOf('/cut')).toBe('cut')
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': picture.length + 1 })
      response.write(picture)
      response.destroy()
    }
    expect(await refusalOf('/broken-off')).toBe('unreachable')
  })

  test('whose host or redirect is a private machine is refused before anything is asked of it', async () => {
    answer = (_request, response) => response.end(picture)
    const nothingPublic = standIn({ isPublic: () => false })
    expect(await refusalOf('/a', nothingPublic)).toBe('private')
    expect(asked).toEqual([])
    // A listed name that leads to a private machine: localhost is one on every machine.
    const listed: Guard = { allows: ({ hostname }) => hostname === 'localhost', isPublic: isPublicAddress }
    const name = url.replace('127.0.0.1', 'localhost')
    await expect(openPicture(`${name}/a`, listed)).rejects.toMatchObject({ refusal: 'private' })
    expect(asked).toEqual([])
  })
})

describe('a cover', () => {
  const cover = (width: number, height: number, bytes: number | null = 90_000) => ({
    src: 'cloud://e/a.jpg',
    width,
    height,
    bytes,
  })
  test.each([
    [1200, 675],
    [1200, 800],
    [1000, 1000],
    [900, 1200],
  ])('of a usual shape (%d × %d) gives neither problem nor reminder', (width, height) => {
    expect(judgeCover(cover(width, height))).toEqual({ problems: [], reminders: [] })
  })

  test('that loses much in a chat or in Moments gives one reminder', () => {
    expect(judgeCover(cover(1500, 700)).reminders).toEqual([
      '封面：在朋友圈（1:1）里会裁去一半以上，只留中间，请看看要不要换一张',
    ])
    expect(judgeCover(cover(1500, 550)).reminders).toEqual([
      '封面：在聊天卡片（5:4）和朋友圈（1:1）里会裁去一半以上，只留中间，请看看要不要换一张',
    ])
  })

  test('that is large in pixels or bytes gives a reminder for each', () => {
    expect(judgeCover(cover(2400, 1600, 600_001)).reminders).toEqual([
      '封面：有 2400×1600 像素，长边超过 1600，读者打开会慢，请缩小',
      '封面：有 601 KB，超过 500 KB，读者打开会慢，请压缩',
    ])
  })

  test('that is small gives a reminder', () => {
    expect(judgeCover(cover(320, 240)).reminders).toEqual([
      '封面：只有 320×240 像素，读者看到的会模糊，请换一张长边 1,200 像素以上的',
    ])
  })

  test('of an impossible shape, or that cannot be read, is a problem', () => {
    expect(judgeCover(cover(1600, 400)).problems).toEqual([
      '封面：太宽（1600×400），宽和高最多差 3 倍，请裁剪或换一张',
    ])
    expect(judgeCover(cover(100, 400)).problems[0]).toMatch('太高')
    expect(judgeCover({ fault: '打不开（404），请核对地址' }).problems).toEqual([
      '封面：图片打不开（404），请核对地址',
    ])
  })
})

test('a file of our own site has a plain name and a possible size', () => {
  expect(ownPicture('/pictures/海底/a-1.jpg#1200x800')).toEqual({
    src: '/pictures/海底/a-1.jpg',
    width: 1200,
    height: 800,
  })
  for (const address of [
    '/pictures/../../etc/passwd#10x10',
    '/pictures/../console#10x10',
    '/pictures/a/../b.jpg#10x10',
    '/pictures/%2e%2e/b.jpg#10x10',
    '/pictures/a.jpg?x#10x10',
    '/pictures/a.jpg#99999x10',
    '/pictures/a.jpg#0x10',
  ])
    expect(ownPicture(address)).toBeNull()
})

test.each([
  ['/pictures/a.jpg', '/pictures/a-s.jpg', '/pictures/a-s.jpg'],
  [
    'cloud://env-1.656e-env-1-12/封面/a b.png',
    undefined,
    'https://656e-env-1-12.tcb.qcloud.la/%E5%B0%81%E9%9D%A2/a%20b.png',
  ],
  [
    'https://656e-env-1-12.tcb.qcloud.la/a%20b.png',
    undefined,
    'https://656e-env-1-12.tcb.qcloud.la/a%20b.png',
  ],
  ['https://656e-env-1-12.tcb.qcloud.la/a.png?sign=1', undefined, undefined],
  ['https://else.example/a.png', undefined, undefined],
])('the storage makes the small version of %s only where that is switched on', (src, off, on) => {
  const processing = '?imageView2/1/w/336/h/252/ignore-error/1'
  expect(thumbOf(src)).toEqual(off === undefined ? {} : { thumb: off })
  const thumb = on?.startsWith('https') ? on + processing : on
  expect(thumbOf(src, true)).toEqual(thumb === undefined ? {} : { thumb })
})
