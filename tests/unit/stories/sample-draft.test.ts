import { readDraft } from '#shared/publishing/read-draft'
import { type References, readSampleDraft } from '../../../stories/build/sample-draft'

const references: References = {
  picture: name => (name === 'dew.svg' ? '/pictures/dew.jpg#1200x800' : null),
  hasStory: slug => slug === 'whale-fall',
}

const front = {
  title: '极光为什么是绿的',
  teaser: '来自太阳的粒子撞上氧原子。',
  channel: 'earth',
  column: 'weather',
  tags: '[极光, 地磁场]',
  source: '科普云',
  author: '作者',
  editor: '编辑',
  publishedAt: '2026-11-20 09:30',
  facts: '[某书第三章, 某网页]',
}

type Front = Record<string, string | undefined>

/** Line 1 is `---`. The fields follow in the order above; changed fields keep their place. */
function manuscript(body: string, changes: Front = {}): string {
  const fields = Object.entries({ ...front, ...changes } as Front).filter(([, value]) => value !== undefined)
  return `---\n${fields.map(([key, value]) => `${key}: ${value}`).join('\n')}\n---\n\n${body}\n`
}

const read = (body: string, changes: Front = {}) =>
  readSampleDraft(manuscript(body, changes), 'green-aurora', references)

/** The first line of the body in a manuscript with the usual fields. */
const bodyLine = Object.keys(front).length + 4

const problemsOf = (result: ReturnType<typeof read>) => (Array.isArray(result) ? result : [])

function draftOf(result: ReturnType<typeof read>) {
  if (Array.isArray(result)) throw new Error(JSON.stringify(result))
  return result
}

describe('a sample story', () => {
  test('becomes the row that an editor would write, and that publishing reads', () => {
    const changes = { focus: 'true', credit: '作者', cover: 'dew.svg', coverAlt: '露', poll: 'egg' }
    const { row } = draftOf(read('一段文字。', changes))
    expect(row).toEqual({
      _id: 'green-aurora',
      title: front.title,
      teaser: front.teaser,
      channel: 'earth',
      column: 'weather',
      tags: ['极光', '地磁场'],
      source: '科普云',
      author: '作者',
      editor: '编辑',
      publishAt: '2026-11-20 09:30',
      facts: '某书第三章\n某网页',
      placement: '视觉焦点',
      cover: '/pictures/dew.jpg#1200x800',
      coverAlt: '露',
      credit: '作者',
      poll: 'egg',
      status: '待发布',
      body: '一段文字。',
    })
    expect(readDraft(row, 0)).toMatchObject({ ok: true, draft: { inFocus: true }, reminders: [] })
  })

  test('refers to other samples and drawings by file name; its row contains their ids and addresses', () => {
    const { row } = draftOf(
      read('见[鲸落](story:whale-fall)。\n\n![窗](dew.svg "晨｜图：某")\n\n![窗](dew.svg)'),
    )
    expect(row.body).toMatch(
      /^见\[鲸落\]\(story:whale-fall\)。\n\n!\[窗\]\(\/pictures\/dew\.jpg#1200x800 "晨｜图：某"\)\n\n!\[窗\]\(\/pictures\/dew\.jpg#1200x800\)$/,
    )
    expect(problemsOf(read('一。\n\n见[无](story:nothing)。'))).toEqual([
      { line: bodyLine + 2, message: '没有这篇文章：nothing' },
    ])
    expect(problemsOf(read('一。', { cover: 'none.svg' }))).toEqual([
      { line: Object.keys(front).length + 2, message: '找不到题图：none.svg' },
    ])
  })

  test('may be typed on any machine: line ends of Windows, a byte order mark', () => {
    const text = `\uFEFF${manuscript('一行\n\n  两行  \n换行')}`.replaceAll('\n', '\r\n')
    expect(draftOf(readSampleDraft(text, 'a', references)).row.body).toBe('一行\n\n  两行  \n换行')
  })

  test('finds the lines of its fields and of its body in the file', () => {
    const sample = draftOf(read('一。\n\n二。', { corrected: '{ at: 2026-11-21 09:30, reason: 错字 }' }))
    expect(sample.lineOf('publishAt')).toBe(Object.keys(front).indexOf('publishedAt') + 2)
    expect(sample.lineOf('correction')).toBe(Object.keys(front).length + 2)
    expect(sample.lineOf('body', 3)).toBe(bodyLine + 3)
    expect(sample.correctedAt).toBe('2026-11-21 09:30')
  })

  test('without front matter is a problem', () => {
    expect(problemsOf(readSampleDraft('', 'a', references))).toEqual([
      { line: 1, message: '文稿开头缺少用 --- 围起来的信息' },
    ])
  })
})

describe('front matter', () => {
  const lineOfField = (key: string): number => Object.keys(front).indexOf(key) + 2

  test.each([
    ['title', '[一, 二]', 'title：不是文字'],
    ['tags', '极光', 'tags：请写成列表，如 [极光, 地磁场]'],
    ['publishedAt', '20261120', 'publishedAt：不是文字'],
    ['focus', '是', 'focus：只能是 true 或 false'],
  ])('with a wrong %s (%s) is a problem at its line', (key, value, message) => {
    const line = key in front ? lineOfField(key) : Object.keys(front).length + 2
    expect(problemsOf(read('文。', { [key]: value }))).toEqual([{ line, message }])
  })

  test.each([
    ['title', '最常见的元素 #8 号'],
    ['title', '&月 食'],
    ['tags', '[计时 #特辑\n  , 甲]'],
  ])('with a %s that YAML would cut (%s) is a problem at its line', (key, value) => {
    expect(problemsOf(read('文。', { [key]: value }))).toContainEqual({
      line: lineOfField(key),
      message: `${key}：含有 #、& 或 !，请给整个内容加上引号`,
    })
  })

  test('may hold such characters between quotes', () => {
    expect(read('文。', { title: '"元素 #8 号 & 更多"' })).toMatchObject({
      row: { title: '元素 #8 号 & 更多' },
    })
  })

  test.each(Object.keys(front))('without %s names it', key => {
    const problems = problemsOf(read('文。', { [key]: undefined }))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(new RegExp(`^${key}：\\p{Script=Han}`, 'u'))
  })

  test('with an unknown field is a problem that names the field and its line', () => {
    expect(problemsOf(read('文。', { titel: '错' }))).toEqual([
      { line: Object.keys(front).length + 2, message: 'titel：不认识的字段' },
    ])
  })

  test.each([
    ['title', '*月'],
    ['title', '!月'],
    ['teaser', '@月'],
    ['teaser', '%月'],
    ['teaser', '甲: 乙'],
    ['title', '[未完'],
    ['tags', '[甲 #一, 乙]'],
  ])('with a %s that is no YAML (%s) is a problem that names it, at its line', (key, value) => {
    expect(problemsOf(read('文。', { [key]: value }))).toEqual([
      { line: lineOfField(key), message: expect.stringMatching(new RegExp(`^${key}：.*加上引号$`)) },
    ])
  })

  test.each(['- 一', '只有文字', '', '{甲'])('that is not a list of fields (%s) is one problem', yaml => {
    const problems = problemsOf(readSampleDraft(`---\n${yaml}\n---\n\n文。`, 'a', references))
    expect(problems.map(({ message }) => message)).toEqual([
      '文稿开头的信息格式有误（冒号后要有空格，特殊字符要加引号）',
    ])
    expect(problems[0]?.line).toBeGreaterThanOrEqual(1)
  })
})
