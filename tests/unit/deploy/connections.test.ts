import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect } from '../../../deploy/connect'
import { type Document, type NodeSdk, openDocuments, pageSize } from '../../../deploy/documents'

// What the commands of `deploy` open: packages, an environment, its documents; and the process that they run in.

const root = path.resolve(__dirname, '../../..')
const account = { secretId: 'id', secretKey: 'key' }

test.each(['deploy', 'deploy/app'])('%s has a lock file that its package file agrees with', name => {
  const read = (file: string) => JSON.parse(readFileSync(path.join(root, name, file), 'utf8'))
  const { dependencies } = read('package.json')
  const { packages } = read('package-lock.json')
  expect(packages[''].dependencies).toEqual(dependencies)
  for (const [one, version] of Object.entries(dependencies))
    expect(packages[`node_modules/${one}`].version).toBe(version)
})

test('an environment is opened by its name, in its region, with the whole account', () => {
  class Manager {
    constructor(readonly config: object) {}
  }
  const loaded: string[] = []
  const api = connect(
    { account: { ...account, token: 'of a role' }, appKeyFile: '', variables: { A: 'secret' } },
    { envId: 'kepu-0g12', region: 'ap-guangzhou' },
    () => undefined,
    from => name => {
      loaded.push(`${from}/${name}`)
      return Manager
    },
  )
  expect(loaded).toEqual(['deploy/@cloudbase/manager-node'])
  expect((api as unknown as Manager).config).toEqual({
    ...{ envId: 'kepu-0g12', region: 'ap-guangzhou' },
    ...{ secretId: 'id', secretKey: 'key', token: 'of a role' },
  })
})

/** Documents and files behind the SDK's own form: it compares values of one type only, and returns some errors. */
function fakeSdk(rows: Document[], files: ReadonlySet<string> = new Set()) {
  const seen = { configs: [] as object[], pages: 0, asked: [] as number[] }
  const returned = { code: '' }
  type Condition = { op: 'in' | 'gt' | 'gte'; value: unknown }
  const holds = (id: unknown, { op, value }: Condition): boolean => {
    if (op === 'in') return (value as unknown[]).includes(id)
    if (typeof id !== typeof value) return false
    return op === 'gt' ? (id as number) > (value as number) : (id as number) >= (value as number)
  }
  const reply = <T extends object>(value: T): T =>
    returned.code === '' ? value : ({ code: returned.code, message: 'it says why' } as unknown as T)
  const query = (
    found: Document[],
    most = 100,
  ): ReturnType<ReturnType<ReturnType<NodeSdk['init']>['database']>['collection']> => ({
    where: condition => {
      const { _id } = condition as { _id: Condition }
      return query(
        found.filter(row => holds(row._id, _id)),
        most,
      )
    },
    orderBy: (field, order) => {
      const sign = order === 'asc' ? 1 : -1
      return query(
        [...found].sort((a, b) => ((a[field] as number) < (b[field] as number) ? -sign : sign)),
        most,
      )
    },
    limit: count => query(found, Math.min(count, 1_000)),
    async get() {
      seen.pages += 1
      return reply({ data: found.slice(0, most) })
    },
    count: async () => reply({ total: found.length }),
    async add(documents) {
      rows.push(...(documents as Document[]))
      return reply({ ids: [] })
    },
    doc: id => ({
      async set(document) {
        const at = rows.findIndex(({ _id }) => _id === id)
        rows.splice(at < 0 ? rows.length : at, 1, { _id: id, ...document })
        return reply({ updated: 1 })
      },
    }),
  })
  const created: string[] = []
  const refusal = { message: '' }
  const sdk: NodeSdk = {
    init(config) {
      seen.configs.push(config)
      return {
        database: () => ({
          command: {
            in: value => ({ op: 'in', value }),
            gt: value => ({ op: 'gt', value }),
            gte: value => ({ op: 'gte', value }),
          },
          async createCollection(name) {
            if (refusal.message) throw new Error(refusal.message)
            created.push(name)
          },
          collection: () => query(rows),
        }),
        uploadFile: async ({ cloudPath }) => ({ fileID: `cloud://env.bucket/${cloudPath}` }),
        async getTempFileURL({ fileList }) {
          seen.asked.push(fileList.length)
          return {
            fileList: fileList.map(fileID => ({
              fileID,
              tempFileURL: files.has(fileID) ? `https://${fileID.slice(8)}` : '',
            })),
          }
        },
      }
    },
  }
  return { sdk, seen, created, refusal, returned }
}

describe('documents', () => {
  const ids = async (rows: Document[]) => {
    const { sdk, seen } = fakeSdk(rows)
    const pages: unknown[][] = []
    for await (const page of openDocuments({ envId: 'env', account }, sdk).pages('votes'))
      pages.push(page.map(({ _id }) => _id))
    return { pages, requests: seen.pages }
  }
  const named = (count: number): Document[] =>
    Array.from({ length: count }, (_, n) => ({ _id: `v${String(n).padStart(5, '0')}` }))

  test.each([
    [0, [], 2],
    [1, [1], 2],
    [pageSize - 1, [pageSize - 1], 2],
    [pageSize, [pageSize], 3],
    [pageSize + 1, [pageSize, 1], 3],
    [2 * pageSize + 1, [pageSize, pageSize, 1], 4],
  ])('%i are all listed, each once, in pages of %j', async (count, sizes, requests) => {
    const rows = named(count)
    const listed = await ids([...rows].reverse())
    expect(listed.pages.map(page => page.length)).toEqual(sizes)
    expect(listed.pages.flat()).toEqual(rows.map(({ _id }) => _id))
    expect(listed.requests).toBe(requests)
  })

  test('are listed whether their ids are numbers or texts, also those below zero and the empty text', async () => {
    const rows = [{ _id: 'a' }, { _id: 2 }, { _id: -3 }, { _id: '' }, { _id: 0 }, { _id: new Date(0) }]
    expect((await ids(rows)).pages).toEqual([
      [-3, 0, 2],
      ['', 'a'],
    ])
  })

  test('are found by their ids, up to as many as a page holds', async () => {
    const rows = named(300)
    const { find } = openDocuments({ envId: 'env', account }, fakeSdk(rows).sdk)
    const wanted = rows.slice(0, 250).map(({ _id }) => _id)
    expect((await find('votes', [...wanted, 'absent'])).map(({ _id }) => _id)).toEqual(wanted)
  })

  test('are added, replaced by their id, and counted', async () => {
    const rows: Document[] = [{ _id: 'a', n: 1, old: true }]
    const { add, put, count } = openDocuments({ envId: 'env', account }, fakeSdk(rows).sdk)
    await add('votes', [{ _id: 'b' }])
    await put('votes', { _id: 'a', n: 2 })
    await put('votes', { _id: 7, n: 3 })
    expect(rows).toEqual([{ _id: 'a', n: 2 }, { _id: 'b' }, { _id: 7, n: 3 }])
    expect(await count('votes')).toBe(3)
  })

  test('an error that the SDK returns is thrown with its code, whatever was asked', async () => {
    const { sdk, returned } = fakeSdk([])
    const documents = openDocuments({ envId: 'env', account }, sdk)
    returned.code = 'DATABASE_PERMISSION_DENIED'
    const calls = [
      documents.count('a'),
      documents.find('a', ['b']),
      documents.pages('a').next(),
      documents.add('a', [{ _id: 'b' }]),
      documents.put('a', { _id: 'b' }),
    ]
    for (const call of calls)
      await expect(call).rejects.toMatchObject({
        code: 'DATABASE_PERMISSION_DENIED',
        message: 'DATABASE_PERMISSION_DENIED: it says why',
      })
  })

  test('a collection that exists is left as it is; another refusal is told', async () => {
    const { sdk, created, refusal } = fakeSdk([])
    const { create } = openDocuments({ envId: 'env', account }, sdk)
    await create('votes')
    expect(created).toEqual(['votes'])
    refusal.message = 'DATABASE_COLLECTION_ALREADY_EXIST'
    await create('votes')
    refusal.message = 'EXCEED_REQUEST_LIMIT'
    await expect(create('votes')).rejects.toThrow('EXCEED_REQUEST_LIMIT')
  })

  test('addresses are asked for 50 files at a time; files that do not exist have none', async () => {
    const files = Array.from({ length: 101 }, (_, n) => `cloud://env.bucket/${n}.png`)
    const { sdk, seen } = fakeSdk([], new Set(files))
    const documents = openDocuments({ envId: 'env', account }, sdk)
    const found = await documents.addresses([...files, 'cloud://env.bucket/gone.png'])
    expect(seen.asked).toEqual([50, 50, 2])
    expect([...found]).toEqual(files.map(file => [file, `https://${file.slice(8)}`]))
    expect(await documents.addresses([])).toEqual(new Map())
    expect(await documents.upload('a/b.png', Buffer.from(''))).toBe('cloud://env.bucket/a/b.png')
  })

  test('are opened with the account, and with the region, the token and the local address where there are some', () => {
    const { sdk, seen } = fakeSdk([])
    openDocuments({ envId: 'env', account }, sdk)
    const more = { region: 'ap-shanghai', serviceUrl: 'http://127.0.0.1:1/admin' }
    openDocuments({ envId: 'env', account: { ...account, token: 'of a role' }, ...more }, sdk)
    const base = { env: 'env', secretId: 'id', secretKey: 'key', timeout: expect.any(Number) }
    expect(seen.configs).toEqual([base, { ...base, ...more, sessionToken: 'of a role' }])
  })
})

describe('a command of its own process', () => {
  let home: string
  let calls: string
  let done: string
  let ended: { code: unknown; errors: string }

  // It installs a package twice, with a program in place of npm, and prints more than a pipe holds. Nobody reads it.
  beforeAll(async () => {
    const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'command-')))
    home = path.join(place, 'home')
    calls = path.join(place, 'calls')
    done = path.join(place, 'done')
    const bin = path.join(place, 'bin')
    for (const one of [home, bin]) mkdirSync(one)
    const made = 'mkdir -p node_modules/thing; echo "module.exports = 7" > node_modules/thing/index.js'
    const npm = `#!/bin/sh\npwd >> ${calls}\necho "$@" >> ${calls}\n${made}\n`
    writeFileSync(path.join(bin, 'npm'), npm, { mode: 0o755 })
    const program = path.join(place, 'command.ts')
    const from = (file: string) => JSON.stringify(path.join(root, 'deploy', file))
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs'
import { start } from ${from('command.ts')}
import { install } from ${from('connect.ts')}
start(module, async args => {
  const told: string[] = []
  const use = () => install(${JSON.stringify(path.relative(root, home))}, line => told.push(line))('thing')
  const used = [use(), use()]
  for (let line = 0; line < 300; line++) {
    console.log('x'.repeat(1000))
    await new Promise(next => setImmediate(next))
  }
  writeFileSync(${JSON.stringify(done)}, JSON.stringify({ args, used, told }))
  return 3
})
`,
    )
    const child = spawn(process.execPath, ['--import', 'tsx', program, 'one', 'two'], {
      cwd: root,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    })
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const [code] = await once(child, 'close')
    ended = { code, errors }
  })
  afterAll(() => rmSync(path.dirname(home), { recursive: true }))

  const written = () => JSON.parse(existsSync(done) ? readFileSync(done, 'utf8') : '{}')

  test('goes on to its end when its reader has gone away, and exits with its code', () => {
    expect(ended).toEqual({ code: 3, errors: '' })
    expect(written().args).toEqual(['one', 'two'])
  })

  test('installs a package folder in its own place, at its first use only, as its lock file says and without scripts', () => {
    expect(written()).toMatchObject({
      used: [7, 7],
      told: [`installing ${path.relative(root, home)} (once) …`],
    })
    const [where, how, ...more] = readFileSync(calls, 'utf8').trim().split('\n')
    expect([where, more]).toEqual([home, []])
    expect(how?.split(' ')).toEqual(expect.arrayContaining(['ci', '--ignore-scripts']))
  })
})
