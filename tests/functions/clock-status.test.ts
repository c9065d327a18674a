import { createHash } from 'node:crypto'
import { openArticle } from '#contract/article'
import { ask, putRows, rowsOf } from '../support/app-cloud'
import type { CloudProcess, Reader } from '../support/local-cloud'
import { type Answer, draftRow, type Newsroom, type Row, startNewsroom } from '../support/newsroom'
import { type OutsideInstance, startOutsideInstance } from '../support/outside-instance'

/** What readers see and what a row says of it never disagree for longer than a tick. */

const minute = 60_000
const hour = 60 * minute

let newsroom: Newsroom
let cloud: CloudProcess
let reader: Reader

beforeAll(async () => {
  newsroom = await startNewsroom()
  cloud = newsroom.cloud
  reader = await cloud.signIn()
}, 120_000)
afterAll(() => cloud?.stop())

const now = async () => (await cloud.control<{ now: number }>('clock', { move: 0 })).now
const passTo = async (instant: number) =>
  cloud.control('clock', { move: Math.max(0, instant - (await now())) })
const save = (...rows: Row[]) => putRows(cloud, 'drafts', rows)
const tick = async () => expect(await newsroom.tick()).toEqual({ ok: true })
const storyRowOf = async (id: string) => (await newsroom.rowsIn('articles')).find(({ draft }) => draft === id)
const beijing = (instant: number) => new Date(instant + 8 * hour).toISOString().slice(0, 16).replace('T', ' ')
/** Saves in the console: the row keeps what the clock wrote into it. */
async function edit(changes: Record<string, object>): Promise<void> {
  const { lines } = await cloud.control<{ lines: string }>('export', { collection: 'drafts' })
  const rows = lines.split('\n').map(line => JSON.parse(line) as Row)
  await save(
    ...Object.entries(changes).map(([id, change]) => ({ ...rows.find(row => row._id === id), ...change })),
  )
}
/** The title that readers see, or null. */
async function seen(id: string): Promise<string | null> {
  const articleId = String((await storyRowOf(id))?._id)
  const opened = await ask(cloud, reader, openArticle, { articleId })
  return opened.ok ? opened.data.article.title : null
}

test('the row tells what happens to a schedule that was changed just before its time: published, cancelled or withdrawn', async () => {
  const at = Math.ceil(((await now()) + 30 * minute) / minute) * minute
  const row = (id: string) => draftRow(id, { status: '待发布', publishAt: at, title: `旧的 ${id}` })
  const ids = ['stopped', 'deleted', 'moved', 'far-moved', 'faulty', 'timeless', 'stamped', 'misspelled']
  await save(...ids.map(row))
  await tick()
  const known = new Map(await Promise.all(ids.map(async id => [id, await storyRowOf(id)] as const)))
  expect([...known.values()].every(story => story?.state === 'published')).toBe(true)
  const later = at + 90 * minute
  await passTo(at - 30_000)
  await edit({
    stopped: { status: '草稿' },
    moved: { publishAt: later },
    'far-moved': { publishAt: at + 80 * hour },
    faulty: { title: '' },
    timeless: { publishAt: null },
    stamped: { status: '已发布' },
    misspelled: { status: '发布' },
  })
  expect(await cloud.control('remove', { collection: 'drafts', ids: ['deleted'] })).toEqual({ deleted: 1 })
  await passTo(at + 1_000)
  // The readers' queries keep the time to the second; the clock comes later.
  for (const id of ['stopped', 'deleted']) expect(await seen(id)).toBe(`旧的 ${id}`)
  await tick()
  await passTo((await now()) + 4_000)
  const after = async (id: string) => ({ ...(await newsroom.draftOf(id)), seen: await seen(id) })
  const time = beijing(at)
  expect(await after('stopped')).toMatchObject({
    status: '草稿',
    seen: null,
    link: '',
    result: expect.stringMatching(`^取消得晚了：文章在北京时间 ${time} 已经发布，.* 撤下`),
  })
  // Nothing writes a deleted row again.
  expect(await after('deleted')).toEqual({ seen: null })
  expect(
    (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === 'deleted').at(-1),
  ).toMatchObject({
    ...{ action: 'withdraw', key: 'clock', result: known.get('deleted')?._id },
  })
  expect(await after('moved')).toMatchObject({
    status: '已定时',
    seen: null,
    link: '',
    problems: [],
    result: expect.stringMatching(
      `^定于北京时间 ${beijing(later)} 发布；改动之前的文字在北京时间 ${time} 已经发布`,
    ),
  })
  expect(await after('far-moved')).toMatchObject({ status: '已定时', seen: null, link: '' })
  expect(await after('faulty')).toMatchObject({
    status: '待发布',
    seen: '旧的 faulty',
    link: `/a/${known.get('faulty')?._id}`,
    version: 1,
    problems: ['标题：还没有填写，请写上'],
    result: expect.stringMatching(
      `^北京时间 .{16} 没有发布这次的改动：请按“问题”修改，保存后会自动发布。读者看到的是改动之前的文字（第 1 版，北京时间 ${time} 发布）$`,
    ),
  })
  expect(await after('timeless')).toMatchObject({
    status: '已定时',
    seen: '旧的 timeless',
    link: `/a/${known.get('timeless')?._id}`,
    problems: ['发布时间：状态是 已定时，却没有时间，请写上；要马上发布，请把状态改成 待发布'],
  })
  expect(await after('stamped')).toMatchObject({
    status: '已发布',
    seen: '旧的 stamped',
    link: `/a/${known.get('stamped')?._id}`,
    result: `第 1 版，北京时间 ${time} 发布`,
  })
  expect(await after('misspelled')).toMatchObject({
    status: '发布',
    seen: null,
    problems: [expect.stringMatching('^状态：没有这个选项')],
  })
  // Corrected, it goes out with the next tick; the moved one at its new time.
  await edit({ faulty: { title: '改好的' } })
  await tick()
  await passTo(later)
  expect(await after('faulty')).toMatchObject({ status: '已发布', seen: '改好的', version: 2 })
  expect(await seen('moved')).toBe('旧的 moved')
  await tick()
  expect(await after('moved')).toMatchObject({ status: '已发布', reminders: [] })
}, 60_000)

test('a scheduled row with an error says at once which text will be published when', async () => {
  const at = Math.ceil(((await now()) + 3 * hour) / minute) * minute
  const row = (id: string) => draftRow(id, { status: '待发布', publishAt: at, title: `旧的 ${id}` })
  await save(...['same-time', 'other-time', 'no-time', 'renamed'].map(row))
  await tick()
  // A form notes when it saves a row, so the clock looks at it long before its time.
  const updatedAt = await now()
  await edit({
    'same-time': { title: '', updatedAt },
    'other-time': { title: '', publishAt: at + hour },
    'no-time': { publishAt: 0 },
    renamed: { title: '新的', updatedAt },
  })
  await tick()
  const kept = `北京时间 ${beijing(at)} 仍会发布改动之前的文字（第 1 版）；不要发布，就把状态设为 草稿`
  expect(await newsroom.draftOf('same-time')).toMatchObject({
    status: '已定时',
    problems: ['标题：还没有填写，请写上'],
    result: expect.stringMatching(
      `^北京时间 .{16} 没有发布这次的改动：请按“问题”修改，保存后会自动发布。${kept}$`,
    ),
  })
  for (const [id, status] of [
    ['other-time', '待发布'],
    ['no-time', '已定时'],
  ] as const)
    expect(await newsroom.draftOf(id)).toMatchObject({
      status,
      result: expect.stringMatching(
        `^北京时间 .{16} 没有发布：请按“问题”修改，保存后会自动发布。原定北京时间 ${beijing(at)} 的发布已取消$`,
      ),
    })
  expect(await storyRowOf('renamed')).toMatchObject({ title: '新的', state: 'published' })
  await passTo(at + 1_000)
  expect(await Promise.all(['same-time', 'other-time', 'no-time', 'renamed'].map(seen))).toEqual([
    '旧的 same-time',
    null,
    null,
    '新的',
  ])
  await tick()
  expect(await newsroom.draftOf('same-time')).toMatchObject({
    status: '待发布',
    link: expect.stringMatching('^/a/'),
    result: expect.stringMatching(`读者看到的是改动之前的文字（第 1 版，北京时间 ${beijing(at)} 发布）$`),
  })
  await edit({ 'no-time': { status: '待发布' }, 'other-time': { title: '改好的' } })
  await tick()
  // Nobody saw it before, so it was never withdrawn.
  expect(await newsroom.draftOf('no-time')).toMatchObject({ status: '已发布', reminders: [] })
  expect(await newsroom.draftOf('other-time')).toMatchObject({ status: '已定时', problems: [] })
}, 60_000)

test('an unknown or untrue status and an id that is not a text get a problem once', async () => {
  const misspelled = ['发布', 'READY', '待 发布', '已发佈', '待发布 ', '待撤回\u200b', 5, true, ['待发布']]
  await save(...misspelled.map((status, n) => draftRow(`odd-${n}`, { status })))
  await save(
    draftRow('not-out', { status: '已发布' }),
    draftRow('never-out', { status: '已撤回' }),
    ...['', null, 0, []].map((status, n) => draftRow(`empty-${n}`, { status })),
  )
  const numbers = [7, true].map(_id => ({ ...draftRow('', { status: '待发布' }), _id }))
  await putRows(cloud, 'drafts', numbers as never)
  for (let n = 0; n < 3; n++) await tick()
  for (const [n, status] of misspelled.entries()) {
    const row = await newsroom.draftOf(`odd-${n}`)
    expect(row).toMatchObject({ status, problems: [expect.stringMatching('^状态：')] })
    expect(await storyRowOf(`odd-${n}`)).toBeUndefined()
  }
  expect((await newsroom.draftOf('not-out')).problems).toEqual([
    '状态：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布',
  ])
  expect(await newsroom.draftOf('never-out')).not.toHaveProperty('problems')
  for (const n of [0, 1, 2, 3]) expect(await newsroom.draftOf(`empty-${n}`)).not.toHaveProperty('problems')
  const odd = (await newsroom.rowsIn('drafts')).filter(({ _id }) => typeof _id !== 'string')
  expect(odd.map(({ problems }) => problems)).toEqual(
    numbers.map(() => ['编号：_id 不是文字，不能发布；请把内容复制到新的一行，再删去这一行']),
  )
  const told = (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === 'odd-0')
  expect(told).toHaveLength(1)
  await edit({ 'odd-0': { status: '待发布' } })
  await tick()
  expect(await newsroom.draftOf('odd-0')).toMatchObject({ status: '已发布', problems: [] })
  await edit({ 'odd-0': { status: '已撤回' } })
  await tick()
  expect((await newsroom.draftOf('odd-0')).problems).toEqual([
    '状态：已撤回 由系统填写，读者还看得到这篇文章；要撤回，请写 待撤回',
  ])
}, 60_000)

test('a status that an editor changes takes back what the row said of a publication; the row and `check` tell the same', async () => {
  const at = (await now()) + 80 * hour
  const timed = ['far-idle', 'far-review', 'far-stamped', 'far-typo']
  const row = (id: string, changes = {}) => draftRow(id, { status: '待发布', ...changes })
  await save(
    ...timed.map(id => row(id, { publishAt: at })),
    ...['was-live', 'was-typo'].map(id => row(id)),
    ...['half-done', 'odd-idle'].map(id => row(id, { title: '' })),
  )
  await tick()
  for (const id of timed)
    expect(await newsroom.draftOf(id)).toMatchObject({
      status: '已定时',
      result: expect.stringMatching('^定于'),
    })
  await edit({ 'was-live': { status: '待发布', title: '' }, 'was-typo': { status: '发布', title: '' } })
  await edit({ 'odd-idle': { status: '发布' } })
  await tick()
  expect((await newsroom.draftOf('was-live')).problems).toHaveLength(1)
  expect((await newsroom.draftOf('was-typo')).problems).toHaveLength(2)
  await edit({
    'far-idle': { status: '草稿' },
    'far-review': { status: '待审' },
    'far-stamped': { status: '已发布' },
    'far-typo': { status: '发布' },
    'was-live': { status: '已发布', title: '改好的' },
    'was-typo': { status: '已发布', title: '改好的' },
    'half-done': { status: '草稿', title: '改好的' },
    'odd-idle': { status: '', title: '改好的' },
  })
  await tick()
  const when = '^北京时间 .{16} '
  for (const [id, result, problems = []] of [
    ['far-idle', `${when}取消了定时发布$`],
    ['far-review', `${when}取消了定时发布$`],
    [
      'far-stamped',
      `${when}没有发布：请按“问题”修改`,
      ['状态：已发布 由系统填写，读者现在看不到这篇文章；要发布，请写 待发布'],
    ],
    ['far-typo', `${when}没有发布：请按“问题”修改`, [expect.stringMatching('^状态：没有这个选项')]],
    ['was-live', `${when}没有发布改动：要发布，就把状态设为 待发布。读者看到的是第 1 版$`],
    ['was-typo', `${when}没有发布改动：.+第 1 版$`],
    ['half-done', `${when}停止发布：状态是 草稿$`],
    ['odd-idle', `${when}停止发布：状态是 草稿$`],
  ] as const) {
    const told = await newsroom.draftOf(id)
    expect({ id, problems: told.problems, result: told.result }).toEqual({
      ...{ id, problems, result: expect.stringMatching(result) },
    })
    const { lines } = await newsroom.panel({ action: 'check', draft: id })
    expect({ id, lines: lines.filter(line => line.includes('问题　')) }).toEqual({
      ...{ id, lines: (told.problems as string[]).map(problem => `  问题　${problem}`) },
    })
  }
  // Rows whose status has a problem are checked again every ten minutes, ten at a time: their text may change.
  await edit({ 'far-typo': { title: '' } })
  for (let n = 0; n < 30; n++) {
    await passTo((await now()) + 2 * minute)
    await tick()
  }
  expect((await newsroom.draftOf('far-typo')).problems).toHaveLength(2)
}, 60_000)

test('the problems that the panel told of a 草稿 go when its editor has mended them', async () => {
  const problems = ['标题：还没有填写，请写上', '导语：还没有填写，请写上']
  const ids = ['asked', 'asked-raw', 'asked-idle']
  await save(...ids.map(id => draftRow(id, { title: '', teaser: '' })))
  for (const draft of ids) await newsroom.panel({ action: 'publish', draft })
  for (const id of ids) expect(await newsroom.draftOf(id)).toMatchObject({ status: '草稿', problems })
  // One in a form, which notes when it saves; one as raw data; one not at all.
  await edit({ asked: { title: '改好的', updatedAt: await now() }, 'asked-raw': { title: '改好的' } })
  await tick()
  expect(await newsroom.draftOf('asked')).toMatchObject({
    problems: problems.slice(1),
    result: expect.stringMatching(/^北京时间 .{16} 没有发布：请按“问题”修改，改好后把状态设为 待发布$/),
  })
  const teaser = '一头鲸沉到海底。'
  await edit({ asked: { teaser, updatedAt: (await now()) + 1 }, 'asked-raw': { teaser } })
  // The row that was changed as raw data takes its turn among the others with a problem, ten each ten minutes.
  for (let n = 0; n < 30; n++) {
    await passTo((await now()) + 2 * minute)
    await tick()
  }
  for (const id of ['asked', 'asked-raw'])
    expect(await newsroom.draftOf(id)).toMatchObject({
      ...{ status: '草稿', problems: [] },
      result: expect.stringMatching(/^北京时间 .{16} 改过了，还没有发布：要发布，就把状态设为 待发布$/),
    })
  expect(await newsroom.draftOf('asked-idle')).toMatchObject({ problems })
}, 60_000)

test('a reason that is written after the withdrawal reaches the readers', async () => {
  const stateOf = async (id: string) => (await storyRowOf(id))?.reason
  await save(...['mute', 'unclear'].map(id => draftRow(id, { status: '待发布' })))
  await tick()
  await edit({ mute: { status: '待撤回' }, unclear: { status: '待撤回', reason: '有误' } })
  await tick()
  expect((await newsroom.draftOf('mute')).reminders).toEqual(['撤回原因：没有填写，读者看不到原因'])
  expect(await stateOf('mute')).toBe('')
  await edit({ mute: { reason: '图片没有得到许可' }, unclear: { status: '待撤回', reason: '数据有误' } })
  await tick()
  expect([await stateOf('mute'), await stateOf('unclear')]).toEqual(['图片没有得到许可', '数据有误'])
  for (const id of ['mute', 'unclear'])
    expect(await newsroom.draftOf(id)).toMatchObject({
      ...{ status: '已撤回', problems: [], reminders: [] },
      result: expect.stringMatching(/^北京时间 .{16} 更新了撤回原因$/),
    })
})

test('publishing the same content again keeps its reminders; a restored version has its own', async () => {
  const panel = (event: object) => newsroom.panel(event)
  await save(draftRow('again', { status: '待发布' }))
  await tick()
  await edit({ again: { status: '待发布', editor: '李编辑' } })
  await tick()
  const reminders = ['责编：上一版由 王编辑 发布，这一版由 李编辑 发布']
  expect(await newsroom.draftOf('again')).toMatchObject({ version: 2, reminders })
  await edit({ again: { status: '待发布' } })
  await tick()
  expect(await newsroom.draftOf('again')).toMatchObject({ status: '已发布', version: 2, reminders })
  expect((await panel({ action: 'publish', draft: 'again' })).lines[1]).toBe(`提醒　${reminders[0]}`)

  const restore = async (draft: string, version = 1) =>
    (await panel({ action: 'restore', draft, version })).lines
  expect(await restore('again', 2)).toEqual([
    expect.stringMatching('^读者看到的已经是第 2 版的内容，没有产生新版本'),
  ])
  expect(await restore('no-such-row')).toEqual(['没有这篇稿件：no-such-row'])
  expect(await restore('again', 9)).toEqual(['没有第 9 版；用 history 可以看到所有版本'])
  const at = (await now()) + hour
  await save(draftRow('ahead', { status: '待发布', publishAt: at }), draftRow('unseen'))
  await tick()
  expect(await restore('unseen')).toEqual(['没有恢复：这篇稿件还没有发布过'])
  expect(await restore('ahead')).toEqual([
    `没有恢复：这篇稿件定于北京时间 ${beijing(at)} 发布，读者还看不到；要改文字，请改稿件`,
  ])
  expect(await seen('ahead')).toBeNull()
  await panel({ action: 'withdraw', draft: 'again', reason: '有误' })
  await edit({ again: { status: '待审' } })
  expect(await restore('again')).toEqual([
    expect.stringMatching('^已恢复第 1 版的内容，现在是第 3 版'),
    '提醒　稿件里的文字没有变：再写 待发布 以前，请先把它也改回去',
    '提醒　撤回：这篇文章曾被撤回，现在重新发布了',
  ])
  await edit({ again: { status: '待撤回' } })
  expect(await restore('again', 2)).toEqual([
    '没有恢复，读者看到的没有变化',
    '问题　状态：稿件是 待撤回，定时任务会撤回它；要恢复，请先把状态设为 草稿；要马上撤回，请用 withdraw',
  ])
  expect(await newsroom.draftOf('again')).toMatchObject({ status: '待撤回', version: 3 })
}, 60_000)

test('of a publication and a withdrawal at the same moment, the publication is told that it lost', async () => {
  await save(draftRow('both', { status: '待发布' }), draftRow('early', { status: '待发布' }))
  expect((await newsroom.panel({ action: 'withdraw', draft: 'early', reason: '有误' })).lines).toEqual([
    '这篇稿件现在没有发布，不用撤回',
    '提醒　状态：稿件是 待发布，定时任务会发布它；不要发布，请把状态改成 草稿',
  ])
  await tick()
  await edit({ both: { title: '改过的' } })
  const keys = { 李编辑: createHash('sha256').update('another-key').digest('hex') }
  const editor = await startOutsideInstance(cloud, { EDITOR_KEYS: JSON.stringify(keys) })
  try {
    let isWithdrawn = false
    editor.onReply = async body => {
      if (!isWithdrawn && body.includes('both')) {
        isWithdrawn = true
        await newsroom.panel({ action: 'withdraw', draft: 'both', reason: '图片没有得到许可' })
      }
      return true
    }
    const event = { key: 'another-key', action: 'publish', draft: 'both' }
    const answer = await editor.call<Answer>({ name: 'editor', source: '', event, offset: 0 })
    expect(isWithdrawn).toBe(true)
    expect(answer).toEqual({
      ok: false,
      lines: [
        '没有发布，读者看到的没有变化',
        '问题　状态：正要发布的时候，这篇文章被撤回了，所以没有发布；还要发布，请再运行一次',
      ],
    })
    expect(await newsroom.draftOf('both')).toMatchObject({ status: '已撤回', title: '改过的' })
    expect(await storyRowOf('both')).toMatchObject({ state: 'withdrawn', version: 1 })
  } finally {
    editor.close()
  }
}, 60_000)

test('the panel does not publish a row that waits for its withdrawal', async () => {
  await save(draftRow('leaving', { status: '待发布', title: '要撤回的' }))
  await tick()
  await edit({ leaving: { status: '待撤回', reason: '数据有误', title: '别的标题' } })
  await save(draftRow('never-out', { status: '待撤回' }))
  for (const draft of ['leaving', 'never-out']) {
    expect(await newsroom.panel({ action: 'publish', draft })).toEqual({
      ok: false,
      lines: [
        '没有发布，读者看到的没有变化',
        '问题　状态：这一行是 待撤回，定时任务会撤回它；要发布，请先把状态设为 待发布；要马上撤回，请用 withdraw',
      ],
    })
    const audited = (await newsroom.rowsIn('audit')).filter(({ subject }) => subject === draft).at(-1)
    expect(audited).toMatchObject({ action: 'publish', key: '王编辑', result: 'waits for withdrawal' })
  }
  expect(await seen('leaving')).toBe('要撤回的')
  expect(await storyRowOf('never-out')).toBeUndefined()
  await tick()
  expect(await storyRowOf('leaving')).toMatchObject({ state: 'withdrawn', reason: '数据有误' })
  expect(await newsroom.draftOf('never-out')).toMatchObject({ status: '已撤回' })
}, 60_000)

test('a link names a story or a draft, and one that leads nowhere is told', async () => {
  const link = (name: string) => `见[${name}](story:${name})。`
  const row = (id: string, names: string[], changes = {}) =>
    draftRow(id, { status: '待发布', title: id, body: names.map(link).join('\n\n'), ...changes })
  await save(
    row('first-of-two', ['second-of-two']),
    row('second-of-two', ['first-of-two', 'kept-back', 'out-soon', 'never-sent']),
    row('broken-link', ['no-such-draft', 'nowhere001']),
    draftRow('kept-back'),
    draftRow('out-soon', { status: '已定时', publishAt: { $date: '2090-01-01T00:00:00Z' } }),
    draftRow('never-sent', { status: '已撤回' }),
  )
  await tick()
  const [first, second, broken] = await Promise.all(
    ['first-of-two', 'second-of-two', 'broken-link'].map(newsroom.draftOf),
  )
  expect(first).toMatchObject({ status: '已发布', reminders: [] })
  expect(second).toMatchObject({
    status: '已发布',
    reminders: ['kept-back', 'never-sent'].map(name => `正文：链接指向的文章读者现在看不到，请核对：${name}`),
  })
  expect(broken).toMatchObject({
    problems: ['no-such-draft', 'nowhere001'].map(
      (name, nth) =>
        `正文：第 ${nth + 1} 段：链接只能指向本站文章（写 story: 和文章编号），没有找到：${name}`,
    ),
  })
  expect((await storyRowOf('first-of-two'))?.blocks).toEqual([
    expect.objectContaining({
      spans: ['见', { text: 'second-of-two', story: second?.storyId }, '。'],
    }),
  ])
})

test('a story that its row has forgotten is found again', async () => {
  await save(draftRow('forgotten', { status: '待发布' }))
  await tick()
  const articleId = await newsroom.storyOf('forgotten')
  await save(draftRow('forgotten', { status: '待发布', title: '忘了编号的' }))
  await tick()
  expect(await newsroom.draftOf('forgotten')).toMatchObject({ storyId: articleId, version: 2 })
})

test('a new story or version takes twelve requests; a row that kills the function each time is given up, and the others are published', async () => {
  const room = await startNewsroom()
  const clock: OutsideInstance = await startOutsideInstance(room.cloud)
  try {
    const ids = ['a-good', 'b-poison', 'c-good']
    // In the same hour as the counted ticks: the first one of an hour rebuilds rankings.
    await clock.tick(minute)
    await putRows(room.cloud, 'drafts', [draftRow('cheap', { status: '待发布' })])
    let requests = 0
    clock.onRequest = () => {
      requests += 1
      return true
    }
    await clock.tick(minute)
    // Agenda, lease, the row with its neighbours, a transaction of seven, votes, lease.
    expect(requests).toBe(12)
    await putRows(room.cloud, 'drafts', [
      { ...(await room.draftOf('cheap')), status: '待发布', title: '改过的', checked: null } as never,
    ])
    requests = 0
    await clock.tick(minute)
    expect(requests).toBe(12)
    expect(await room.draftOf('cheap')).toMatchObject({ status: '已发布', version: 2 })
    // Its topic and the others in its place are read with the row.
    const topic = { title: '深海', lead: '', stories: [], publishedAt: { $date: '2026-01-01T00:00:00Z' } }
    await putRows(room.cloud, 'publishedTopics', [{ _id: 'deepsea001', state: 'published', ...topic }])
    const cover = { cover: '/pictures/a.jpg#1200x900', coverAlt: '海' }
    const place = { ...cover, topic: 'deepsea001', placement: '视觉焦点', order: 1 }
    await putRows(room.cloud, 'drafts', [draftRow('placed', { ...place, status: '待发布' })])
    requests = 0
    await clock.tick(minute)
    expect(requests).toBe(12)
    expect(await room.draftOf('placed')).toMatchObject({ status: '已发布', problems: [], reminders: [] })
    const placed = (await room.rowsIn('articles')).find(({ draft }) => draft === 'placed')
    expect(placed).toMatchObject({ topic: { id: 'deepsea001', title: '深海' }, focusOrder: 1 })
    // A new version also reads its story again, whose topic others may change meanwhile.
    await putRows(room.cloud, 'drafts', [
      { ...(await room.draftOf('placed')), status: '待发布', title: '改过的', checked: null } as never,
    ])
    requests = 0
    await clock.tick(minute)
    expect(requests).toBeLessThanOrEqual(13)
    expect(await room.draftOf('placed')).toMatchObject({ status: '已发布', version: 2 })
    // Neither a place on the home page alone nor content that readers have already takes more, nor does a time ahead.
    const counted = async (changes: object, id = 'shown') => {
      const row = { ...(await room.draftOf(id)), checked: null, status: '待发布', ...changes }
      await putRows(room.cloud, 'drafts', [row as never])
      requests = 0
      await clock.tick(minute)
      return requests
    }
    const shown = { ...cover, placement: '视觉焦点', order: 2 }
    const soon = { $date: new Date(Date.now() + 3_600_000).toISOString() }
    expect(await counted(draftRow('shown', { ...shown, status: '待发布' }))).toBe(12)
    expect(await counted({ title: '改过的' })).toBe(12)
    expect(await counted({})).toBe(11)
    expect(await counted(draftRow('timed', { status: '待发布', publishAt: soon }), 'timed')).toBe(12)
    // An editor publishes another version after the clock has read the story.
    await putRows(room.cloud, 'drafts', [
      { ...(await room.draftOf('cheap')), status: '待发布', title: '又改过的', checked: null } as never,
    ])
    await room.panel({ action: 'history', draft: 'cheap' })
    let hasRestored = false
    clock.onReply = async body => {
      if (!hasRestored && body.includes('ownStory')) {
        hasRestored = true
        const restore = { action: 'restore', draft: 'cheap', version: 1 }
        // The connection may have been idle for too long.
        await room.panel(restore).catch(() => room.panel(restore))
      }
      return true
    }
    await clock.tick(2 * minute)
    clock.letPass()
    expect(await room.draftOf('cheap')).toMatchObject({ status: '已发布', version: 4 })
    const versions = (await room.rowsIn('versions')).filter(({ draft }) => draft === 'cheap')
    expect(versions.map(({ version, content }) => [version, (content as Row).title])).toEqual([
      [1, '鲸落为什么能养活深海'],
      [2, '改过的'],
      [3, '鲸落为什么能养活深海'],
      [4, '又改过的'],
    ])
    // The same, while the row holds nothing new.
    await putRows(room.cloud, 'drafts', [
      { ...(await room.draftOf('cheap')), status: '待发布', checked: null } as never,
    ])
    hasRestored = false
    clock.onReply = async body => {
      if (!hasRestored && body.includes('ownStory')) {
        hasRestored = true
        await room.panel({ action: 'restore', draft: 'cheap', version: 1 })
      }
      return true
    }
    await clock.tick(2 * minute)
    clock.letPass()
    expect(hasRestored).toBe(true)
    expect(await room.draftOf('cheap')).toMatchObject({ status: '已发布', version: 6 })
    await putRows(
      room.cloud,
      'drafts',
      ids.map(id => draftRow(id, { status: '待发布', title: id })),
    )
    const tickAt = async (offset: number) => {
      let isDead = false
      clock.onRequest = body => {
        // The function dies when it has read the row.
        if (body.includes('b-poison') && body.includes('"drafts"') && !body.includes('transactionId'))
          isDead = true
        return !isDead
      }
      const result = await clock.tick(offset, true)
      clock.letPass()
      const rows = await room.rowsIn('drafts')
      return { isDead, result, statuses: ids.map(id => rows.find(({ _id }) => _id === id)?.status) }
    }
    expect(await tickAt(2 * minute)).toMatchObject({ isDead: true, statuses: ['已发布', '待发布', '待发布'] })
    const fresh = draftRow('d-fresh', { status: '待发布', title: '后来的' })
    await putRows(room.cloud, 'drafts', [fresh])
    expect(await tickAt(4 * minute)).toMatchObject({ isDead: true })
    expect(await room.draftOf('d-fresh')).toMatchObject({ status: '已发布' })
    clock.onRequest = () => true
    await clock.tick(6 * minute, true)
    expect(await room.draftOf('c-good')).toMatchObject({ status: '已发布' })
    expect(await room.draftOf('b-poison')).toMatchObject({
      status: '草稿',
      problems: [expect.stringMatching('^这一行：处理它的时候程序中断了两次')],
    })
    await putRows(room.cloud, 'drafts', [draftRow('b-poison', { status: '待发布' })])
    await clock.tick(8 * minute, true)
    expect(await room.draftOf('b-poison')).toMatchObject({ status: '已发布' })

    // What a tick has no time for waits for the next one. A row that an earlier tick died of stays noted.
    const late = ['e-late', 'f-late', 'g-suspect']
    await putRows(
      room.cloud,
      'drafts',
      late.map(id => draftRow(id, { status: '待发布', title: id })),
    )
    const state = async () => (await rowsOf(room.cloud, 'rankings')).find(({ _id }) => _id === 'clock')
    const suspects = [{ subject: 'g-suspect', killed: 1 }]
    await putRows(room.cloud, 'rankings', [{ ...(await state()), handling: suspects }])
    let isLate = false
    clock.onReply = async body => {
      if (!isLate && body.includes('database.commitTransaction')) {
        isLate = true
        await clock.pass(21_000)
      }
      return true
    }
    await clock.tick(10 * minute, true)
    clock.letPass()
    const published = async () => {
      const rows = (await room.rowsIn('drafts')).filter(({ _id }) => late.includes(String(_id)))
      return rows.filter(({ status }) => status === '已发布').map(({ _id }) => _id)
    }
    expect(await published()).toHaveLength(1)
    expect((await state())?.handling).toMatchObject([{ subject: 'g-suspect', killed: { $numberInt: '1' } }])
    await clock.tick(12 * minute, true)
    expect([await published(), (await state())?.handling]).toEqual([late, []])
  } finally {
    clock.close()
    await room.cloud.stop()
  }
}, 60_000)

test('a status that its editor has changed is seen at the next tick, however many others wait for another check', async () => {
  const checked = {
    misstated: 'unknown',
    status: '怪',
    saved: '',
    hash: '',
    publishAt: null,
    at: new Date(0),
  }
  const told = { status: '怪', problems: ['状态：没有这个选项'], checked }
  await save(
    ...Array.from({ length: 90 }, (_, n) => draftRow(`told-${n}`, told)),
    ...['unknown', 'unpublished', 'unwithdrawn'].map(misstated =>
      draftRow(`no-more-${misstated}`, { ...told, status: '草稿', checked: { ...checked, misstated } }),
    ),
  )
  const recheck = 10 * 60_000
  await passTo(Math.ceil((await now()) / recheck) * recheck)
  await tick()
  const rows = (await newsroom.rowsIn('drafts')).filter(({ _id }) => String(_id).startsWith('no-more-'))
  expect(rows.map(({ problems }) => problems)).toEqual([[], [], []])
}, 60_000)
