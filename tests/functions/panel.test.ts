import { setMood } from '#contract/mood'
import { answerPoll } from '#contract/poll'
import { recordOpening, recordShare } from '#contract/sharing'
import { got, logsOf, putPolls, putRows, storyRow } from '../support/app-cloud'
import type { CloudProcess } from '../support/local-cloud'
import { draftRow, type Newsroom, pollRow, startNewsroom } from '../support/newsroom'
import { startOutsideInstance } from '../support/outside-instance'

let newsroom: Newsroom
let cloud: CloudProcess

beforeAll(async () => {
  newsroom = await startNewsroom()
  cloud = newsroom.cloud
  await putRows(cloud, 'drafts', [draftRow('one', { status: '待发布' })])
  await newsroom.tick()
  await cloud.control('clock', { move: 3_600_000 })
  await putRows(cloud, 'drafts', [draftRow('one', { status: '待发布', title: '鲸落怎样养活深海' })])
  await newsroom.tick()
}, 120_000)
afterAll(() => cloud?.stop())

const panel: Newsroom['panel'] = (event, source) => newsroom.panel(event, source)

describe('compare', () => {
  test('shows the changes of the last version, or the differences between two versions', async () => {
    const changed = ['第 1 版 → 第 2 版：1 处不同', '标题　鲸落【删：为什么能】【增：怎样】养活深海']
    expect(await panel({ action: 'compare', draft: 'one' })).toEqual({ ok: true, lines: changed })
    expect((await panel({ action: 'compare', draft: 'one', from: 2, to: 1 })).lines[1]).toBe(
      '标题　鲸落【删：怎样】【增：为什么能】养活深海',
    )
    expect((await panel({ action: 'compare', draft: 'one', from: 1, to: 7 })).lines).toEqual([
      '没有第 7 版；用 history 可以看到所有版本',
    ])
    expect((await panel({ action: 'compare', draft: 'none' })).lines).toEqual(['这篇稿件还没有发布过'])
    expect((await panel({ action: 'compare', draft: 'one', from: '1' })).lines).toEqual([
      'from：请写较早的版本号，如 1；导入时写从第几行接着写',
    ])
  })

  test('says what there is to compare where a story has one version, or only its marks differ', async () => {
    const publish = async (body: string) => {
      await putRows(cloud, 'drafts', [draftRow('single', { body, title: '只有一版' })])
      expect(await panel({ action: 'publish', draft: 'single' })).toMatchObject({ ok: true })
    }
    const compared = async (event: object = {}) => {
      const { ok, lines } = await panel({ action: 'compare', draft: 'single', ...event })
      return [ok, ...lines]
    }
    await publish('一头鲸沉到海底。')
    const alone = [false, '只发布过一版，没有可以比较的']
    expect([await compared(), await compared({ to: 1 })]).toEqual([alone, alone])
    await publish('一头**鲸**沉到海底。')
    expect(await compared()).toEqual([
      true,
      '第 1 版 → 第 2 版：文字没有不同，可能只改了加粗、链接之类的格式',
    ])
    expect(await compared({ from: 7 })).toEqual([false, '没有第 7 版；用 history 可以看到所有版本'])
    expect(await compared({ from: 2, to: 2 })).toMatchObject([
      true,
      expect.stringMatching('^第 2 版 → 第 2 版：文字'),
    ])
    const { lines } = await panel({ action: 'history', draft: 'single' })
    expect(lines).toEqual([
      expect.stringMatching(/^第 2 版　20\d\d-.{11}　《只有一版》　责编 王编辑　由 王编辑 发布$/),
      expect.stringMatching(/^第 1 版　20\d\d-/),
    ])
    expect((await panel({ action: 'history', draft: 'none' })).lines).toEqual(['这篇稿件还没有发布过'])
    await panel({ action: 'withdraw', draft: 'single', reason: '试过了' })
    await cloud.control('remove', { collection: 'drafts', ids: ['single'] })
  })
})

test.each<[object, string]>([
  [{ action: 'publish', draft: 'a b' }, 'draft：请写稿件的 _id，只有字母、数字、下划线和短横'],
  [{ action: 'publish', draft: 'x'.repeat(65) }, 'draft：请写稿件的 _id，只有字母、数字、下划线和短横'],
  [{ action: 'history' }, 'draft：请写稿件的 _id，只有字母、数字、下划线和短横'],
  [{ action: 'check', after: '' }, 'after：请写上一次查到的稿件的 _id'],
  [{ action: 'restore', draft: 'one', version: 0 }, 'version：请写版本号，如 2'],
  [{ action: 'restore', draft: 'one', version: 1.5 }, 'version：请写版本号，如 2'],
  [{ action: 'compare', draft: 'one', to: '2' }, 'to：请写较新的版本号，如 2'],
  [
    { action: 'check', collection: 'votes' },
    'collection：请写 drafts（稿件）、topics（专题）或 polls（云投）',
  ],
  [{ action: 'export' }, 'collection：请写 drafts（稿件）、topics（专题）或 polls（云投）'],
  [{ action: 'export', collection: 'polls', format: 'xls' }, 'format：请写 csv 或 jsonl'],
  [{ action: 'import', collection: 'polls' }, 'file：请写云存储里文件的编号，以 cloud:// 开头'],
  [
    { action: 'import', collection: 'polls', file: 'cloud://a/b', mode: 'replace' },
    'mode：请写 insert（只新增）或 upsert（新增或更新）',
  ],
  [{ action: 'import', collection: 'polls', file: 'cloud://a/b', write: 'yes' }, 'write：确认写入时写 true'],
  [
    { action: 'withdraw', draft: 'one', reason: '长'.repeat(501) },
    'reason：请写撤回原因，读者会看到，最多 500 个字',
  ],
  [
    { action: 'delete' },
    'action：请写 check、publish、preview、withdraw、history、compare、restore、stats、placement、import 或 export',
  ],
])('%j is answered with what is missing', async (event, told) => {
  expect(await panel(event)).toEqual({ ok: false, lines: [told] })
})

test('whoever has no key is told so and nothing else, whatever else is wrong', async () => {
  const refused = { ok: false, lines: ['没有权限：请核对编辑口令（key）；只能在云开发控制台里运行'] }
  for (const event of [{ key: 'wrong' }, { key: '' }, { key: 7 }, { key: 'x'.repeat(201) }, { key: null }])
    expect(await panel({ action: 'stats', ...event })).toEqual(refused)
  expect(await panel({ action: 'delete', key: 'wrong' })).toEqual(refused)
  expect(await panel({ action: 'stats' }, 'wx_client')).toEqual(refused)
})

test('a publication that only moves a story on the home page says so; one that editors keep changing says to wait', async () => {
  const row = { cover: '/pictures/a.jpg#1200x900', coverAlt: '海', placement: '视觉焦点', title: '移动的' }
  const publish = () => panel({ action: 'publish', draft: 'moving' })
  const save = (changes: object) => putRows(cloud, 'drafts', [draftRow('moving', { ...row, ...changes })])
  await save({ order: 2 })
  expect((await publish()).lines[0]).toMatch(/^已发布：第 1 版，地址 \/a\/\w+$/)
  await save({ order: 3 })
  expect((await publish()).lines[0]).toMatch(
    /^内容没有变化，没有产生新版本；首页的位置改了：第 1 版，地址 \/a\/\w+$/,
  )
  await save({ order: 3 })
  expect((await publish()).lines[0]).toMatch(/^内容没有变化，没有产生新版本：第 1 版/)

  const editor = await startOutsideInstance(cloud, { EDITOR_KEYS: newsroom.keys })
  try {
    let saves = 0
    editor.onReply = async body => {
      if (body.includes('"drafts"') && body.includes('getDocument') && !body.includes('transactionId')) {
        saves += 1
        await save({ title: `第 ${saves} 次改` })
      }
      return true
    }
    const event = { key: newsroom.key, action: 'publish', draft: 'moving' }
    expect(await editor.call({ name: 'editor', source: '', event })).toEqual({
      ok: false,
      lines: ['稿件正在被人保存，没有发布，请过一会儿再试'],
    })
    expect(saves).toBeGreaterThan(1)
    let topicSaves = 0
    editor.onReply = async body => {
      if (body.includes('"topics"') && body.includes('getDocument') && !body.includes('transactionId')) {
        topicSaves += 1
        await putRows(cloud, 'topics', [{ _id: 'movingtop1', title: `第 ${topicSaves} 次改` }])
      }
      return true
    }
    await putRows(cloud, 'topics', [{ _id: 'movingtop1', title: '还没改' }])
    const topic = { key: newsroom.key, action: 'publish', collection: 'topics', draft: 'movingtop1' }
    expect(await editor.call({ name: 'editor', source: '', event: topic })).toEqual({
      ok: false,
      lines: ['这一行正在被人保存，没有发布，请过一会儿再试'],
    })
    await cloud.control('remove', { collection: 'topics', ids: ['movingtop1'] })
  } finally {
    editor.close()
  }
  // A restored version does not change what the row asks for.
  await save({ status: '待发布', order: 3 })
  expect((await panel({ action: 'restore', draft: 'moving', version: 1 })).lines).toEqual([
    expect.stringMatching(/^读者看到的已经是第 1 版的内容/),
  ])
  await save({ title: '第二版', order: 3 })
  await publish()
  await putRows(cloud, 'drafts', [{ ...(await newsroom.draftOf('moving')), status: '待发布' } as never])
  expect((await panel({ action: 'restore', draft: 'moving', version: 1 })).lines.at(-1)).toBe(
    '提醒　状态：稿件的状态仍是 待发布，定时任务会照它办；不要的话，请改成 草稿',
  )
  await panel({ action: 'withdraw', draft: 'moving', reason: '试过了' })
  await cloud.control('remove', { collection: 'drafts', ids: ['moving'] })
})

describe('stats', () => {
  test('shows the votes and publications of one story and of all', async () => {
    const articleId = await newsroom.storyOf('one')
    const reader = await cloud.signIn()
    await got(cloud, reader, setMood, { articleId, mood: 'happy', wish: 1 })
    await putPolls(cloud, [pollRow('seen-one', { articleId })])
    await got(cloud, reader, answerPoll, { pollId: 'seen-one', options: ['b'], wish: 1 })
    const { lines } = await panel({ action: 'stats', draft: 'one' })
    expect(lines).toEqual([
      '《鲸落怎样养活深海》',
      expect.stringMatching(/^发布　2 版，第一版 .+，最近一版 .+$/),
      '心情　开心 1　难过 0　点赞 0　飘过 0',
      '云投　见过鲸吗？：1 人回答　见过 0　没有 1',
    ])
    // A story of many versions: the history names the newest fifty.
    const versions = Array.from({ length: 52 }, (_, n) => ({
      ...{ _id: `oftenout01-${n + 1}`, articleId: 'oftenout01', version: n + 1, draft: 'often' },
      ...{
        at: { $date: `2026-01-01T04:${n + 1 < 10 ? '0' : ''}${n + 1}:00Z` },
        editor: '王编辑',
        key: 'clock',
      },
      content: { title: `第 ${n + 1} 稿` },
    }))
    await putRows(cloud, 'versions', versions)
    expect((await panel({ action: 'stats', draft: 'often' })).lines.slice(0, 2)).toEqual([
      '《第 52 稿》',
      '发布　52 版，第一版 2026-01-01 12:01，最近一版 2026-01-01 12:52',
    ])
    const history = (await panel({ action: 'history', draft: 'often' })).lines.map(line => line.slice(0, 6))
    expect(history).toEqual(Array.from({ length: 50 }, (_, n) => `第 ${52 - n} 版　`.slice(0, 6)))
    await cloud.control('remove', { collection: 'versions', ids: versions.map(({ _id }) => _id) })
    const [, first = '', last = ''] = /第一版 (.+)，最近一版 (.+)$/.exec(lines[1] ?? '') ?? []
    expect(Date.parse(last) - Date.parse(first)).toBeGreaterThanOrEqual(3_540_000)
    // Later than any that a tick here writes of itself: this may run around midnight.
    const summary = { _id: '2090-11-26', day: '2090-11-26', lines: ['发布 1 篇　新版 0 次　撤回 0 篇'] }
    await putRows(cloud, 'summaries', [{ ...summary, _id: '2090-11-25', day: '2090-11-25' }, summary])
    // A status counts in each of its spellings.
    await putRows(cloud, 'drafts', [draftRow('english', { status: 'draft' })])
    expect((await panel({ action: 'stats' })).lines).toEqual([
      '读者能看到 1 篇文章',
      '稿件　草稿 1　待审 0　待发布 0　已定时 0　已发布 1　待撤回 0　已撤回 0',
      '每日小结　2090-11-26',
      ...summary.lines,
    ])
    await cloud.control('remove', { collection: 'drafts', ids: ['english'] })
  })

  test('shows shares, openings by way in, the depth of chains and the shares opened most', async () => {
    const articleId = await newsroom.storyOf('one')
    const [first, second] = ['firstmark0', 'secondmark'] as const
    const reader = await cloud.signIn()
    await got(cloud, reader, recordShare, { articleId, channel: 'friend', mark: first })
    await got(cloud, reader, recordShare, { articleId, channel: 'moments', mark: second, parent: first })
    await got(cloud, reader, recordOpening, { articleId, mark: second, way: 'moments' })
    // Nobody has opened the last of the chain.
    await got(cloud, reader, recordShare, {
      articleId,
      channel: 'poster',
      mark: 'thirdmark0',
      parent: second,
    })
    const guest = await cloud.guest()
    await got(cloud, guest, recordOpening, { articleId, mark: second, way: 'moments', guest: 'guest00001' })
    await got(cloud, await cloud.signIn(), recordOpening, { articleId, mark: first, way: 'group' })
    // Before `clock` has summed anything.
    expect((await panel({ action: 'stats', draft: 'one' })).lines).toContain(
      '发起分享　微信好友 1　朋友圈 1　链接 0　海报 1　收藏 0',
    )
    // What `clock` has summed from shares that are no longer kept counts as well.
    const summed = { shares: { link: 3 }, openings: { link: 4 }, guests: 1 }
    // More days than a query without a limit returns.
    const another = { shares: { poster: 9 }, openings: { group: 9 }, guests: 9 }
    const days = Array.from({ length: 101 }, (_, n) => ({
      ...{ _id: String(20_000 + n).padStart(6, '0'), all: summed },
      stories: { '0another00': another, [articleId]: summed },
    }))
    await putRows(cloud, 'shareDays', days)
    const lines = [
      '发起分享　微信好友 1　朋友圈 1　链接 303　海报 1　收藏 0',
      '打开分享　好友 0　群 1　朋友圈 2　海报 0　链接 404　收藏 0　其他 0　其中未登录 102',
      '传播最深　3 层',
      expect.stringMatching(/^带来打开最多的分享 1　2 人打开　朋友圈　第 2 层　20\d\d-/),
      expect.stringMatching(/^带来打开最多的分享 2　1 人打开　微信好友　第 1 层　20\d\d-/),
    ]
    const ofOne = (await panel({ action: 'stats', draft: 'one' })).lines
    expect(ofOne.slice(-5)).toEqual(lines)
    const ofAll = (await panel({ action: 'stats' })).lines.slice(0, -2)
    expect(ofAll.slice(-5, -2)).toEqual(lines.slice(0, 3))
    expect(ofAll.at(-1)).toMatch(/　《鲸落怎样养活深海》$/)
    expect(JSON.stringify([ofOne, ofAll])).not.toContain(reader.openid)

    // Of more shares than are read at once it counts the newest, and says so. Those opened most are found all the same.
    const at = { $date: '2030-01-01T00:00:00Z' }
    const many = Array.from({ length: 999 }, (_, n) => ({
      ...{ _id: `many${String(n).padStart(6, '0')}`, articleId, at, channel: 'favourites' },
      ...{ opened: 0, guests: 0 },
    }))
    await putRows(cloud, 'shares', many)
    const cut = (await panel({ action: 'stats', draft: 'one' })).lines.slice(-5)
    expect(cut).toEqual([
      '发起分享　微信好友 0　朋友圈 0　链接 303　海报 1　收藏 999（近三个月只计最近 1000 次）',
      '打开分享　好友 0　群 0　朋友圈 0　海报 0　链接 404　收藏 0　其他 0　其中未登录 101',
      lines[2],
      lines[3],
      lines[4],
    ])
    await cloud.control('remove', { collection: 'shares', ids: many.map(({ _id }) => _id) })
  })
})

test('a version is not restored if another story shows its poll now', async () => {
  await putPolls(cloud, [pollRow('passed-on')])
  const save = (id: string, poll: string) =>
    putRows(cloud, 'drafts', [draftRow(id, { status: '待发布', title: `云投在 ${id}`, poll })])
  for (const [id, poll] of [
    ['from', 'passed-on'],
    ['from', ''],
    ['onto', 'passed-on'],
  ] as const) {
    await save(id, poll)
    await newsroom.tick()
  }
  expect((await panel({ action: 'restore', draft: 'from', version: 1 })).lines).toEqual([
    '没有恢复，云投：已经用在文章《云投在 onto》里，请换一个云投',
  ])
  expect(await newsroom.draftOf('from')).toMatchObject({ version: 2 })
})

test('actions that change no story are audited under the editor’s name', async () => {
  const events = [
    ...['check', 'preview', 'history', 'compare', 'stats'].map(action => ({ action, draft: 'one' })),
    ...[{ action: 'placement' }, { action: 'export', collection: 'topics' }],
    { action: 'import', collection: 'polls', file: 'cloud://none/none.csv' },
    ...[{ action: 'stats' }, { action: 'check', collection: 'polls' }],
    { action: 'check', collection: 'topics', draft: 'no-such-topic' },
  ]
  const before = (await newsroom.rowsIn('audit')).length
  for (const event of events) await panel(event)
  const entries = (await newsroom.rowsIn('audit')).slice(before)
  expect(entries.map(({ action, key }) => [action, key])).toEqual(
    events.map(({ action }) => [action, '王编辑']),
  )
  // What it was about, and whether the editor was told of problems.
  expect(entries.map(({ subject, result }) => `${subject} ${result}`)).toEqual([
    ...Array(5).fill('one ok'),
    ...['home ok', 'topics ok', 'polls problems', '* ok', 'polls:* ok', 'topics:no-such-topic problems'],
  ])
})

test('stats name the five stories with the most votes of each mood', async () => {
  const ids = Array.from({ length: 6 }, (_, n) => `voted0000${n}`)
  const entries = ids.map((id, n) => ({ id, count: 9 - n, total: 9, publishedAt: n }))
  await putRows(
    cloud,
    'articles',
    ids.map(id => storyRow(id, 0)),
  )
  const updatedAt = { $date: new Date(0).toISOString() }
  await putRows(cloud, 'rankings', [{ _id: 'sad:7d', entries, floor: null, updatedAt }])
  const { lines } = await panel({ action: 'stats' })
  const named = lines.filter(line => line.startsWith('近 7 天难过'))
  expect(named.map(line => /《题目 (.+)》/.exec(line)?.[1])).toEqual(ids.slice(0, 5))
  expect(named[1]).toBe('近 7 天难过　8 票　《题目 voted00001》')
  // A story that is gone is left out, not shown without a title.
  await cloud.control('remove', { collection: 'articles', ids: ids.slice(0, 1) })
  const less = (await panel({ action: 'stats' })).lines.filter(line => line.startsWith('近 7 天难过'))
  expect(less).toEqual(named.slice(1))
  await cloud.control('remove', { collection: 'articles', ids })
  await cloud.control('remove', { collection: 'rankings', ids: ['sad:7d'] })
})

test('placement names the stories that wait for their places, the next one first', async () => {
  const { now } = await cloud.control<{ now: number }>('clock', { move: 0 })
  const waits = (_id: string, ahead: number) =>
    storyRow(_id, 0, {
      ...{ focus: true, focusOrder: 3, focusFrom: { $date: new Date(now + ahead).toISOString() } },
      cover: { src: '/pictures/a.jpg', width: 4, height: 3, alt: '' },
    })
  await putRows(cloud, 'articles', [waits('waits00002', 7_200_000), waits('waits00001', 3_600_000)])
  const { lines } = await panel({ action: 'placement' })
  const named = lines.slice(lines.indexOf('等着的') + 1).map(line => /《题目 (.+?)》/.exec(line)?.[1])
  expect(named.slice(0, 2)).toEqual(['waits00001', 'waits00002'])
  const later = (await panel({ action: 'placement', at: now + 5_400_000 })).lines
  const [first] = later.slice(later.indexOf('等着的') + 1)
  expect(first).toContain('waits00002')
  await cloud.control('remove', { collection: 'articles', ids: ['waits00001', 'waits00002'] })
})

test('placement counts a draft in that the clock will publish, as its row asks for it, and none with problems', async () => {
  const cover = { cover: '/pictures/whale.jpg#1200x900', coverAlt: '鲸' }
  const timed = {
    ...{ status: '已定时', placement: '视觉焦点', ...cover, publishAt: '2090-01-02 09:30', order: 5 },
    ...{ from: '2090-01-03 09:30', until: '2090-01-05 09:30' },
  }
  const storyId = await newsroom.storyOf('one')
  await putRows(cloud, 'drafts', [
    draftRow('timed', { ...timed, title: '定时的' }),
    draftRow('english', {
      ...timed,
      status: 'ready',
      title: '英文的',
      order: 4,
      offlineAt: '2090-01-04 09:30',
    }),
    draftRow('faulty', { ...timed, title: '有问题的', problems: ['导语：还没有填写，请写上'] }),
    draftRow('idle', { ...timed, status: '草稿', title: '草稿里的' }),
    draftRow('again', { ...timed, title: '新版的', storyId, order: 6 }),
  ])
  const linesAt = async (at?: string) => (await panel({ action: 'placement', at })).lines
  const now = await linesAt()
  const times = '2090-01-02 09:30 发布，从 2090-01-03 09:30 起，到 2090-01-05 09:30 为止'
  expect(now.slice(now.indexOf('等着的') + 1).sort()).toEqual([
    `　　《定时的》　视觉焦点第 5 位，${times}`,
    `　　《新版的》　视觉焦点第 6 位，${times}`,
    `　　《英文的》　视觉焦点第 4 位，${times}`,
  ])
  const pinned = (lines: string[]) =>
    lines.filter(line => line.includes('责编排在这一位')).map(line => /第 \d 位　《(.+?)》/.exec(line)?.[1])
  expect(pinned(await linesAt('2090-01-04 09:29'))).toEqual(['英文的', '定时的', '新版的'])
  const then = await linesAt('2090-01-04 09:30')
  expect(pinned(then)).toEqual(['定时的', '新版的'])
  // The next version of a story stands there once.
  expect(then.join()).not.toContain('鲸落怎样养活深海')
  const ids = ['timed', 'english', 'faulty', 'idle', 'again']
  await cloud.control('remove', { collection: 'drafts', ids })
})

test('a check says of a status that is untrue what the clock would say', async () => {
  const told = async (draft: string) => {
    const { ok, lines } = await panel({ action: 'check', draft })
    return [ok, lines.filter(line => line.includes('状态：'))]
  }
  const link = `/a/${await newsroom.storyOf('one')}`
  await putRows(cloud, 'drafts', [
    ...['', null].map((empty, n) => draftRow(`untrue-${n}`, { status: '已发布', link: empty })),
    draftRow('never-linked', { status: 'published' }),
    draftRow('rightly', { status: '已撤回', link: '' }),
    draftRow('no-status', { status: '发布' }),
    { ...(await newsroom.draftOf('one')), _id: 'one', status: '已撤回', link } as never,
  ])
  const unpublished = '  问题　状态：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布'
  for (const draft of ['untrue-0', 'untrue-1', 'never-linked'])
    expect(await told(draft)).toEqual([false, [unpublished]])
  expect(await told('one')).toEqual([
    false,
    ['  问题　状态：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回'],
  ])
  expect(await told('rightly')).toEqual([true, []])
  expect((await told('no-status'))[1]).toHaveLength(1)
  await cloud.control('remove', {
    collection: 'drafts',
    ids: ['untrue-0', 'untrue-1', 'never-linked', 'rightly', 'no-status'],
  })
  await putRows(cloud, 'drafts', [
    { ...(await newsroom.draftOf('one')), _id: 'one', status: '已发布' } as never,
  ])
})

test('a check of a row reads no other row', async () => {
  expect(await panel({ action: 'check', draft: 'one' })).toMatchObject({ ok: true })
  const last = (await logsOf(cloud)).filter(({ functionName }) => functionName === 'editor').at(-1)
  expect(last?.operations).toMatchObject({ read: 1, write: 1, transaction: 0 })
})

test('actions that find no draft are audited too', async () => {
  await panel({ action: 'withdraw', draft: 'none', reason: '错了' })
  await panel({ action: 'restore', draft: 'one', version: 9 })
  await panel({ action: 'restore', draft: 'none', version: 1 })
  for (const event of [{ action: 'publish' }, { action: 'withdraw', reason: '错了' }, { action: 'check' }])
    expect(await panel({ ...event, draft: 'absent' })).toEqual({ ok: false, lines: ['没有这篇稿件：absent'] })
  const entries = (await newsroom.rowsIn('audit')).filter(
    ({ action, subject }) =>
      /withdraw|restore/.test(String(action)) && ['none', 'one'].includes(String(subject)),
  )
  expect(entries.map(({ action, subject, result }) => [action, subject, result])).toEqual([
    ['withdraw', 'none', 'missing'],
    ['restore', 'one', 'no version 9'],
    ['restore', 'none', 'missing'],
  ])
})

test('invisible characters are removed from a reason; a reason of nothing else counts as absent', async () => {
  expect(await panel({ action: 'withdraw', draft: 'one', reason: '\u200b\u202e' })).toMatchObject({
    ok: false,
    lines: ['reason：请写撤回原因，读者会看到，最多 500 个字'],
  })
  const { lines } = await panel({ action: 'withdraw', draft: 'one', reason: '\u202e数字有误' })
  expect(lines.at(-1)).toBe('读者看到的原因：数字有误')
})

test('a check of many rows with problems stops before its reply is too long, and says where to continue', async () => {
  const rows = Array.from({ length: 900 }, (_, n) => ({ _id: `y-${1_000 + n}`, title: '没有别的' }))
  await putRows(cloud, 'drafts', rows)
  const { lines } = await panel({ action: 'check' })
  expect(lines.join('').length).toBeLessThan(60_000)
  expect(lines.at(-1)).toMatch('接着查')
})

test('sources such as payment callbacks and crawlers are rejected', async () => {
  for (const source of ['wx_paycallback', 'wx_crawler'])
    expect(await panel({ action: 'stats' }, source)).toMatchObject({ ok: false })
})
