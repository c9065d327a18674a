import { offlineAddress } from '#contract/addresses'

/** A browser's cache: keys in the order of insertion; writing one again moves it to the end. */
class Kept extends Map<string, Response> {
  isFull = false
  async put(request: Request | string, response: Response) {
    if (this.isFull) throw new Error('QuotaExceededError')
    const url = urlOf(request)
    super.delete(url)
    this.set(url, response)
  }
  async match(request: Request | string) {
    return this.get(urlOf(request))
  }
  async addAll(urls: string[]) {
    for (const url of urls) await this.put(url, await network(url))
  }
}
const origin = 'https://site.example'
const urlOf = (request: Request | string) =>
  new URL(typeof request === 'string' ? request : request.url, origin).href.replace(origin, '')

const stores = new Map<string, Kept>()
const caches = {
  async open(name: string) {
    const store = stores.get(name) ?? new Kept()
    stores.set(name, store)
    const keys = async () => [...store.keys()]
    const drop = async (key: string) => store.delete(key)
    return {
      put: store.put.bind(store),
      match: store.match.bind(store),
      addAll: store.addAll.bind(store),
      keys,
      delete: drop,
    }
  },
  keys: async () => [...stores.keys()],
  delete: async (name: string) => stores.delete(name),
}

/** What the site answers; an address that is not here cannot be reached. */
let answers: Record<string, () => Response> = {}
let asked: { url: string; cache: RequestCache | undefined }[] = []
async function network(request: Request | string, { cache }: RequestInit = {}): Promise<Response> {
  const url = urlOf(request)
  asked.push({ url, cache })
  const answer = answers[url]
  if (!answer) throw new TypeError('Failed to fetch')
  return answer()
}

type Listener = (event: object) => void
/** Starts the worker of a build: returns what tells it of an event and waits for what it does then. */
async function start(build: string) {
  const listeners = new Map<string, Listener>()
  const did: string[] = []
  const worker = {
    location: { origin },
    clients: { claim: async () => void did.push('claims the open pages') },
    registration: { navigationPreload: { enable: async () => void did.push('fetches documents early') } },
    skipWaiting: async () => void did.push('does not wait'),
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
  }
  Object.assign(globalThis, {
    self: worker,
    caches,
    fetch: network,
    SITE_ASSETS: [`/assets/${build}.js`, `/assets/${build}.css`],
  })
  jest.resetModules()
  await import('../../../src/web/service-worker')
  const tell = async (name: string, more: object = {}) => {
    const work: Promise<unknown>[] = []
    let answer: Promise<Response> | undefined
    listeners.get(name)?.({
      ...more,
      waitUntil: (one: Promise<unknown>) => work.push(one),
      respondWith: (one: Promise<Response>) => {
        answer = one
      },
    })
    const response = await answer
    await Promise.all(work)
    return response
  }
  const ask = (url: string, given: Record<string, unknown> = {}) => {
    const request = { url: new URL(url, origin).href, method: 'GET', mode: 'cors', destination: '', ...given }
    return tell('fetch', { request, preloadResponse: given.preloadResponse })
  }
  return {
    ...{ did, tell, ask },
    visit: (url: string, preloadResponse?: Promise<Response>) =>
      ask(url, { mode: 'navigate', preloadResponse }),
    see: (url: string) => ask(url, { destination: 'image' }),
  }
}

const page =
  (build: string, status = 200) =>
  () =>
    new Response(`<link href="/assets/${build}.css"><script src="/assets/${build}.js">`, { status })
const publish = (build: string) => {
  answers = {
    [offlineAddress]: page(build),
    '/a/1': () => new Response('story'),
    [`/assets/${build}.js`]: () => new Response('script'),
    [`/assets/${build}.css`]: () => new Response('style'),
  }
}
const picture =
  (size: number | undefined, status = 200) =>
  () =>
    new Response(status === 200 ? 'picture' : null, {
      status,
      headers: size === undefined ? {} : { 'content-length': String(size) },
    })
const siteOf = (build: string) => `site /assets/${build}.js /assets/${build}.css`

beforeEach(() => {
  stores.clear()
  asked = []
  publish('a')
})

test('a build is there without a network: its document, script and styles, and no file of another build', async () => {
  const worker = await start('a')
  await worker.tell('install')
  expect(asked).toContainEqual({ url: offlineAddress, cache: 'reload' })
  await worker.tell('activate')
  expect(worker.did).toEqual(['does not wait', 'fetches documents early', 'claims the open pages'])
  expect(await (await worker.visit('/a/1'))?.text()).toBe('story')
  answers = {}
  expect(await (await worker.visit('/a/1'))?.text()).toContain('/assets/a.js')
  expect(await (await worker.ask('/assets/a.js'))?.text()).toBe('script')
  expect([...(stores.get(siteOf('a'))?.keys() ?? [])].sort()).toEqual([
    '/assets/a.css',
    '/assets/a.js',
    '/offline',
  ])
})

test.each([
  ['of another build', page('b')],
  ['without files', () => new Response('busy')],
  ['that is an error', page('a', 503)],
])('a build whose document is one %s is not kept', async (_, document) => {
  answers[offlineAddress] = document
  const worker = await start('a')
  await expect(worker.tell('install')).rejects.toThrow('another build')
  expect([[...stores.keys()], worker.did]).toEqual([[], []])
})

test('a build whose files do not all come is not kept', async () => {
  answers['/assets/a.css'] = undefined as never
  await expect((await start('a')).tell('install')).rejects.toThrow()
  expect([...stores.keys()]).toEqual([])
})

test('a new build replaces the site’s files, and keeps the pictures that were seen', async () => {
  const first = await start('a')
  await first.tell('install')
  answers['/p/1.jpg'] = picture(1)
  await first.see('/p/1.jpg')
  publish('b')
  const second = await start('b')
  await second.tell('install')
  expect([...stores.keys()].sort()).toEqual(['pictures', siteOf('a'), siteOf('b')])
  await second.tell('activate')
  expect([...stores.keys()].sort()).toEqual(['pictures', siteOf('b')])
})

test('what the site answers reaches the reader as it is, and the browser’s early request is the only one', async () => {
  const worker = await start('a')
  answers['/a/gone'] = () => new Response('withdrawn', { status: 410 })
  expect((await worker.visit('/a/gone'))?.status).toBe(410)
  asked = []
  expect(await (await worker.visit('/a/1', Promise.resolve(new Response('early'))))?.text()).toBe('early')
  expect(asked).toEqual([])
  answers = {}
  await expect(worker.visit('/a/1')).rejects.toThrow('Failed to fetch')
})

test('a file that was not kept comes from the network', async () => {
  const worker = await start('a')
  expect(await (await worker.ask('/assets/a.js'))?.text()).toBe('script')
})

test('it answers only what is read from the site itself', async () => {
  const worker = await start('a')
  for (const [url, given] of [
    ['/a/1', { method: 'POST', mode: 'navigate' }],
    ['https://pictures.example/1.jpg', { destination: 'image' }],
    ['/v1/functions/content', {}],
    ['/assets/b.js', { destination: 'script' }],
  ] as const)
    expect([url, await worker.ask(url, given)]).toEqual([url, undefined])
  expect(asked).toEqual([])
})

describe('a picture', () => {
  test('that was seen is seen again without a network; one that was not is missed', async () => {
    const worker = await start('a')
    answers['/p/1.jpg'] = picture(7)
    await worker.see('/p/1.jpg')
    answers = {}
    expect(await (await worker.see('/p/1.jpg'))?.text()).toBe('picture')
    await expect(worker.see('/p/2.jpg')).rejects.toThrow('Failed to fetch')
  })

  test.each([
    ['of a megabyte', picture(1024 * 1024), 1],
    ['of more', picture(1024 * 1024 + 1), 0],
    ['of unknown length', picture(undefined), 0],
    ['that is an error', picture(7, 404), 0],
    ['that is a part', () => new Response('part', { status: 206, headers: { 'content-length': '4' } }), 0],
  ])('%s is kept, or not', async (_, answer, count) => {
    const worker = await start('a')
    answers['/p/1.jpg'] = answer
    await worker.see('/p/1.jpg')
    expect(stores.get('pictures')?.size).toBe(count)
  })

  test('is among the last eighty that were seen, or no longer kept', async () => {
    const worker = await start('a')
    for (let n = 1; n <= 80; n++) {
      answers[`/p/${n}.jpg`] = picture(1)
      await worker.see(`/p/${n}.jpg`)
    }
    expect(stores.get('pictures')?.size).toBe(80)
    await worker.see('/p/1.jpg')
    answers['/p/81.jpg'] = picture(1)
    await worker.see('/p/81.jpg')
    const kept = [...(stores.get('pictures')?.keys() ?? [])]
    expect([kept.length, kept[0], ...kept.slice(-2)]).toEqual([80, '/p/3.jpg', '/p/1.jpg', '/p/81.jpg'])
  })

  test('is shown also where no room is left to keep it', async () => {
    const worker = await start('a')
    await caches.open('pictures')
    Object.assign(stores.get('pictures') as Kept, { isFull: true })
    answers['/p/1.jpg'] = picture(1)
    expect(await (await worker.see('/p/1.jpg'))?.text()).toBe('picture')
  })
})
