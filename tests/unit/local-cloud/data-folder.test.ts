import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  askRunning,
  CommandRefused,
  dataFolderOf,
  findRunning,
  openDataFolder,
  requireFree,
} from '../../../local-cloud/data-folder'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const running = () =>
  JSON.parse(readFileSync(path.join(folder, 'running.json'), 'utf8')) as { url: string | null }

test('a folder is made, kept for one cloud, announced, and given back', () => {
  const inside = path.join(folder, 'new', 'one')
  const made = openDataFolder(inside, 'key')
  expect(made).toMatchObject({
    path: inside,
    databaseFile: path.join(inside, 'database.sqlite'),
    storageFolder: path.join(inside, 'storage'),
  })
  expect(existsSync(made.storageFolder)).toBe(true)
  const open = openDataFolder(folder, 'key')
  expect(running()).toEqual({ pid: process.pid, url: null, key: 'key' })
  expect(() => openDataFolder(folder, 'other')).toThrow(
    `is open in another local cloud (process ${process.pid}).`,
  )
  open.announce('http://127.0.0.1:9')
  expect(running()).toEqual({ pid: process.pid, url: 'http://127.0.0.1:9', key: 'key' })
  expect(() => openDataFolder(folder, 'other')).toThrow(`(process ${process.pid}, http://127.0.0.1:9)`)
  // Only its owner may read the keys.
  for (const name of ['running.json', 'identity.key'])
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600)
  open.release()
  expect(existsSync(path.join(folder, 'running.json'))).toBe(false)
  const again = openDataFolder(folder, 'other')
  expect(again.identityKey).toEqual(open.identityKey)
  expect(again.identityKey).toHaveLength(32)
  again.release()
  made.release()
  expect(readdirSync(folder).sort()).toEqual(['identity.key', 'lock.sqlite', 'new', 'storage'])
})

test.each([
  ['', 'it holds no key of 32 bytes'],
  [Buffer.alloc(31).toString('base64url'), 'it holds no key of 32 bytes'],
  [Buffer.alloc(33).toString('base64url'), 'it holds no key of 32 bytes'],
  [`${Buffer.alloc(32).toString('base64url')}!`, 'it holds no key of 32 bytes'],
])('a damaged identity key %j is named, not replaced, and the folder is free again', (text, words) => {
  const file = path.join(folder, 'identity.key')
  writeFileSync(file, text)
  for (let i = 0; i < 2; i++)
    expect(() => openDataFolder(folder, 'key')).toThrow(`The data folder is damaged: ${file}: ${words}`)
  expect(readFileSync(file, 'utf8')).toBe(text)
  writeFileSync(file, `${Buffer.alloc(32, 1).toString('base64url')}\n`)
  const open = openDataFolder(folder, 'key')
  expect(open.identityKey).toEqual(Buffer.alloc(32, 1))
  open.release()
})

test('a folder that cannot be used is named with what to do', () => {
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  expect(() => openDataFolder(file, 'key')).toThrow(`The data folder ${file} cannot be written`)
  writeFileSync(path.join(folder, 'lock.sqlite'), 'x'.repeat(4096))
  expect(() => openDataFolder(folder, 'key')).toThrow(
    `The data folder is damaged: ${path.join(folder, 'lock.sqlite')}`,
  )
  rmSync(path.join(folder, 'lock.sqlite'))
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o500)
    expect(() => openDataFolder(folder, 'key')).toThrow('cannot be written')
    chmodSync(folder, 0o700)
  }
})

test('the folder is the given one, else that of the variable, else the repository’s', () => {
  const before = process.env.KEPU_DATA
  try {
    process.env.KEPU_DATA = '/tmp/variable'
    expect([dataFolderOf('/tmp/given'), dataFolderOf()]).toEqual(['/tmp/given', '/tmp/variable'])
    delete process.env.KEPU_DATA
    expect(dataFolderOf()).toBe(path.resolve(__dirname, '../../../.cloud'))
    expect(dataFolderOf('x')).toBe(path.resolve('x'))
  } finally {
    if (before !== undefined) process.env.KEPU_DATA = before
  }
})

describe('a cloud that runs', () => {
  const heard: { url?: string; method?: string; key?: unknown; body: string }[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', chunk => {
      body += chunk
    })
    req.on('end', () => {
      heard.push({ url: req.url ?? '', method: req.method ?? '', key: req.headers['x-local-key'], body })
      const knows = req.headers['x-local-key'] === 'key'
      res
        .writeHead(knows ? 200 : 401)
        .end(JSON.stringify(knows ? { done: true } : { message: 'wants its key' }))
    })
  })
  let url: string
  beforeAll(async () => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())
  const write = (found: unknown) => writeFileSync(path.join(folder, 'running.json'), JSON.stringify(found))

  test('is found by what it wrote, if it answers and knows the key', async () => {
    const one = { pid: 1, url, key: 'key' }
    write(one)
    expect(await findRunning(folder)).toEqual(one)
    await expect(requireFree(folder)).rejects.toThrow(`(process 1, ${url})`)
    write({ ...one, key: 'old' })
    expect(await findRunning(folder)).toBeNull()
    await requireFree(folder)
    for (const other of [
      { ...one, url: null },
      { ...one, url: 'http://127.0.0.1:1' },
      { url, key: 'key' },
      'x',
    ]) {
      write(other)
      expect(await findRunning(folder)).toBeNull()
    }
    rmSync(path.join(folder, 'running.json'))
    expect(await findRunning(folder)).toBeNull()
  })

  test('runs a command, or says why not', async () => {
    heard.length = 0
    expect(await askRunning({ pid: 1, url, key: 'key' }, 'fire', { name: 'clock' })).toEqual({ done: true })
    expect(heard).toEqual([{ url: '/local/fire', method: 'POST', key: 'key', body: '{"name":"clock"}' }])
    const refused = askRunning({ pid: 1, url, key: 'x' }, 'fire', {})
    await expect(refused).rejects.toThrow('wants its key')
    await expect(refused).rejects.toBeInstanceOf(CommandRefused)
  })
})
