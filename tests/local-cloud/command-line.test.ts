import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import Libsql from 'libsql'
import { openDataFolder } from '../../local-cloud/data-folder'
import {
  type CloudProcess,
  cloudProgram,
  openRules,
  startCloudProcess,
  testFunctions,
} from '../support/local-cloud'

// Each command is a process of its own, and two cores may be busy.
jest.setTimeout(120_000)

const root = resolve(__dirname, '../..')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloud-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  code: number | null
  out: string
  err: string
}

/** Runs `cloud …` and waits for its end. */
function cloudCommand(
  args: string[],
  env: Record<string, string> = {},
  program: string[] = cloudProgram(),
): Promise<Run> {
  return run([...program, '--functions', testFunctions, '--rules', openRules, ...args], env)
}

function run(args: string[], env: Record<string, string>): Promise<Run> {
  return new Promise(done => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } })
    let [out, err] = ['', '']
    child.stdout.on('data', chunk => {
      out += chunk
    })
    child.stderr.on('data', chunk => {
      err += chunk
    })
    child.once('close', code => done({ code, out, err }))
  })
}

test('`npm run cloud` runs the sources', async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { cloud: string }
  }
  const [, ...program] = scripts.cloud.split(' ')
  expect(await cloudCommand(['--data', join(folder, 'data'), 'reset'], {}, program)).toMatchObject({
    code: 0,
  })
})

test('KEPU_DATA says where the data lies, and --data goes before it', async () => {
  const [kept, other] = [join(folder, 'kept'), join(folder, 'other')]
  const file = join(folder, 'stories.jsonl')
  writeFileSync(file, '{"_id":"a"}\n')
  const env = { KEPU_DATA: kept }
  expect(await cloudCommand(['import', 'stories', file], env)).toMatchObject({ code: 0 })
  expect((await cloudCommand(['--data', other, 'export', 'stories'], env)).out).toBe('')
  expect((await cloudCommand(['--data', kept, 'export', 'stories'])).out).toContain('"a"')
})

test('import and export work the same with and without a running cloud', async () => {
  const data = join(folder, 'data')
  const file = join(folder, 'stories.jsonl')
  writeFileSync(file, '{"_id":"a","at":{"$date":"2024-01-22T05:34:00.000Z"}}\n{"_id":"b","n":1}\n')
  expect(await cloudCommand(['--data', data, 'import', 'stories', file])).toMatchObject({
    code: 0,
    out: 'stories: 2 inserted, 0 updated\n',
  })
  const again = await cloudCommand(['--data', data, 'import', 'stories', file])
  expect(again.code).toBe(1)
  expect(again.err).toContain('line 1')
  const exported = await cloudCommand(['--data', data, 'export', 'stories'])
  expect(
    exported.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toEqual([
    { _id: 'a', at: { $date: { $numberLong: '1705901640000' } } },
    { _id: 'b', n: { $numberInt: '1' } },
  ])

  const running = await startCloudProcess({ dataFolder: data })
  try {
    expect((await cloudCommand(['--data', data, 'import', 'stories', file, '--upsert'])).out).toBe(
      'stories: 0 inserted, 2 updated\n',
    )
    expect((await cloudCommand(['--data', data, 'export', 'stories'])).out).toBe(exported.out)
    await cloudCommand(['--data', data, 'reset'])
    expect((await cloudCommand(['--data', data, 'export', 'stories'])).out).not.toContain('_id')
  } finally {
    await running.stop()
  }
})

test('a reader of an export may close the pipe early', async () => {
  const file = join(folder, 'long.jsonl')
  writeFileSync(file, `{"_id":"a","text":"${'x'.repeat(500_000)}"}\n`)
  await cloudCommand(['--data', folder, 'import', 'stories', file])
  const child = spawn(process.execPath, [...cloudProgram(), '--data', folder, 'export', 'stories'], {
    cwd: root,
  })
  let err = ''
  child.stderr.on('data', chunk => {
    err += chunk
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise(done => child.once('close', done))
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

test('CSV is imported with its Chinese headings, after a check that writes nothing', async () => {
  const data = join(folder, 'data')
  const file = join(folder, 'drafts.csv')
  writeFileSync(file, '\uFEFF_id,标题\r\na,潮汐\r\n')
  const rules = ['--rules', join(root, 'cloudfunctions/rules')]
  const cloud = (...args: string[]) => cloudCommand([...rules, '--data', data, ...args])
  expect((await cloud('import', 'drafts', file, '--check')).out).toContain('第 2 行　新增　a《潮汐》')
  expect((await cloud('export', 'drafts')).out).toBe('')
  expect((await cloud('import', 'drafts', file)).out).toBe('drafts: 1 inserted, 0 updated\n')
  expect((await cloud('export', 'drafts', '--csv')).out).toMatch(/^\uFEFF_id,标题,.*\r\na,潮汐,/)
  const again = await cloud('import', 'drafts', file)
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('line 2: a 已经有了') })
})

test('a check refuses what the import refuses, and neither makes a collection', async () => {
  const file = join(folder, 'others.jsonl')
  const data = join(folder, 'data')
  const lines = [
    '{"_id":"a","$set":{"b":1}}',
    '{"_id":"a","b.c":1}',
    '{"_id":"a","at":{"$date":"2024-02-30T00:00:00Z"}}',
    '{"_id":7}',
  ]
  const told = [
    'line 1: 不能用这个名字：$set',
    'line 2: 不能用这个名字：b.c',
    'line 3: 没有这个日期',
    'line 4: _id：要写成文字',
  ]
  const cloud = await startCloudProcess({ dataFolder: data })
  try {
    writeFileSync(file, lines.join('\n'))
    for (const more of [['--check'], []]) {
      const { code, err } = await cloudCommand(['--data', data, 'import', 'others', file, ...more])
      expect(code).toBe(1)
      for (const line of told) expect(err).toContain(line)
    }
    writeFileSync(file, '{"_id":"a"}\n')
    expect(await cloudCommand(['--data', data, 'import', 'others', file, '--check'])).toMatchObject({
      code: 0,
    })
    expect(await cloud.control('collections')).not.toContain('others')
  } finally {
    await cloud.stop()
  }
})

test('the command line can call a function as the console, a reader or a timer', async () => {
  const running = await startCloudProcess({ dataFolder: folder })
  try {
    const context = async (...as: string[]) =>
      JSON.parse((await cloudCommand(['--data', folder, 'invoke', 'context', '{"a":1}', ...as])).out).context
    expect(await context()).toEqual({})
    expect(await context('--as', 'oMe')).toMatchObject({ OPENID: 'oMe', SOURCE: 'wx_client' })
    expect(await context('--trigger')).toMatchObject({ SOURCE: 'wx_trigger' })
    expect(await context('--guest')).toEqual({
      APPID: 'wx0000000000000000',
      ENV: 'local',
      SOURCE: 'wx_client',
    })
    expect(
      JSON.parse((await cloudCommand(['--data', folder, 'fire', 'clock-work'])).out).event.TriggerName,
    ).toBe('nightly')
    const logs = async (...args: string[]) => (await cloudCommand(['--data', folder, 'logs', ...args])).out
    expect(await logs('--function', 'clock-work')).toContain('clock-work ok')
    const [line, ...more] = (await logs('--limit', '1')).trim().split('\n')
    expect([line, more]).toEqual([expect.stringContaining(' clock-work ok '), []])
    // What the running cloud refuses, in its own words.
    const refused = await cloudCommand(['--data', folder, 'fire', 'echo'])
    expect(refused).toMatchObject({ code: 1, out: '', err: 'echo has no timer in its config.json\n' })
    expect((await cloudCommand(['--data', folder, 'env'])).out).toContain(
      `export TCB_CONTEXT_CNFG='{"URL":"${running.url}/admin"}'`,
    )
  } finally {
    await running.stop()
  }
})

/** A server on a free port; the port before it is free, too. */
async function serverAfterFreePort(): Promise<Server> {
  const listen = (port: number) =>
    new Promise<Server | null>(done => {
      const server = createServer()
      server.once('error', () => done(null))
      server.listen(port, '127.0.0.1', () => done(server))
    })
  for (;;) {
    const server = await listen(0)
    if (!server) throw new Error('no port is free')
    const before = await listen((server.address() as { port: number }).port - 1)
    if (before) {
      await new Promise(done => before.close(done))
      return server
    }
    server.close()
  }
}

describe('error messages say what to do', () => {
  test('a used port is named, with advice on how to choose another', async () => {
    const server = await serverAfterFreePort()
    const { port } = server.address() as { port: number }
    const { code, err } = await cloudCommand(['--data', folder, 'start'], { PORT: String(port) })
    const taken = `Port ${port} is taken. Choose another with --port <number> or PORT=<number>; --port 0 takes any free one.\n`
    expect({ code, err }).toEqual({ code: 1, err: taken })
    // The phone preview takes the next port, unless it is told another.
    const before = await cloudCommand(['--data', folder, 'start'], { PORT: String(port - 1) })
    const told = await cloudCommand([
      '--data',
      folder,
      'start',
      '--port',
      '0',
      '--preview-port',
      String(port),
    ])
    server.close()
    expect([before, told].map(({ err }) => err)).toEqual([taken, taken])
  })

  test('a data folder that is not writable is reported', async () => {
    const { code, err } = await cloudCommand(['--data', '/dev/null/data', 'start'])
    expect(code).toBe(1)
    expect(err).toContain('The data folder /dev/null/data cannot be written')
    expect(err).toContain('--data <folder>')
  })

  test('npm start and npm run build end with 2 for a wrong variable, and a start builds nothing for a folder in use', async () => {
    const start = (env: Record<string, string>, program = 'config/start.ts') =>
      run(['--import', 'tsx', program], env)
    for (const [env, program, says] of [
      [{ KEPU_DATA: '' }, 'config/start.ts', /^KEPU_DATA must name a file or a folder/],
      [{ PORT: 'x' }, 'config/start.ts', /^PORT must be/],
      [{ KEPU_SITE_URL: 'kepu.cn' }, 'config/build.ts', /^KEPU_SITE_URL must be/],
    ] as const)
      expect(await start(env, program)).toEqual({ code: 2, out: '', err: expect.stringMatching(says) })
    const held = openDataFolder(folder, 'key')
    const { code, out, err } = await start({ KEPU_DATA: folder, PORT: '0' })
    held.release()
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('is open in another'),
    })
  })

  test('a file that is none, a port that is none and an empty folder are wrong arguments', async () => {
    const cloud = (...args: string[]) => cloudCommand(['--data', folder, ...args])
    for (const file of ['/none', folder, ''])
      expect(await cloud('import', 'drafts', file)).toMatchObject({
        code: 2,
        err: `There is no file "${file}".\n`,
      })
    expect(await cloud('start', '--port', '70000')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: option '--port <number>' .* from 0 to 65534\.\n$/),
    })
    expect(await cloudCommand(['export', 'drafts'], { KEPU_DATA: '' })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: option '--data <folder>' .*is empty\.\n$/),
    })
  })

  test('npm start with arguments names its settings and starts nothing', async () => {
    const { code, out, err } = await cloudCommand(['--help'], {}, ['--import', 'tsx', 'config/start.ts'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^npm start takes no arguments\. PORT=.*KEPU_DATA=.*\n$/)
  })

  test.each([
    ['stories/build/label-glyphs.ts', 'npm run labels takes no arguments.\n'],
    ['tests/node/run.ts', 'No Node other to test on. Name one of: 20, 22, 24.\n'],
    ['tests/handbook/run.ts', 'There are dark and narrow pictures, not other ones.\n'],
  ])('%s writes nothing for arguments that it does not know', async (script, says) => {
    const { code, out, err } = await cloudCommand(['other'], {}, ['--import', 'tsx', script, 'other'])
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: says })
  })

  test('invalid JSON is reported with its position; so are an unbuilt function and a missing cloud', async () => {
    const bad = await cloudCommand(['--data', folder, 'invoke', 'echo', '{"a":1,}'])
    expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('position 7')])
    const missing = await cloudCommand(['--data', folder, 'invoke', 'nothing'])
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('is it built?')])
    const silent = await cloudCommand(['--data', folder, 'env'])
    expect([silent.code, silent.err]).toEqual([1, expect.stringContaining('npm run cloud -- start')])
  })
})

describe('a damaged data folder is named, with advice, and nothing is started', () => {
  const start = async () => {
    const { code, err } = await cloudCommand(['--data', folder, 'start', '--port', '0'])
    expect(code).toBe(1)
    expect(err).toContain('The data folder is damaged')
    expect(err).toContain('--data <folder>')
    expect(err).not.toMatch(/\n\s+at /)
    return err
  }

  test.each([
    ['empty', ''],
    ['short', 'c2hvcnQ'],
    ['no base64', '?'.repeat(43)],
  ])('its identity key is %s', async (_name, text) => {
    const file = join(folder, 'identity.key')
    writeFileSync(file, text)
    expect(await start()).toContain(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('its database file is not a database', async () => {
    const file = join(folder, 'database.sqlite')
    writeFileSync(file, 'garbage'.repeat(1000))
    expect(await start()).toContain(file)
    expect(readFileSync(file, 'utf8')).toBe('garbage'.repeat(1000))
  })

  test('its lock is no lock', async () => {
    const file = join(folder, 'lock.sqlite')
    writeFileSync(file, 'garbage'.repeat(1000))
    expect(await start()).toContain(file)
  })

  test('its database is empty, missing, or not ours, and the log that holds the documents is kept', async () => {
    const killed = await startCloudProcess({ dataFolder: folder })
    await killed.control('import', { collection: 'votes', lines: '{"_id":"v1"}' })
    await killed.kill9()
    const file = join(folder, 'database.sqlite')
    const log = readFileSync(`${file}-wal`)
    const whole = readFileSync(file)
    writeFileSync(file, '')
    expect(await start()).toContain(`${file}: it is empty`)
    rmSync(file)
    expect(await start()).toContain(`${file}-wal: ${file}, to which it belongs, is missing`)
    mkdirSync(file)
    expect(await start()).toContain(file)
    rmSync(file, { recursive: true })
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)

    writeFileSync(file, whole)
    expect((await cloudCommand(['--data', folder, 'export', 'votes'])).out).toBe('{"_id":"v1"}\n')
    const other = new Libsql(file)
    other.exec('DROP TABLE documents')
    other.close()
    expect(await start()).toContain(file)
  })
})

test('a file for which the disk has no room is answered with 503, is reported without a stack, and leaves nothing', async () => {
  // The shell limits every file of the cloud to 60 KB: a disk that is full for large files only.
  const limited = ['-c', 'ulimit -f 120; exec "$0" "$@"', process.execPath, ...cloudProgram()]
  const folders = ['--functions', testFunctions, '--rules', openRules]
  const child = spawn('sh', [...limited, '--data', folder, ...folders, 'start', '--json', '--port', '0'], {
    cwd: root,
  })
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  try {
    const line = await new Promise<string>(done => createInterface(child.stdout).once('line', done))
    const { url, key } = JSON.parse(line) as { url: string; key: string }
    const upload = async (text: string) => {
      const event = { action: 'upload', path: 'a.txt', text }
      const body = JSON.stringify({ name: 'files', event })
      const headers = { 'x-local-key': key }
      return (await fetch(`${url}/local/invoke`, { method: 'POST', headers, body })).text()
    }
    expect(await upload('first')).toContain('"ok"')
    expect(await upload('x'.repeat(90_000))).toContain('[ServiceUnavailable]: there is no room for it')
    const stored = readdirSync(join(folder, 'storage'))
    expect(stored).toHaveLength(2)
    expect(readFileSync(join(folder, 'storage', stored.sort()[0] ?? ''), 'utf8')).toBe('first')
    expect(await upload('second')).toContain('"ok"')
    expect(errors).toBe('')
  } finally {
    child.kill('SIGKILL')
  }
})

describe('one data folder', () => {
  let cloud: CloudProcess | undefined
  afterEach(() => cloud?.stop())

  test('is never opened by two clouds', async () => {
    cloud = await startCloudProcess({ dataFolder: folder })
    const refused = new RegExp(`open in another local cloud \\(process ${cloud.pid}, ${cloud.url}\\)`)
    await expect(startCloudProcess({ dataFolder: folder })).rejects.toThrow(refused)
    // People delete a lock that they take for an old one.
    rmSync(join(folder, 'lock.sqlite'))
    await expect(startCloudProcess({ dataFolder: folder })).rejects.toThrow(refused)
  })

  test('is never opened by two clouds that cannot see each other by process id or by address', async () => {
    cloud = await startCloudProcess({ dataFolder: folder })
    await cloud.control('import', { collection: 'votes', lines: '{"_id":"v1"}' })
    const running = join(folder, 'running.json')
    const refused = 'open in another local cloud'
    writeFileSync(running, JSON.stringify({ pid: 2 ** 22 + 1, url: 'http://127.0.0.1:9', key: 'other' }))
    const exported = await cloudCommand(['--data', folder, 'export', 'votes'])
    expect([exported.code, exported.err]).toEqual([1, expect.stringContaining(refused)])
    rmSync(running)
    const linked = `${folder}-link`
    symlinkSync(folder, linked)
    await expect(startCloudProcess({ dataFolder: linked })).rejects.toThrow(refused)
    rmSync(linked)
    expect(await cloud.control('export', { collection: 'votes' })).toEqual({ lines: '{"_id":"v1"}' })
  })

  test('is free after its cloud was killed, even if another process now has the same process id', async () => {
    const lock = { pid: process.pid, url: 'http://127.0.0.1:9', key: 'old' }
    writeFileSync(join(folder, 'running.json'), JSON.stringify(lock))
    cloud = await startCloudProcess({ dataFolder: folder })
    expect(JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')).pid).toBe(cloud.pid)
  })

  test('keeps its documents, files and readers after kill -9', async () => {
    const killed = await startCloudProcess({ dataFolder: folder })
    const reader = await killed.signIn()
    await killed.control('import', { collection: 'votes', lines: '{"_id":"v1"}' })
    const { ok: id } = await killed.call<{ ok: string }>(reader, 'files', {
      action: 'upload',
      path: 'a',
      text: 'x',
    })
    await killed.kill9()
    expect(JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')).pid).toBe(killed.pid)

    cloud = await startCloudProcess({ dataFolder: folder })
    expect(await cloud.control('export', { collection: 'votes' })).toEqual({ lines: '{"_id":"v1"}' })
    expect(await cloud.call(reader, 'files', { action: 'download', id })).toEqual({ ok: 'x' })
    const { context } = await cloud.call<{ context: { OPENID: string } }>(reader, 'context')
    expect(context.OPENID).toBe(reader.openid)
  })
})
