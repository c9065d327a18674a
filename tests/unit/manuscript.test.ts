import { type Manuscript, type References, readManuscript } from '#shared/publishing/manuscript'

const references: References = {
  picture: name => (name === 'dew.svg' ? { src: '/pictures/dew.jpg', width: 1200, height: 800 } : null),
  story: slug => (slug === 'whale-fall' ? 'whale00001' : null),
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
  facts: '[某书第三章]',
}

type Front = Record<string, string | undefined>

/** Line 1 is `---`. The fields follow in the order above; changed fields keep their place. */
function manuscript(body: string, changes: Front = {}): string {
  const fields = Object.entries({ ...front, ...changes } as Front).filter(([, value]) => value !== undefined)
  return `---\n${fields.map(([key, value]) => `${key}: ${value}`).join('\n')}\n---\n\n${body}\n`
}

const read = (body: string, changes: Front = {}) => readManuscript(manuscript(body, changes), references)

/** The first line of the body in a manuscript with the usual fields. */
const bodyLine = Object.keys(front).length + 4

function blocksOf(result: Manuscript) {
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.blocks
}

function problemsOf(result: Manuscript) {
  return result.ok ? [] : result.problems
}

describe('a manuscript', () => {
  test('is parsed into its front matter and its blocks', () => {
    const result = read('一段文字。', { focus: 'true', credit: '作者' })
    expect(result).toEqual({
      ok: true,
      meta: {
        ...front,
        tags: ['极光', '地磁场'],
        publishedAt: Date.UTC(2026, 10, 20, 1, 30),
        facts: ['某书第三章'],
        focus: true,
        credit: '作者',
      },
      blocks: [{ type: 'paragraph', spans: ['一段文字。'] }],
    })
  })

  test.each([
    ['a paragraph', '文字', { type: 'paragraph', spans: ['文字'] }],
    [
      'marked text',
      '重**点**、*斜*、`x=1`、***都***有',
      {
        type: 'paragraph',
        spans: [
          '重',
          { text: '点', bold: true },
          '、',
          { text: '斜', italic: true },
          '、',
          { text: 'x=1', code: true },
          '、',
          { text: '都', italic: true, bold: true },
          '有',
        ],
      },
    ],
    [
      'a link to another story',
      '参见[鲸落](story:whale-fall)。',
      { type: 'paragraph', spans: ['参见', { text: '鲸落', story: 'whale00001' }, '。'] },
    ],
    ['a sub-heading', '## 为什么', { type: 'heading', text: '为什么' }],
    ['a quotation', '> 引来的话', { type: 'quote', spans: ['引来的话'] }],
    [
      'a list',
      '- 一\n- **二**',
      { type: 'list', ordered: false, items: [['一'], [{ text: '二', bold: true }]] },
    ],
    ['a numbered list', '1. 一\n2. 二', { type: 'list', ordered: true, items: [['一'], ['二']] }],
    [
      'a picture with caption and credit',
      '![窗上的露](dew.svg "清晨的窗｜图：科普云")',
      {
        type: 'picture',
        src: '/pictures/dew.jpg',
        width: 1200,
        height: 800,
        alt: '窗上的露',
        caption: '清晨的窗',
        credit: '科普云',
      },
    ],
    [
      'a picture with nothing under it',
      '![窗上的露](dew.svg)',
      { type: 'picture', src: '/pictures/dew.jpg', width: 1200, height: 800, alt: '窗上的露' },
    ],
    [
      'a table',
      '| 物质 | 温度 |\n| --- | --- |\n| 水 | 100 |',
      { type: 'table', head: ['物质', '温度'], rows: [['水', '100']] },
    ],
    ['code', '```js\nlet a = 1\n```', { type: 'code', text: 'let a = 1' }],
  ])('may hold %s', (_what, body, block) => {
    expect(blocksOf(read(body))).toEqual([block])
  })

  test('may be typed on any machine: line ends of Windows, a byte order mark, lines broken anywhere', () => {
    const text = `\uFEFF${manuscript('一行\n  两行  \n换行')}`.replaceAll('\n', '\r\n')
    expect(blocksOf(readManuscript(text, references))).toEqual([
      { type: 'paragraph', spans: ['一行两行\n换行'] },
    ])
  })

  test.each([
    ['HTML', '<b>粗</b>', 'HTML 标签'],
    ['an HTML block', '<div>\n块\n</div>', 'HTML 标签'],
    ['a rule', '文\n\n---', '分隔线'],
    ['a first-level heading', '# 大标题', '小标题只用两个井号'],
    ['a third-level heading', '### 小小标题', '小标题只用两个井号'],
    ['struck-out text', '~~错~~', '删除线'],
    ['a footnote', '文[^1]\n\n[^1]: 注', '脚注'],
    ['a link elsewhere', '[站外](https://example.com)', '链接只能指向本站文章'],
    ['a bare address', '见 https://example.com 。', '链接只能指向本站文章'],
    ['a link to a story there is not', '[无](story:nothing)', '链接只能指向本站文章'],
    ['a link by reference', '[字][a]\n\n[a]: https://example.com', '引用式链接'],
    ['a picture by reference', '![字][a]\n\n[a]: dew.svg', '引用式图片'],
    ['a picture that is not there', '![字](nothing.svg)', '找不到图片：nothing.svg'],
    ['a picture without words for those who do not see it', '![](dew.svg)', '替代文字'],
    ['a picture within a line', '看![窗](dew.svg)这里', '图片要单独成段'],
    ['a nested list', '- 一\n  - 二', '不能嵌套'],
    ['a quotation of two paragraphs', '> 一\n>\n> 二', '引文只能是一段文字'],
    ['a quotation of a list', '> - 一', '引文只能是一段文字'],
  ])('may not hold %s: a problem that names its line', (_what, wrong, message) => {
    const problems = problemsOf(read(`第一段。\n\n${wrong}`))
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.line).toBeGreaterThanOrEqual(bodyLine + 2)
    expect(problems[0]?.line).toBeLessThanOrEqual(bodyLine + 4)
    for (const problem of problems) expect(problem.message).toMatch(/\p{Script=Han}/u)
  })

  test('reports all its problems together, each with its line', () => {
    const result = read('<b>x</b>\n\n# 大\n\n![](none.svg)', { title: '""', publishedAt: '昨天' })
    expect(problemsOf(result)).toEqual(
      expect.arrayContaining([
        { line: 2, message: 'title：不能为空' },
        { line: 10, message: 'publishedAt：请写成北京时间，如 2026-11-20 09:30' },
        { line: bodyLine, message: '不支持的写法：HTML 标签' },
        { line: bodyLine + 2, message: '小标题只用两个井号（##）' },
        { line: bodyLine + 4, message: '找不到图片：none.svg' },
      ]),
    )
  })

  test('without text is a problem', () => {
    expect(problemsOf(read(''))).toEqual([{ line: 1, message: '文稿没有正文' }])
    expect(problemsOf(readManuscript('', references)).map(({ message }) => message)).toEqual([
      '文稿开头缺少用 --- 围起来的信息',
      '文稿没有正文',
    ])
  })
})

describe('front matter', () => {
  const lineOfField = (key: string): number => Object.keys(front).indexOf(key) + 2

  test.each([
    ['title', '""', 'title：不能为空'],
    ['title', '字'.repeat(121), 'title：不能超过 120 个字'],
    ['title', '[一, 二]', 'title：缺少，或不是文字'],
    ['tags', '极光', 'tags：请写成列表，如 [极光, 地磁场]'],
    ['tags', '[a,b,c,d,e,f,g,h,i]', 'tags：最多 8 个'],
    ['publishedAt', '2026-02-30 09:30', 'publishedAt：请写成北京时间，如 2026-11-20 09:30'],
    ['publishedAt', '2026-11-20 24:30', 'publishedAt：请写成北京时间，如 2026-11-20 09:30'],
    ['publishedAt', '2026-11-20', 'publishedAt：请写成北京时间，如 2026-11-20 09:30'],
    ['publishedAt', '20261120', 'publishedAt：缺少发布时间'],
    ['facts', '[]', 'facts：至少写一条事实来源'],
    ['channel', '天文', 'channel / column：没有这个频道或栏目（见 src/site.ts）'],
    ['channel', 'moon', 'channel / column：没有这个频道或栏目（见 src/site.ts）'],
    ['channel', 'constructor', 'channel / column：没有这个频道或栏目（见 src/site.ts）'],
    ['column', 'astronomy', 'channel / column：没有这个频道或栏目（见 src/site.ts）'],
  ])('with a wrong %s (%s) is a problem at its line', (key, value, message) => {
    const problems = problemsOf(read('文。', { [key]: value }))
    expect(problems.map(problem => problem.message)).toContain(message)
    for (const problem of problems) {
      expect(problem.message).toMatch(/\p{Script=Han}/u)
      if (message.startsWith(`${key}：`)) expect(problem.line).toBe(lineOfField(key))
    }
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
      meta: { title: '元素 #8 号 & 更多' },
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

  test('with a picture needs a description of it, also when there are other problems', () => {
    const problems = problemsOf(read('文。', { title: '""', cover: 'dew.svg' })).map(({ message }) => message)
    expect(problems).toEqual(expect.arrayContaining(['title：不能为空', 'coverAlt：有题图时要写替代文字']))
  })

  test.each(['- 一', '只有文字', '', 'title: [未完', 'a: b: c'])(
    'that is not a list of fields (%s) is one problem',
    yaml => {
      const problems = problemsOf(readManuscript(`---\n${yaml}\n---\n\n文。`, references))
      expect(problems.map(({ message }) => message)).toEqual([
        '文稿开头的信息格式有误（冒号后要有空格，特殊字符要加引号）',
      ])
      expect(problems[0]?.line).toBeGreaterThanOrEqual(1)
    },
  )
})
