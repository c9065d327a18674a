import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { nameOfKey } from '../../../cloudfunctions/editor/keys'
import { importSamples, type SampleCloud } from '../../../config/import-samples'
import { checkStart, cloudOptions, readEditorKey, startFailure } from '../../../config/start-options'
import { portOf } from '../../../config/targets'
import { openDataFolder } from '../../../local-cloud/data-folder'

const root = path.resolve(__dirname, '../../..')

describe('npm start', () => {
  test.each([
    [undefined, 8787],
    ['9000', 9000],
    ['0', 0],
    ['65534', 65534],
  ])('PORT %j is the port %i', (PORT, port) => {
    expect(portOf({ PORT })).toBe(port)
  })

  test.each(['', ' ', 'x', '-1', '80.5', '65535', 'Infinity'])('PORT %j is refused by its name', PORT => {
    expect(() => portOf({ PORT })).toThrow(`PORT must be a whole number from 0 to 65534, not "${PORT}".`)
  })

  test('a port that is taken is named, with another that is not beside it', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 8788 })
    expect(startFailure(taken)).toBe('Port 8788 is taken. Choose another pair: PORT=8798 npm start')
    expect(startFailure(new Error('The web build failed.'))).toBe('The web build failed.')
    expect(startFailure('ended')).toBe('ended')
  })

  test('a data folder or a port that is in use is found before anything is built', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'start-'))
    const server = createServer().listen(0, '127.0.0.1')
    try {
      await new Promise(done => server.once('listening', done))
      const { port } = server.address() as { port: number }
      // The site's own, and the one of the phone preview, which is the next.
      for (const site of [port, port - 1])
        await expect(checkStart(folder, site)).rejects.toMatchObject({ code: 'EADDRINUSE', port })
      const held = openDataFolder(folder, 'key')
      await expect(checkStart(folder, 0)).rejects.toThrow(
        /is open in another local cloud .*choose another folder with KEPU_DATA=<folder>/,
      )
      held.release()
      await checkStart(folder, 0)
      // It leaves the folder free.
      openDataFolder(folder, 'key').release()
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
    await expect(checkStart('/dev/null/data', 0)).rejects.toThrow(
      /^The data folder \/dev\/null\/data cannot be written .*KEPU_DATA=<folder>/,
    )
  })

  test('serves everything that is built, under the rules of this repository, to one editor', () => {
    const { variables, ...folders } = cloudOptions('the key')
    expect(folders).toEqual({
      functionsFolder: path.join(root, 'dist/cloudfunctions'),
      rulesFolder: path.join(root, 'cloudfunctions/rules'),
      hostingFolder: path.join(root, 'dist/web'),
      consoleFolder: path.join(root, 'dist/console'),
    })
    const { EDITOR_KEYS } = process.env
    try {
      process.env.EDITOR_KEYS = variables.EDITOR_KEYS
      expect(['the key', 'another'].map(nameOfKey)).toEqual(['本机', null])
    } finally {
      if (EDITOR_KEYS === undefined) delete process.env.EDITOR_KEYS
      else process.env.EDITOR_KEYS = EDITOR_KEYS
    }
  })

  test('the key of the panel is made once, for its owner alone', () => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), 'start-')), 'data/of/start')
    const file = path.join(folder, 'editor.key')
    try {
      const key = readEditorKey(folder)
      expect(key).toMatch(/^[\w-]{24}$/)
      expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([key, 0o600])
      expect(readEditorKey(folder)).toBe(key)
      // As an editor of text saves it.
      writeFileSync(file, `${key}\n`)
      expect(readEditorKey(folder)).toBe(key)
      writeFileSync(file, '\n')
      expect(() => readEditorKey(folder)).toThrow(`${file} is empty: delete it`)
    } finally {
      rmSync(path.resolve(folder, '../../..'), { recursive: true })
    }
  })
})

describe('the samples', () => {
  const lines: Record<string, object[]> = {
    polls: [{ _id: 'poll-1' }, { _id: 'poll-2' }],
    topics: [{ _id: 'topic-1' }],
    drafts: [
      { _id: 'new', publishAt: '2026-11-20 09:30' },
      { _id: 'old', publishAt: '2024-01-22 13:34' },
      { _id: 'middle', publishAt: '2025-06-01 08:00' },
      { _id: 'later', publishAt: '2025-06-02 08:00' },
      { _id: 'newer', publishAt: '2026-11-19 09:30' },
      { _id: 'untimed' },
    ],
    articles: [{ _id: 'story00001', publishedAt: { $date: '2024-01-22T05:34:00.000Z' } }],
  }
  const samples = (name: string): string[] =>
    name === 'polls' ? pollLines : (lines[name] ?? []).map(row => JSON.stringify(row))
  const pollLines = (lines.polls ?? []).map(row =>
    JSON.stringify({
      ...row,
      options: [{ key: 'a' }, { key: 'b' }],
      choices: 'one',
      opensAt: '2024-01-01 00:00',
      closesAt: '2090-01-01 00:00',
    }),
  )

  /** A cloud whose panel publishes what it is asked for, except for the rows named in `refused`. */
  function fakeCloud(collections: Record<string, string[]> = {}, refused: readonly string[] = []) {
    const published: string[] = []
    const said = { atOnce: 0, open: 0 }
    const cloud: SampleCloud = {
      async command(_, body) {
        const { event, name, source } = body as { event: Record<string, string>; name: string; source: null }
        said.open += 1
        said.atOnce = Math.max(said.atOnce, said.open)
        await Promise.resolve()
        said.open -= 1
        const { action, collection, draft = '', key } = event
        expect({ action, key, name, source }).toEqual({
          ...{ action: 'publish', key: 'the key', name: 'editor', source: null },
        })
        published.push(`${collection} ${draft}`)
        if (refused.includes(draft)) return { result: { ok: false, lines: ['标题：还没有填写', '请写上'] } }
        const shown = { polls: 'publishedPolls', topics: 'publishedTopics', drafts: 'articles' }
        const target = shown[collection as keyof typeof shown]
        collections[target] = [...(collections[target] ?? []), '{}']
        return { result: { ok: true, lines: [] } }
      },
      database: {
        exportLines: name => collections[name] ?? [],
        importLines(name, added, mode) {
          expect([mode, collections[name] ?? []]).toEqual(['insert', []])
          collections[name] = [...added]
          return { inserted: added.length }
        },
      },
    }
    return { cloud, published, said, collections }
  }

  async function run({ cloud }: ReturnType<typeof fakeCloud>) {
    const out = jest.spyOn(console, 'log').mockImplementation(() => undefined)
    const err = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const isFirst = await importSamples(cloud, 'the key', samples, Date.UTC(2026, 10, 28))
    const told = [out, err].map(spy => spy.mock.calls.map(([line]) => String(line).trim()))
    jest.restoreAllMocks()
    return { isFirst, out: told[0], err: told[1] }
  }

  test('polls come before the topics that name them, both before the stories, the oldest of which comes first', async () => {
    const fake = fakeCloud()
    const { isFirst, out, err } = await run(fake)
    expect([isFirst, err]).toEqual([true, []])
    expect(fake.published).toEqual([
      ...['polls poll-1', 'polls poll-2', 'topics topic-1'],
      ...['drafts untimed', 'drafts old', 'drafts middle', 'drafts later', 'drafts newer', 'drafts new'],
      // Once more, now that the stories which it lists are there.
      'topics topic-1',
    ])
    expect(out?.slice(0, 4)).toEqual([
      ...['imported 2 sample polls', 'imported 1 sample topics', 'imported 6 sample drafts'],
      'published 6 sample stories',
    ])
    expect(out?.[4]).toMatch(/^imported \d{2,} sample votes$/)
    expect(fake.said.atOnce).toBe(4)
  })

  test('a second start changes nothing', async () => {
    const fake = fakeCloud()
    await run(fake)
    const before = structuredClone(fake.collections)
    fake.published.length = 0
    expect(await run(fake)).toEqual({ isFirst: false, out: [], err: [] })
    expect([fake.published, fake.collections]).toEqual([[], before])
  })

  test.each(['articles', 'drafts'])(
    'a developer’s own %s stay alone, without the sample stories',
    async name => {
      const fake = fakeCloud({ [name]: ['{"_id":"own"}'] })
      expect((await run(fake)).isFirst).toBe(false)
      expect(fake.collections[name]).toEqual(['{"_id":"own"}'])
      expect(fake.published).toEqual(['polls poll-1', 'polls poll-2', 'topics topic-1'])
    },
  )

  test('own polls and votes stay, and polls that are out are not published again', async () => {
    const fake = fakeCloud({ polls: ['{"_id":"own"}'], votes: ['{"_id":"mine"}'], publishedPolls: ['{}'] })
    await run(fake)
    expect([fake.collections.polls, fake.collections.votes]).toEqual([['{"_id":"own"}'], ['{"_id":"mine"}']])
    expect(fake.published.filter(one => one.startsWith('polls'))).toEqual([])
  })

  test('a sample that is refused is named with its problems, and is not counted', async () => {
    const { out, err } = await run(fakeCloud({}, ['old']))
    expect(out).toContain('published 5 sample stories')
    expect(err).toEqual(['old: 标题：还没有填写\n请写上'])
  })
})
