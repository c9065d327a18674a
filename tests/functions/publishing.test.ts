import { openArticle } from '#contract/article'
import { readFeed } from '#contract/feed'
import { search } from '#contract/search'
import { got, putPolls, putRows, refused, startAppCloud } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { type Answer, draftRow, type Newsroom, pollRow, startNewsroom } from '../support/newsroom'

let newsroom: Newsroom
let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom()
  cloud = newsroom.cloud
  reader = await cloud.signIn()
}, 120_000)
afterAll(() => cloud?.stop())

const panel: Newsroom['panel'] = (event, source) => newsroom.panel(event, source)
const rowsIn: Newsroom['rowsIn'] = collection => newsroom.rowsIn(collection)
const draftOf: Newsroom['draftOf'] = id => newsroom.draftOf(id)
const storyOf: Newsroom['storyOf'] = id => newsroom.storyOf(id)

describe('a row becomes a story', () => {
  test('an error is reported in Chinese; once it is corrected, readers find the story', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-1', { title: '', createdAt: 1, owner: 'x' })])
    const refusal = await panel({ action: 'publish', draft: 'row-1' })
    expect(refusal).toMatchObject({
      ok: false,
      lines: ['没有发布，读者看到的没有变化', '问题　标题：还没有填写，请写上'],
    })
    expect(await draftOf('row-1')).toMatchObject({
      status: '草稿',
      problems: ['标题：还没有填写，请写上'],
      result: expect.stringMatching(
        /^北京时间 \d{4}-\d\d-\d\d \d\d:\d\d 没有发布：请按“问题”修改，改好后把状态设为 待发布$/,
      ),
    })
    expect(await rowsIn('articles')).toEqual([])
    // What is only a reminder is told beside it.
    await putRows(cloud, 'drafts', [draftRow('row-1', { title: '', teaser: '一头<b>鲸</b>沉到海底。' })])
    expect((await panel({ action: 'publish', draft: 'row-1' })).lines.slice(1)).toEqual([
      '问题　标题：还没有填写，请写上',
      expect.stringMatching('^提醒　导语：去掉了HTML 标签'),
    ])

    await putRows(cloud, 'drafts', [draftRow('row-1', { createdAt: 1, owner: 'x' })])
    expect(await panel({ action: 'publish', draft: 'row-1' })).toMatchObject({ ok: true })
    const row = await draftOf('row-1')
    expect(row).toMatchObject({ status: '已发布', version: 1, problems: [], createdAt: 1, owner: 'x' })
    const articleId = String(row.storyId)
    expect(row.link).toBe(`/a/${articleId}`)
    const { article } = await got(cloud, reader, openArticle, { articleId })
    expect(article).toMatchObject({
      title: '鲸落为什么能养活深海',
      channel: 'earth',
      column: 'ocean',
      version: 1,
    })
    expect(article.blocks[1]).toEqual({
      type: 'paragraph',
      spans: ['它养活', { text: '三批', bold: true }, '居民。'],
    })
    const feed = await got(cloud, reader, readFeed, {})
    expect(feed.items.map(({ id }) => id)).toContain(articleId)
    const found = await got(cloud, reader, search, { query: '鲸落' })
    expect(found.items.map(({ id }) => id)).toContain(articleId)
  })

  test('new content creates a version, equal content does not', async () => {
    const again = await panel({ action: 'publish', draft: 'row-1' })
    expect(again.lines[0]).toMatch('没有产生新版本：第 1 版')
    await putRows(cloud, 'drafts', [draftRow('row-1', { title: '新标题', editor: '李编辑' })])
    const next = await panel({ action: 'publish', draft: 'row-1' })
    expect(next.lines[0]).toMatch('第 2 版')
    expect(next.lines[1]).toMatch('上一版由 王编辑 发布')
    expect((await draftOf('row-1')).reminders).toEqual(['责编：上一版由 王编辑 发布，这一版由 李编辑 发布'])
    const { lines } = await panel({ action: 'history', draft: 'row-1' })
    expect(lines.map(line => line.slice(0, 5))).toEqual(['第 2 版', '第 1 版'])
  })

  test('an earlier version is restored as the newest, and the draft keeps its text', async () => {
    const articleId = String((await rowsIn('articles'))[0]?._id)
    const before = (await rowsIn('articles'))[0]
    expect((await panel({ action: 'restore', draft: 'row-1', version: 1 })).lines[0]).toMatch('现在是第 3 版')
    const [after] = await rowsIn('articles')
    expect(after).toMatchObject({
      title: '鲸落为什么能养活深海',
      version: 3,
      state: 'published',
      publishedAt: before?.publishedAt,
    })
    expect(await draftOf('row-1')).toMatchObject({ title: '新标题', version: 3, storyId: articleId })
    // Readers see that content already: no further version.
    expect((await panel({ action: 'restore', draft: 'row-1', version: 1 })).lines[0]).toMatch('现在是第 3 版')
    expect(await panel({ action: 'restore', draft: 'row-1', version: 9 })).toMatchObject({ ok: false })
    expect((await panel({ action: 'restore', draft: 'row-1' })).lines).toEqual(['version：请写版本号，如 2'])
  })

  test('a withdrawn story disappears within five seconds; publishing shows it again', async () => {
    const articleId = String((await rowsIn('articles'))[0]?._id)
    await got(cloud, reader, openArticle, { articleId })
    const from = Date.now()
    expect((await panel({ action: 'withdraw', draft: 'row-1' })).lines).toEqual([
      'reason：请写撤回原因，读者会看到，最多 500 个字',
    ])
    expect(await panel({ action: 'withdraw', draft: 'row-1', reason: '图片有误' })).toMatchObject({
      ok: true,
    })
    for (;;) {
      const opened = await got(cloud, reader, openArticle, { articleId }).catch(() => null)
      if (!opened) break
      expect(Date.now() - from).toBeLessThan(5_000)
    }
    expect(await refused(cloud, reader, openArticle, { articleId })).toMatchObject({ code: 'not-found' })
    expect((await rowsIn('articles'))[0]).toMatchObject({ state: 'withdrawn', reason: '图片有误' })
    // As after a lost reply.
    expect(await panel({ action: 'withdraw', draft: 'row-1', reason: '图片有误' })).toMatchObject({
      ok: true,
    })
    expect(await draftOf('row-1')).toMatchObject({ status: '已撤回', link: '', reason: '图片有误' })
    // A better reason may follow.
    expect(await panel({ action: 'withdraw', draft: 'row-1', reason: '别的' })).toMatchObject({ ok: true })
    expect((await rowsIn('articles'))[0]).toMatchObject({ state: 'withdrawn', reason: '别的' })
    expect(await draftOf('row-1')).toMatchObject({
      ...{ status: '已撤回', link: '', reason: '别的' },
      result: expect.stringMatching(/^北京时间 .+ 更新了撤回原因$/),
    })
    expect((await panel({ action: 'publish', draft: 'row-1' })).lines[0]).toMatch('第 4 版')
    expect((await draftOf('row-1')).reminders).toContain('撤回：这篇文章曾被撤回，现在重新发布了')
    expect((await rowsIn('articles'))[0]).not.toHaveProperty('reason')
    expect((await panel({ action: 'compare', draft: 'row-1' })).lines[0]).toMatch('第 3 版 → 第 4 版')
    await got(cloud, reader, openArticle, { articleId })
  })

  test('a row with a future time becomes 已定时, and readers see no story', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-2', { publishAt: '2090-01-02 09:30' })])
    expect((await panel({ action: 'publish', draft: 'row-2' })).lines).toEqual([
      '已定时：北京时间 2090-01-02 09:30',
    ])
    expect(await draftOf('row-2')).toMatchObject({ status: '已定时' })
    expect((await rowsIn('articles')).map(({ draft }) => draft)).not.toContain('row-2')
  })

  test('a story that is scheduled is cancelled, not withdrawn: no reader has seen it', async () => {
    const said = { ok: true, lines: ['已取消定时发布，读者看不到这篇文章'] }
    const withdraw = { action: 'withdraw', reason: '再等等' }
    expect(await panel({ ...withdraw, draft: 'row-2' })).toEqual(said)
    expect(await draftOf('row-2')).toMatchObject({ status: '已撤回' })
    const soon = draftRow('soon', { publishAt: Date.now() + 3_600_000 })
    await putRows(cloud, 'drafts', [soon])
    await panel({ action: 'publish', draft: 'soon' })
    const articleId = await storyOf('soon')
    expect(await panel({ ...withdraw, draft: 'soon' })).toEqual(said)
    expect(await draftOf('soon')).toMatchObject({
      status: '已撤回',
      link: '',
      result: expect.stringMatching('取消了定时发布$'),
    })
    const [story] = (await rowsIn('articles')).filter(({ _id }) => _id === articleId)
    expect(story).toMatchObject({ state: 'cancelled' })
    expect(story).not.toHaveProperty('reason')
    expect(await panel({ ...withdraw, draft: 'soon' })).toMatchObject({ ok: false })
    await putRows(cloud, 'drafts', [{ ...soon, publishAt: 0 }])
    expect((await panel({ action: 'publish', draft: 'soon' })).lines).toHaveLength(1)
  })

  test('two concurrent publications create one story with one version', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-3', { title: '两人同时' })])
    const both = await Promise.all([1, 2].map(() => panel({ action: 'publish', draft: 'row-3' })))
    expect(both.map(({ ok }) => ok)).toEqual([true, true])
    expect((await rowsIn('versions')).filter(({ draft }) => draft === 'row-3')).toHaveLength(1)
  })

  test('a story of another draft, or an imported one, is never overwritten', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-4', { title: '编号已被占用' })])
    await panel({ action: 'publish', draft: 'row-4' })
    const taken = await storyOf('row-4')
    const [story] = (await rowsIn('articles')).filter(({ _id }) => _id === taken)
    await putRows(cloud, 'articles', [{ ...story, _id: taken, draft: 'another' }])
    await panel({ action: 'publish', draft: 'row-4' })
    expect(await storyOf('row-4')).not.toBe(taken)
    expect((await rowsIn('articles')).find(({ _id }) => _id === taken)?.draft).toBe('another')
    // Its own poll is not taken, although its story has another id than its draft’s usual one.
    await putPolls(cloud, [pollRow('of-row-4')])
    for (const title of ['有云投了', '题目改了']) {
      await putRows(cloud, 'drafts', [{ ...(await draftOf('row-4')), title, poll: 'of-row-4' }])
      expect(await panel({ action: 'publish', draft: 'row-4' })).toMatchObject({ ok: true })
    }
  })

  test('a story that readers could not open is refused, and they keep the last version', async () => {
    const link = (n: number) => `[来源${n}](https://example.org/${'x'.repeat(180)}${n})`
    const many = Array.from({ length: 400 }, (_, n) => link(n))
    const body = many.map((_, n) => (n % 15 === 0 ? many.slice(n, n + 15).join('、') : '')).join('\n\n')
    await putRows(cloud, 'drafts', [draftRow('row-1', { body })])
    const before = await rowsIn('articles')
    expect((await panel({ action: 'publish', draft: 'row-1' })).lines).toContain(
      '问题　资料来源：一共最多 6 万字，请删去一些',
    )
    const long = Array.from({ length: 1_250 }, (_, n) => '字'.repeat(200) + (n < 1_000 ? link(n) : ''))
    await putRows(cloud, 'drafts', [draftRow('row-1', { body: long.join('\n\n') })])
    expect((await panel({ action: 'publish', draft: 'row-1' })).lines.join('\n')).toMatch('最多 900 KB')
    expect(await rowsIn('articles')).toEqual(before)
    // The checks below have eight seconds for all rows, also on a busy machine.
    await putRows(cloud, 'drafts', [draftRow('row-1')])
  })

  test('a topic and a poll must exist; a row in 视觉焦点 is marked for the home page', async () => {
    const cover = { cover: '/pictures/moon.jpg#1200x900', coverAlt: '月面' }
    const named = { topic: 'notopic001', poll: 'no-poll', placement: '视觉焦点', ...cover }
    await putRows(cloud, 'drafts', [draftRow('row-7', named)])
    expect((await panel({ action: 'publish', draft: 'row-7' })).lines).toEqual([
      '没有发布，读者看到的没有变化',
      '问题　专题：没有编号为 notopic001 的专题，请核对',
      '问题　云投：没有编号为 no-poll 的云投，请核对',
    ])
    await putRows(cloud, 'publishedTopics', [
      {
        _id: 'notopic001',
        state: 'published',
        title: '深海',
        publishedAt: { $date: '2026-11-20T00:00:00Z' },
      },
    ])
    await putPolls(cloud, [
      {
        _id: 'no-poll',
        question: '去过吗？',
        opensAt: '2026-11-20 09:30',
        closesAt: '2090-11-20 09:30',
        options: [
          { key: 'a', label: '去过' },
          { key: 'b', label: '没有' },
        ],
      },
    ])
    expect(await panel({ action: 'publish', draft: 'row-7' })).toMatchObject({ ok: true })
    const published = (await rowsIn('articles')).find(({ draft }) => draft === 'row-7')
    expect(published).toMatchObject({
      topic: { id: 'notopic001', title: '深海' },
      poll: 'no-poll',
      focus: true,
    })
    await putRows(cloud, 'drafts', [draftRow('row-7', { ...named, placement: '' })])
    await panel({ action: 'publish', draft: 'row-7' })
    expect((await rowsIn('articles')).find(({ draft }) => draft === 'row-7')).not.toHaveProperty('focus')
  })

  test('相关阅读 that the editor chose comes first, and the rest is filled up', async () => {
    const titles = ['甲的鲸', '乙的鲸', '丙的鲸'] as const
    const ids = ['rel-a', 'rel-b', 'rel-c']
    await putRows(
      cloud,
      'drafts',
      ids.map((id, n) => draftRow(id, { title: titles[n], tags: [`标签${n}`] })),
    )
    for (const draft of ids) await panel({ action: 'publish', draft })
    const [, second = ''] = await Promise.all(ids.map(storyOf))
    const shownOf = async (id: string) => {
      const { related } = await got(cloud, reader, openArticle, { articleId: await storyOf(id) })
      return related.map(({ title }) => title)
    }
    const row = (related: unknown) => draftRow('rel-own', { title: '自己', tags: '标签0', related })
    await putRows(cloud, 'drafts', [row('rel-x、nowhere001'), draftRow('rel-kept')])
    expect((await panel({ action: 'publish', draft: 'rel-own' })).lines).toEqual(
      expect.arrayContaining([
        '问题　相关阅读：第 1 条没有找到文章 rel-x，请核对',
        '问题　相关阅读：第 2 条没有找到文章 nowhere001，请核对',
      ]),
    )
    await putRows(cloud, 'drafts', [row(['rel-c', `/a/${second}`, 'rel-kept', 'rel-own'])])
    const told = [
      '提醒　相关阅读：读者现在看不到 rel-kept，暂时不列出，请核对',
      '提醒　相关阅读：写了这篇文章自己，没有列出',
    ]
    expect((await panel({ action: 'check', draft: 'rel-own' })).lines.map(line => line.trim())).toEqual(
      expect.arrayContaining(told),
    )
    expect((await panel({ action: 'publish', draft: 'rel-own' })).lines).toEqual([
      expect.stringMatching('^已发布：第 1 版'),
      ...told,
    ])
    const first = await shownOf('rel-own')
    expect(first.slice(0, 3)).toEqual(['丙的鲸', '乙的鲸', '甲的鲸'])
    expect(first).toHaveLength(5)
    await putRows(cloud, 'drafts', [row('rel-b')])
    await panel({ action: 'publish', draft: 'rel-own' })
    expect((await panel({ action: 'compare', draft: 'rel-own' })).lines.join('\n')).toMatch('相关阅读')
    await cloud.control('clock', { move: 4_000 })
    expect((await shownOf('rel-own'))[0]).toBe('乙的鲸')
    expect((await draftOf('rel-own')).version).toBe(2)
  })

  test('`check` checks all rows in parts and continues after the row that the last part named', async () => {
    await putRows(
      cloud,
      'drafts',
      Array.from({ length: 12 }, (_, n) => draftRow(`z-row-${10 + n}`)),
    )
    const count = (await rowsIn('drafts')).length
    expect((await panel({ action: 'check' })).lines[0]).toMatch(`查了 ${count} 篇稿件`)
    expect((await panel({ action: 'check', after: 'z-row-15' })).lines[0]).toMatch('查了 6 篇稿件')
  })

  test('`check` names every row with an error and changes nothing', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-5', { column: '天文', publishAt: '明天' })])
    const before = await rowsIn('drafts')
    const { ok, lines } = await panel({ action: 'check' })
    expect(ok).toBe(false)
    expect(lines).toContain('  问题　栏目：频道“地球”没有这个栏目，请从 海洋、气象、地质 中选')
    expect(lines).toContain('  问题　发布时间：看不懂这个时间，请写成北京时间，如 2026-11-20 09:30')
    expect(await rowsIn('drafts')).toEqual(before)
  })
})

describe('access to the panel', () => {
  test('a wrong key, no key, and every source except the console are refused, and nothing changes', async () => {
    await putRows(cloud, 'drafts', [draftRow('row-6')])
    const event = { action: 'publish', draft: 'row-6' }
    const sources = ['wx_client', 'wx_devtools', 'wx_localdebug', 'wx_http', 'wx_trigger', 'scf', 'other,scf']
    const answers = [
      await panel({ ...event, key: 'wrong' }),
      await panel({ ...event, key: '' }),
      await panel({ ...event, key: { $ne: '' } }),
    ]
    for (const source of sources) answers.push(await panel(event, source))
    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, lines: [expect.stringMatching('没有权限')] })
    await expect(cloud.call(reader, 'editor', { ...event, key: newsroom.key })).rejects.toThrow()
    expect(await draftOf('row-6')).not.toHaveProperty('storyId')
  })

  test('every action is audited with the name of the key, never with the key', async () => {
    const entries = await rowsIn('audit')
    const actions = new Set(entries.map(({ action }) => action))
    expect([...actions].sort()).toEqual(['check', 'compare', 'history', 'publish', 'restore', 'withdraw'])
    expect(new Set(entries.map(({ key: name }) => name))).toEqual(new Set(['王编辑']))
    expect(JSON.stringify(entries)).not.toContain(newsroom.key)
  })

  test('without configured keys everybody is refused', async () => {
    const bare = await startAppCloud({ args: ['--no-timers'] })
    try {
      const body = { name: 'editor', event: { action: 'check', key: newsroom.key }, source: null }
      const { result } = await bare.control<{ result: Answer }>('invoke', body)
      expect(result.ok).toBe(false)
    } finally {
      await bare.stop()
    }
  })
})
