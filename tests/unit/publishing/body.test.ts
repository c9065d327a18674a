import fc from 'fast-check'
import * as v from 'valibot'
import { Block } from '#contract/article'
import { parseBody, type References, readBody } from '#shared/publishing/body/read-body'
import { hostileMarkup } from '../../support/hostile-markup'

const references: References = {
  picture: address => (address.includes('none') ? null : { src: address, width: 1200, height: 800 }),
  story: reference =>
    reference === 'whale-fall' ? 'whale00001' : /^[0-9a-z]{8,12}$/.test(reference) ? reference : null,
  site: 'https://kepu.example',
}

const read = (text: string) => readBody(text, references)

const spansOf = (text: string) => {
  const { blocks, problems } = read(text)
  expect(problems).toEqual([])
  const [block] = blocks
  if (block?.type !== 'paragraph') throw new Error(JSON.stringify(blocks))
  return block.spans
}

const messages = (text: string): string[] => read(text).problems.map(({ message }) => message)

/** All text of blocks but code, which is shown as it is. */
function textOf(blocks: readonly Block[]): string {
  const spans = (list: Extract<Block, { type: 'paragraph' }>['spans']): string =>
    list.map(span => (typeof span === 'string' ? span : span.code ? '' : span.text)).join('')
  return blocks
    .map((block): string => {
      switch (block.type) {
        case 'paragraph':
        case 'quote':
          return spans(block.spans)
        case 'list':
          return block.items.map(spans).join('\n')
        case 'heading':
          return block.text
        case 'picture':
          return `${block.alt}\n${block.caption ?? ''}\n${block.credit ?? ''}`
        case 'table':
          return [...block.head, ...block.rows.flat()].join('\n')
        default:
          return ''
      }
    })
    .join('\n')
}

describe('a body', () => {
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
        src: 'dew.svg',
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
      { type: 'picture', src: 'dew.svg', width: 1200, height: 800, alt: '窗上的露' },
    ],
    [
      'a table',
      '| 物质 | 温度 |\n| --- | --- |\n| 水 | 100 |',
      { type: 'table', head: ['物质', '温度'], rows: [['水', '100']] },
    ],
    ['code', '```js\nlet a = 1\n```', { type: 'code', text: 'let a = 1' }],
  ])('may hold %s', (_what, body, block) => {
    const { blocks, problems, reminders } = read(body)
    expect({ blocks, problems, reminders }).toEqual({ blocks: [block], problems: [], reminders: [] })
  })

  test('may have lines broken anywhere', () => {
    expect(spansOf('一行\n  两行  \n换行')).toEqual(['一行两行\n换行'])
  })

  test.each([
    ['a footnote', '文[^1]\n\n[^1]: 注', '脚注'],
    ['a link to a story there is not', '[无](story:nothing)', '链接只能指向本站文章'],
    ['a picture that is not there', '![字](none.svg)', '找不到图片：none.svg'],
    ['a picture without words for those who do not see it', '![](dew.svg)', '替代文字'],
  ])('may not hold %s: a problem that names its line', (_what, wrong, message) => {
    const [problem] = read(`第一段。\n\n${wrong}`).problems
    expect(problem?.message).toContain(message)
    expect([3, 5]).toContain(problem?.place.line)
  })

  test.each([
    ['HTML', '文<b>粗</b>', [], ['文', { text: '粗', bold: true }]],
    ['an unknown HTML element', '文<u>线</u>', ['HTML 标签'], ['文线']],
    ['a link elsewhere', '[站外](https://example.com)', [], ['站外']],
    ['a link by reference', '[字][a]\n\n[a]: https://example.com', [], ['字']],
  ])('with %s is published without it, and what was dropped is told', (_what, body, kinds, spans) => {
    const { blocks, problems, reminders } = read(body)
    expect(problems).toEqual([])
    expect(reminders.map(({ kind }) => kind)).toEqual(kinds)
    expect(blocks).toEqual([{ type: 'paragraph', spans }])
  })

  test.each([
    ['a rule', '文\n\n---', ['分隔线'], ['paragraph']],
    ['headings of other levels', '# 大\n\n### 小\n\n文', [], ['heading', 'heading', 'paragraph']],
    ['a picture within a line', '看![窗](dew.svg)这里', [], ['paragraph', 'picture', 'paragraph']],
    ['a nested list', '- 一\n  - 二', ['列表里的列表（排成一层）'], ['list']],
    ['a quotation of two paragraphs', '> 一\n>\n> 二', [], ['quote', 'quote']],
    ['a quotation of a list', '> - 一', [], ['list']],
  ])('with %s becomes blocks that pages can draw', (_what, body, kinds, types) => {
    const { blocks, problems, reminders } = read(body)
    expect(problems).toEqual([])
    expect(reminders.map(({ kind }) => kind)).toEqual(kinds)
    expect(blocks.map(({ type }) => type)).toEqual(types)
  })

  test('with faults and changes names the first line of each', () => {
    const { problems, reminders } = read('一\n\n<u>二</u>\n\n---\n\n![](none.svg)\n\n---')
    expect(problems.map(({ place }) => place.line)).toEqual([7])
    expect(reminders.map(({ kind, line }) => [kind, line])).toEqual([
      ['HTML 标签', 3],
      ['分隔线', 5],
    ])
  })
})

describe('emphasis in Chinese text', () => {
  const bold = (text: string) => ({ text, bold: true })

  test.each([
    ['约**70%**的淡水', ['约', bold('70%'), '的淡水']],
    ['**注意：**水会烫', [bold('注意：'), '水会烫']],
    ['纪录片**《深海》**讲了', ['纪录片', bold('《深海》'), '讲了']],
    ['**引力波（gravitational wave）**是', [bold('引力波（gravitational wave）'), '是']],
    ['他说：**"不行。"**于是', ['他说：', bold('"不行。"'), '于是']],
    ['占**95%**的，约**−40℃**。', ['占', bold('95%'), '的，约', bold('−40℃'), '。']],
    ['这是_重要_的事', ['这是', { text: '重要', italic: true }, '的事']],
    [
      '文件 snake_case_name 与 2*3*4、a*b*c、(1+2)*3*(4)',
      ['文件 snake_case_name 与 2*3*4、a*b*c、(1+2)*3*(4)'],
    ],
    ['长*宽*高，体积是长*宽*高。', ['长*宽*高，体积是长*宽*高。']],
    ['S=上底*高，E=m*c*c和*重点*', ['S=上底*高，E=m*c*c和', { text: '重点', italic: true }]],
    ['2**10 = 1024，**粗**，10**3', ['2**10 = 1024，', bold('粗'), '，10**3']],
    ['占3**5倍**，2**3和2**4', ['占3', bold('5倍'), '，2**3和2**4']],
    ['他*真的*走了', ['他', { text: '真的', italic: true }, '走了']],
    ['＊＊注意＊＊、==记住==它', [bold('注意'), '、', bold('记住'), '它']],
    ['a==b==c、x == y == z、`a==b==`', ['a==b==c、x == y == z、', { text: 'a==b==', code: true }]],
  ])('comes out as meant: %s', (text, spans) => {
    expect(spansOf(text)).toEqual(spans)
  })

  test('is bold between any neighbours', () => {
    const edge = fc.constantFrom(
      '字',
      '，',
      '。',
      '：',
      '（',
      '）',
      '“',
      '”',
      '《',
      '》',
      '3',
      'a',
      '%',
      '℃',
      '−',
      '!',
      'é',
      '😀',
    )
    fc.assert(
      fc.property(edge, edge, edge, edge, (before, first, last, after) => {
        // Both marks could then mean a power (`2**10`).
        fc.pre(![before, first, last, after].every(character => /\w/.test(character)))
        expect(spansOf(`文${before}**${first}内${last}**${after}文`)).toEqual([
          `文${before}`,
          bold(`${first}内${last}`),
          `${after}文`,
        ])
      }),
    )
  })
})

describe('mark-up typed on a Chinese keyboard', () => {
  test.each<[string, Block]>([
    ['##为什么天是蓝的', { type: 'heading', text: '为什么天是蓝的' }],
    ['##　为什么', { type: 'heading', text: '为什么' }],
    ['＃＃为什么', { type: 'heading', text: '为什么' }],
    [
      '见[鲸落]（story:whale-fall）',
      { type: 'paragraph', spans: ['见', { text: '鲸落', story: 'whale00001' }] },
    ],
    ['![窗](my dew.svg)', { type: 'picture', src: 'my dew.svg', width: 1200, height: 800, alt: '窗' }],
    [
      '！[窗](dew.svg “晨｜图：某”)',
      { type: 'picture', src: 'dew.svg', width: 1200, height: 800, alt: '窗', caption: '晨', credit: '某' },
    ],
    [
      '｜物质｜温度｜\n｜---｜－－｜\n｜水｜100｜',
      { type: 'table', head: ['物质', '温度'], rows: [['水', '100']] },
    ],
    [
      '物质 ｜ 温度\n--- ｜ ---\n水 ｜ ==100==',
      { type: 'table', head: ['物质', '温度'], rows: [['水', '100']] },
    ],
    [
      '见 [鲸落] （story:whale-fall）。',
      { type: 'paragraph', spans: ['见 ', { text: '鲸落', story: 'whale00001' }, '。'] },
    ],
    ['数组 a[0] (第一项)', { type: 'paragraph', spans: ['数组 a[0] (第一项)'] }],
    ['-项目一\n-项目二', { type: 'list', ordered: false, items: [['项目一'], ['项目二']] }],
    [
      '- 项目一\n-**项目**二',
      { type: 'list', ordered: false, items: [['项目一'], [{ text: '项目', bold: true }, '二']] },
    ],
    ['　　•项目一\n　　•项目二', { type: 'list', ordered: false, items: [['项目一'], ['项目二']] }],
    ['－ 甲\n－ 乙', { type: 'list', ordered: false, items: [['甲'], ['乙']] }],
    ['— 甲\n— 乙', { type: 'list', ordered: false, items: [['甲'], ['乙']] }],
    ['－ 5℃', { type: 'paragraph', spans: ['－ 5℃'] }],
    ['＿你好＿和＿＿＿', { type: 'paragraph', spans: [{ text: '你好', italic: true }, '和＿＿＿'] }],
    ['\\# 不是标题', { type: 'paragraph', spans: ['# 不是标题'] }],
    ['\\*\\*不粗\\*\\*', { type: 'paragraph', spans: ['**不粗**'] }],
    ['**第一句。****第二句。**', { type: 'paragraph', spans: [{ text: '第一句。第二句。', bold: true }] }],
    ['-5℃\n-10℃', { type: 'paragraph', spans: ['-5℃ -10℃'] }],
    ['1、第一。\n2、第二。', { type: 'list', ordered: true, items: [['第一。'], ['第二。']] }],
    ['３．第三\n４．第四', { type: 'list', ordered: true, items: [['第三'], ['第四']], start: 3 }],
    ['1、只有一条', { type: 'paragraph', spans: ['1、只有一条'] }],
    ['（1）甲\n（2）乙', { type: 'paragraph', spans: ['（1）甲\n（2）乙'] }],
    ['一、甲\n二、乙\n三、丙', { type: 'paragraph', spans: ['一、甲\n二、乙\n三、丙'] }],
    ['前言。\n①甲\n②乙\n③丙\n后文', { type: 'paragraph', spans: ['前言。\n①甲\n②乙\n③丙后文'] }],
    ...[
      '⑴甲\n⑵乙',
      '❶甲\n❷乙',
      '㈠甲\n㈡乙',
      'Ⅰ、甲\nⅡ、乙',
      '【1】甲\n【2】乙',
      '(a) 甲\n(b) 乙',
      '・甲\n・乙',
      '第一步：甲\n第二步：乙',
      '作者：甲\n编辑：乙',
      '1986. 哈雷\n1987. 某',
    ].map((text): [string, Block] => [text, { type: 'paragraph', spans: [text] }]),
    ['> 前言\n> 1、甲\n> 2、乙', { type: 'quote', spans: ['前言\n1、甲\n2、乙'] }],
    ['- （1）甲\n  （2）乙', { type: 'list', ordered: false, items: [['（1）甲\n（2）乙']] }],
    ['前言，\n①甲', { type: 'paragraph', spans: ['前言，①甲'] }],
    ['- [ ] 未做\n- [x] 做完', { type: 'list', ordered: false, items: [['☐ 未做'], ['☑ 做完']] }],
    ['＞引用的话', { type: 'quote', spans: ['引用的话'] }],
    ['＞5℃ 时', { type: 'paragraph', spans: ['＞5℃ 时'] }],
    ['小标题\n===', { type: 'heading', text: '小标题' }],
    ['```\n-项\n-目\n==x==\n长*宽\n```', { type: 'code', text: '-项\n-目\n==x==\n长*宽' }],
    ['| a | b |\n| - | - |\n| 1 |', { type: 'table', head: ['a', 'b'], rows: [['1', '']] }],
    ['7. 七\n8. 八', { type: 'list', ordered: true, items: [['七'], ['八']], start: 7 }],
    ['0. 零\n1. 一', { type: 'list', ordered: true, items: [['零'], ['一']], start: 0 }],
    ['1986. 哈雷彗星回来', { type: 'paragraph', spans: ['1986. 哈雷彗星回来'] }],
    ['    四个空格', { type: 'paragraph', spans: ['四个空格'] }],
    ['\t制表符', { type: 'paragraph', spans: ['制表符'] }],
    ['　　两个全角空格', { type: 'paragraph', spans: ['两个全角空格'] }],
    ['气温10~20℃，湿度30~40%。H~2~O', { type: 'paragraph', spans: ['气温10~20℃，湿度30~40%。H~2~O'] }],
    [
      'Laser Interferometer\nGravitational-Wave\n天文\n台',
      { type: 'paragraph', spans: ['Laser Interferometer Gravitational-Wave天文台'] },
    ],
    [
      'CO<sub>2</sub>、10<sup>-9</sup>',
      { type: 'paragraph', spans: ['CO', { text: '2', sub: true }, '、10', { text: '-9', sup: true }] },
    ],
  ])('is read as meant: %s', (text, block) => {
    const { blocks, problems, reminders } = read(text)
    expect({ blocks, problems, reminders }).toEqual({ blocks: [block], problems: [], reminders: [] })
    expect(blocks.every(one => v.is(Block, one))).toBe(true)
  })

  test('begins a paragraph at each indented line, as Chinese plain text does, and names lines as they were written', () => {
    const { blocks, problems, reminders } = read(
      '　　一头鲸沉到海底\n　　第一批是鲨鱼，\n　　第二批是**蠕虫。\n\n　　1、甲\n　　2、乙',
    )
    expect(blocks.slice(0, 2)).toEqual([
      { type: 'paragraph', spans: ['一头鲸沉到海底'] },
      { type: 'paragraph', spans: ['第一批是鲨鱼，'] },
    ])
    expect(blocks[3]).toMatchObject({ type: 'list', items: [['甲'], ['乙']] })
    expect(problems).toEqual([
      { field: 'body', place: { paragraph: 3, line: 3 }, message: expect.stringContaining('**') },
    ])
    expect(reminders).toEqual([])
    // No program wraps such long lines.
    const long = `${'一头鲸沉到海底，能养活上百种生物，'.repeat(6)}几十年不散。`
    expect(read(`${long}\n${long}\n后记`).blocks).toHaveLength(3)
    expect(read(`- ${long}\n- ${long}`).blocks).toHaveLength(1)
    expect(read('```\n　　一\n　　二\n```').blocks).toEqual([{ type: 'code', text: '　　一\n　　二' }])
  })

  test.each([
    ['海底的绿洲\n一头鲸沉到海底，能养活上百种生物，几十年不散。', 1],
    ['春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声', 1],
    [
      '一头鲸沉到海底，能养活上百种生物，几十年不散，它们分三\n批到来，第一批是鲨鱼和盲鳗，第二批是蠕虫和甲壳动物，最\n后一批是细菌。',
      0,
    ],
    ['Laser\nInterferometer', 0],
    [`${'一头鲸沉到海底，'.repeat(12)}\n能养活上百种生物，几十年不散，它们分三批到来`, 0],
  ])('tells of lines that it joins, unless a program has wrapped them: %j', (text, told) => {
    const { blocks, reminders } = read(text)
    expect(blocks).toHaveLength(1)
    expect(reminders.map(({ message }) => message)).toEqual(
      told ? ['把换行连成了一段 1 处（第 1 段），要分段请在中间空一行'] : [],
    )
  })

  test('reads lists of Word, which are paragraphs with a mark, and leaves marks that our lists lack', () => {
    const item = (mark: string, words: string, level = 1) =>
      `<p class=MsoListParagraph style='margin-left:21pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span
      lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>${mark}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
      </span></span></span><![endif]><span>${words}</span></p>`
    const { blocks, reminders } = read(
      [
        '<p class=MsoNormal>三批：</p>',
        ...[item('l', '鲨鱼'), item('·', '蠕<b>虫</b>'), item('o', '盲鳗', 2), '<p>编号：</p>'],
        ...[item('3.', '丙'), item('4.', '丁'), item('（一）', '戊')],
      ].join('\n\n'),
    )
    expect(blocks).toEqual([
      { type: 'paragraph', spans: ['三批：'] },
      { type: 'list', ordered: false, items: [['鲨鱼'], ['蠕', { text: '虫', bold: true }], ['盲鳗']] },
      { type: 'paragraph', spans: ['编号：'] },
      { type: 'list', ordered: true, start: 3, items: [['丙'], ['丁']] },
      { type: 'paragraph', spans: [expect.stringMatching(/^（一） *戊$/)] },
    ])
    expect(reminders.map(({ kind }) => kind)).toContain('列表里的列表（排成一层）')
  })

  test('code that never ends is a problem, not all the rest of the story', () => {
    expect(messages('一\n\n```\n二')).toEqual(['第 3 行：``` 开始的代码没有结尾，请在代码下面另写一行 ```'])
    expect(messages('```\n一\n```\n\n二')).toEqual([])
  })

  test('is read in a rich-text field too, whose lines are paragraphs of HTML', () => {
    const lines = ['## 小标题', '**粗**字，1 &lt; 2', '- 一', '- 二', '| 甲 | 乙 |', '| - | - |', '| 1 | 2 |']
    const { blocks, problems, reminders } = read(
      `<section>${lines.map(line => `<p>${line}</p>`).join('\n')}</section>`,
    )
    expect({ problems, reminders }).toEqual({ problems: [], reminders: [] })
    expect(blocks).toEqual([
      { type: 'heading', text: '小标题' },
      { type: 'paragraph', spans: [{ text: '粗', bold: true }, '字，1 < 2'] },
      { type: 'list', ordered: false, items: [['一'], ['二']] },
      { type: 'table', head: ['甲', '乙'], rows: [['1', '2']] },
    ])
    expect(read('<p>一行<br>- 又一行</p><p>三</p>').blocks).toHaveLength(3)
    // A mark left over is a mistake, unless the field's own formatting says that the text may not be Markdown.
    expect(messages('<p>## 一<br>二</p><p>三**四</p>')).toEqual(['第 3 段有没写对的标记「**」，请改正或删去'])
    expect(messages('<p>## 一</p><p><b>二</b>三**四</p>')).toEqual([])
  })

  describe.each<[string, string, RegExp]>([
    ['a heading', '## 题目', /#/],
    ['a heading without a space', '##题目', /#/],
    ['a heading with a hard space', '##&nbsp;题目', /#/],
    ['bold words', '前**粗体**后', /\*/],
    ['bold words that do not end', '前**粗体后', /\*/],
    ['bold words around an element', '前**粗<i>斜</i>体**后', /\*/],
    ['words in italics', '前*斜体*后', /\*/],
    ['deleted words', '前~~错的~~后', /~~/],
    ['a quotation', '&gt; 引来的话', /[>＞]/],
    ['an item', '- 一项', /- /],
    ['an item with a mark of HTML', '- <b>一</b>项', /- /],
    ['an item without a space', '-一项', /-/],
    ['items', '- 一<br>- 二', /- /],
    ['a row of a table', '| 甲 | 乙 |', /\|/],
    ['a table', '| 甲 | 乙 |<br>| - | - |<br>| 一 | 二 |', /\|/],
    ['a line', '---', /---/],
    ['a picture', '![窗](dew.svg)', /[[\]()]/],
    ['a picture with a space', '! [窗](dew.svg)', /[[\]()]/],
    ['a link', '见[鲸落](story:whale-fall)', /[[\]()]/],
    [
      'a link whose address became a link',
      '见[站](<a href="https://a.example/">https://a.example/</a>)',
      /[[\]()]/,
    ],
    ['code', '用`a &lt; b`', /`/],
    ['a block of code', '```<br>let a = 1<br>```', /`/],
    ['a block of code that does not end', '```<br>let a = 1', /`/],
    ['a heading within a line', '正文## 题目', /#/],
    ['an item within a line', '正文- 一项', /- /],
    ['a row of a table below a line', '正文<br>| 甲 | 乙 |', /\|/],
  ])('%s typed in HTML is read as meant, or a reminder names its place', (_what, mark, raw) => {
    test.each([
      ['alone', '<p>@</p>'],
      ['in a section', '<section><span style="color:red">@</span></section>'],
      ['beside a bold word', '<p>@</p><p>真<b>粗</b></p>'],
      ['behind a picture', '<p><img src="dew.svg" alt="窗"></p><p>@</p>'],
      ['before bold words in one paragraph', '<p>@，<b>真粗</b></p>'],
      ['in bold', '<p>字</p><p><b>@</b></p>'],
      ['in an item', '<ul><li>@</li><li>字</li></ul>'],
      ['in a numbered item', '<ol><li><p>@</p></li></ol>'],
      ['in a quotation', '<blockquote>@</blockquote>'],
      ['in a paragraph of a quotation', '<blockquote><p>@</p><p>字</p></blockquote>'],
      ['in a heading', '<h2>@</h2><p>字</p>'],
      ['in a cell', '<table><tr><th>头</th><th>头</th></tr><tr><td>@</td><td>字</td></tr></table>'],
    ])('%s', (_where, html) => {
      const { blocks, problems, reminders } = read(html.replace('@', mark))
      if (!raw.test(textOf(blocks)) && (blocks.length > 0 || mark === '---')) return
      const told = [...problems, ...reminders].filter(({ message }) =>
        /第 \d+ 段.*标记|标记.*第 \d+ 段|删除线/.test(message),
      )
      expect({ html: html.replace('@', mark), blocks, told }).toMatchObject({ told: [expect.anything()] })
    })
  })

  test.each([
    ['<p>见[鲸落][a]，又见[a]。</p><p><b>粗</b></p><p>[a]: story:whale-fall</p>', '见鲸落，又见a。粗'],
    [
      '<p>见[站][]。</p><blockquote><p>[甲][站]</p></blockquote><p>[站]: <a href="https://a.example/">https://a.example/</a></p>',
      '见站。甲',
    ],
    ['<p>![窗][p]<b>粗</b></p><p>[p]: dew.svg</p>', '窗粗'],
    ['<p>据[1]说<b>粗</b></p><p>[1]: https://a.example/</p>', '据[1]说粗'],
    ['<p>据[1]说<b>粗</b></p><p>[1]: 王某，《鲸》</p>', '据[1]说粗[1]: 王某，《鲸》'],
    ['据[1]说\n\n[1]: https://a.example/', '据[1]说'],
  ])('links by a name go where the name is defined: %s', (text, shown) => {
    const { blocks, problems, reminders } = read(text)
    expect(textOf(blocks).replace(/\n/g, '')).toBe(shown)
    expect([...problems, ...reminders]).toEqual([])
  })

  test('a mark of a block within bold words of HTML marks the block', () => {
    const html =
      '<p><b>## 题</b></p><p><em><strong>&gt; 引</strong></em></p><p><b>- 甲</b></p><p><b>- 乙</b></p>'
    expect(read(html)).toMatchObject({
      blocks: [
        { type: 'heading', text: '题' },
        { type: 'quote', spans: [{ text: '引', bold: true }] },
        { type: 'list', items: [[{ text: '甲', bold: true }], [{ text: '乙', bold: true }]] },
      ],
      problems: [],
      reminders: [],
    })
  })

  test('HTML keeps its asterisks and its code, whatever Markdown would make of them', () => {
    const html = '<p>用<code>a*b*c</code></p><pre><code>let a\n# 不是题\n</code></pre>'
    expect(textOf(read(html).blocks)).not.toContain('\\')
    expect(read(html).blocks[0]).toEqual({ type: 'paragraph', spans: ['用', { text: 'a*b*c', code: true }] })
    expect(read(`# 题\n\n<p>长宽高是2*3*4米</p>\n\n${html}`).blocks.slice(0, 3)).toEqual([
      { type: 'heading', text: '题' },
      { type: 'paragraph', spans: ['长宽高是2*3*4米'] },
      { type: 'paragraph', spans: ['用', { text: 'a*b*c', code: true }] },
    ])
  })

  test.each(['图片', 'a-1.JPG', 'image', ''])('%j does not describe a picture, a caption does', alt => {
    const html = `<p><img src="a.svg" alt="${alt}"></p>`
    expect(messages(html)).toEqual([
      '第 1 段的图片没有说明，请在图片下面另起一段，写在括号里，如（深海里的鲸骨）',
    ])
    expect(read(`${html}<p>（深海里的鲸骨）</p>`).blocks).toMatchObject([{ alt: '深海里的鲸骨' }])
  })

  test('rows copied from a sheet were hardly meant as one paragraph', () => {
    expect(read('甲\t乙\n1\t2').reminders.map(({ message }) => message)).toEqual([
      '把换行连成了一段 1 处（第 1 段），要分段请在中间空一行',
    ])
  })

  test.each([
    ['正文## 标题', '##'],
    ['见[鲸落][b]', '[鲸落][b]'],
    ['面积$a^2$', '$a^2$'],
    ['10^-9^', '^-9^'],
    ['正文- 一', '-'],
    ['太好了~~', '~~'],
    ['ha~~ha', '~~'],
    ['太好了~~ 真好~~', '~~'],
    ['10~~20℃和30℃~~40℃', '~~'],
    ['正文> 引', '>'],
    ['一段字\n| 甲 | 乙 |', '| 甲 |'],
    ['-只有一条', '-'],
    ['正文```', '```'],
    ['见[[鲸落]]', '[[鲸落]]'],
    ['{{注|见下}}', '{{注|见下}}'],
    ['[TOC]', '[TOC]'],
    ['有++下划线++的字', '++下划线++'],
    ['是～～错～～对的', '～～错～～'],
  ])('within a line of Markdown is told with its place: %j', (text, mark) => {
    const { problems, reminders } = read(`一\n\n${text}`)
    expect(problems).toEqual([])
    expect(reminders.map(({ message }) => message)).toEqual([
      `留下了像标记的文字「${mark}」 1 处（第 2 段），如果不是原文，请改正`,
    ])
  })

  test.each([
    '2**10 = 1024，10**3 = 1000',
    'C++和C++11，i++与j++，好～～呀',
    '长*宽*高，2*3*4',
    'snake_case_name 和 a_b_c',
    'C# 语言和 8# 楼，第 #8 号',
    'a==b==c，气温10~20℃',
    '5 &gt; 3，-5℃，+86',
    '1、甲；2、乙',
    '数组 a[0] (第一项)',
    '甲｜乙',
    'A&amp;lt;B',
  ])('what only looks like Markdown is text, and nobody is warned: %s', text => {
    const meant = text.replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    for (const html of [
      `<p>${text}</p>`,
      `<p><b>真</b></p><p>${text}</p>`,
      `<p><b>真</b></p><h2>题</h2><p>${text}。前**粗**</p>`,
    ]) {
      const { blocks, problems, reminders } = read(html)
      expect({ problems, reminders }).toEqual({ problems: [], reminders: [] })
      expect(textOf(blocks)).toContain(meant)
    }
    if (!text.includes('&')) expect(spansOf(text)).toEqual([text])
  })

  test.each([
    ['<ol><li value="7">七</li><li>八</li></ol>', [7]],
    ['<ol start="3"><li>三</li><li value="4">四</li></ol>', [3]],
    ['<ol><li>一</li><li value="5">五</li></ol>', [undefined, 5]],
    ['<ol reversed><li>二</li><li>一</li></ol>', [2, undefined]],
    ['<ul><li value="9">一</li><li value="3">二</li></ul>', [undefined]],
  ])('keeps the numbers of an HTML list: %s', (text, starts) => {
    const { blocks, reminders } = read(text)
    expect(blocks.map(block => (block.type === 'list' ? block.start : block))).toEqual(starts)
    expect(reminders).toEqual([])
  })

  test('goes on with the number of a list that a paragraph divides', () => {
    expect(read('1. 一\n2. 二\n\n中间\n\n3. 三\n4. 四').blocks.at(-1)).toMatchObject({
      start: 3,
      items: [['三'], ['四']],
    })
  })

  test.each([
    ['它~~（错）~~的', '第 1 段：不支持的写法：删除线（~~），请删去这些波浪号，或连同中间的字一起删去'],
    ['太好了~~，它~~**错**~~的', '第 1 段：不支持的写法：删除线（~~）'],
    ['太好了~~，**没有成对', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['一\n\n没有**成对', '第 2 段有没写对的标记「**」，请改正或删去'],
    ['密码****', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['\\# 对，**不对', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['－ 只有一条', '第 1 段有没写对的标记「－」，请改正或删去'],
    ['一段字\n－ 只有一条', '第 1 段有没写对的标记「－」，请改正或删去'],
    ['| a |\n| - |\n| 1 | 2 |', '第 1 段：表格第 2 行比表头多出单元格'],
    ['一\n\n二\n\n![](a.jpg)', '第 3 段的图片没有说明，请在图片后的括号里写上'],
    ['![替代文字](dew.svg "露珠｜图：某")', '第 1 段的图片还写着样板的字'],
    ['![露珠](dew.svg "说明｜图：某")', '第 1 段的图片还写着样板的字'],
    ['![露珠](dew.svg "露珠｜图：出处")', '第 1 段的图片还写着样板的字'],
    ['$$\nE=mc^2\n$$', '第 1 段有没写对的标记「$$」，请改正或删去'],
    ['没有这条注[^1]', '第 1 段有没写对的标记「[^1]」，请改正或删去'],
    ['![窗](none.jpg)', '第 1 段：找不到图片：none.jpg'],
    ['![窗](<cloud://a.b/my none.jpg>)', '第 1 段的图片地址里有空格，请给文件改名'],
    ['<p><img src="data:image/png;base64,AAAA"></p>', '第 1 段的图片不在网上'],
    ['乱\uFFFD码', '第 1 段有乱码'],
    ['文[^1]\n\n[^1]: 注', '脚注'],
    ['字\n\n'.repeat(2_001), '正文有 2001 段，最多 2000 段，请分成几篇'],
    [`${'字'.repeat(5_000)}\n\n`.repeat(70), '最多 900 KB（约 30 万字），请分成几篇'],
    ['字'.repeat(90_000), '一段最多 6 万字'],
    ['', '没有正文，请写上'],
  ])('that is not certain is a problem with place and remedy: %.20s', (text, message) => {
    expect(messages(text).join('\n')).toContain(message)
  })
})

test.each([
  '`',
  '=',
  '＊',
  '长*',
  '*长',
  '2米*',
  '~~a',
  'a**b ',
  '# a#',
  '2米*3米 ',
  '1*3天下雨',
  '|',
  '｜\n',
  '--|--\n',
  '1、\n',
  '-a\n',
  '[a] ',
  '==a',
  '=a*',
  '（1）a\n',
  'a\n\n<ul></ul>\n\n<p>',
  '<div></p>',
  '](',
  'a.',
])('half a million characters of %j are read in a moment', part => {
  // The processor's time: on a busy machine the clock on the wall says nothing about the code.
  const from = process.cpuUsage()
  read(part.repeat(Math.floor(500_000 / part.length)))
  const { user, system } = process.cpuUsage(from)
  expect((user + system) / 1_000).toBeLessThan(5_000)
})

test.each([
  ['字', ' ', '字'],
  ['字', '\t', '字'],
  ['字', '\u3000', '字'],
  ['<p>字', ' ', '字</p>'],
  ['<p>字', '\n', '字</p>'],
  ['<pre>字', ' ', '字</pre>'],
  ['<p title', ' ', '字</p>'],
  ['-|-', ' ', '字'],
  ['字', '-', '字'],
  ['https://a.example/', '.', 'a'],
  ['https://a.example/', ')', 'a'],
  ['[字](/a', ' ', 'a)'],
])('a run between %j and the rest is read once: %j', (before, part, after) => {
  const from = process.cpuUsage()
  read(before + part.repeat(50_000) + after)
  const { user, system } = process.cpuUsage(from)
  // A run that is read from each of its characters takes two seconds; once, a tenth of one.
  expect((user + system) / 1_000).toBeLessThan(800)
})

describe('links', () => {
  test('to our own site name stories', () => {
    const text = '看[这里](https://kepu.example/a/abcdefgh12)和[那里](https://e.example/a/ijklmnop34)'
    expect(parseBody(text).stories('https://kepu.example')).toEqual(['abcdefgh12'])
    expect(parseBody(text).stories()).toEqual([])
  })

  test('to other sites become text; their addresses are listed without the punctuation behind', () => {
    const { blocks, links } = read('看[这里](https://e.example/x)，见https://e.example/a。后文')
    expect(textOf(blocks)).toBe('看这里，见https://e.example/a。后文')
    expect(links).toEqual([
      { text: '这里', address: 'https://e.example/x' },
      { text: 'https://e.example/a', address: 'https://e.example/a' },
    ])
  })

  test.each([
    'story:abcdefgh12',
    '/a/abcdefgh12',
    'https://kepu.example/a/abcdefgh12。',
    '/pages/article/index?id=abcdefgh12',
  ])('to our own stories are kept: %s', address => {
    expect(spansOf(`[字](${address})`)).toEqual([{ text: '字', story: 'abcdefgh12' }])
  })
})

describe('HTML', () => {
  test('of a CMS keeps words, marks, pictures with captions, lists and tables', () => {
    const { blocks, problems } = read(
      '<section><p>一<span style="font-weight:700">粗</span>CO<sub>2</sub></p><p><img data-src="https://m.example/a" src="data:x"></p>' +
        '<p>（露珠｜图：某）</p><table><tr><th>a<th>b</tr><tr><td>1<td>2</table><p>甲<br><br>乙</p></section>',
    )
    expect(problems).toEqual([])
    expect(blocks).toEqual([
      { type: 'paragraph', spans: ['一', { text: '粗', bold: true }, 'CO', { text: '2', sub: true }] },
      {
        type: 'picture',
        src: 'https://m.example/a',
        width: 1200,
        height: 800,
        alt: '露珠',
        caption: '露珠',
        credit: '某',
      },
      { type: 'table', head: ['a', 'b'], rows: [['1', '2']] },
      { type: 'paragraph', spans: ['甲'] },
      { type: 'paragraph', spans: ['乙'] },
    ])
  })

  test('names what it dropped, one reminder a kind, with the places', () => {
    const { blocks, reminders } = read(
      '<p>一</p><script>x()</script><p onclick="x()">二</p><video src="a"></video>',
    )
    expect(textOf(blocks)).toBe('一\n二')
    expect(reminders.map(({ kind, count }) => [kind, count])).toEqual([
      ['脚本', 2],
      ['视频', 1],
    ])
    expect(reminders[0]?.message).toContain('第 1、2 段')
  })

  test('of an office, 2 MB, gives a short list', () => {
    const paragraph = `<p class=MsoNormal style='font-size:12pt'><!--[if gte mso 9]><xml><w:x/></xml><![endif]--><span lang=EN-US style='color:#333;mso-x:${'x'.repeat(1_000)}'><o:p>&nbsp;</o:p></span><b><span>太阳</span></b>的能量</p>\n`
    const { blocks, problems, reminders } = read(paragraph.repeat(Math.ceil(2_000_000 / paragraph.length)))
    expect(problems).toEqual([])
    expect(blocks[0]).toEqual({ type: 'paragraph', spans: [{ text: '太阳', bold: true }, '的能量'] })
    expect(reminders.length).toBeLessThan(4)
  })

  test('of Word: a table without a head gets its first row as one, and the editor is told', () => {
    const rows = '<tr><td><p>元素</p></td><td>符号</td></tr><tr><td>氧</td><td>O</td></tr>'
    for (const table of [`<table>${rows}</table>`, `<table><tbody>${rows}</tbody></table>`]) {
      const { blocks, reminders } = read(`<p>字</p>${table}`)
      expect(blocks[1]).toEqual({ type: 'table', head: ['元素', '符号'], rows: [['氧', 'O']] })
      expect(reminders.map(({ message }) => message)).toEqual(['把表格的第一行当作标题 1 处（第 2 段）'])
    }
    expect(read(`<table><thead><tr><td>甲<td>乙</thead>${rows}</table>`)).toMatchObject({
      ...{ blocks: [{ head: ['甲', '乙'] }], reminders: [] },
    })
  })

  test.each([
    ['elements', '<p>字</p>', '<ul></ul>'],
    ['line breaks', '<p>字</p>', '<br>'],
  ])('of too many %s is refused before it is converted', (_what, first, piece) => {
    const { blocks, problems } = read(first + piece.repeat(50_000))
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/HTML 标记太多，最多 3 万个/),
    ])
    expect(blocks).toEqual([])
  })

  test('of any depth does not overflow the stack', () => {
    for (const tag of ['<div>', '<b>', '<ul><li>', '<table><tr><td>', '<blockquote>', '<svg><g>'])
      expect(() => read(`<p>字</p>${tag.repeat(20_000)}字`)).not.toThrow()
  })
})

describe('a manuscript with some HTML', () => {
  const paragraph = (...spans: unknown[]) => ({ type: 'paragraph', spans })
  const bold = (text: string) => ({ text, bold: true })
  const two = { text: '2', sub: true }

  test.each([
    [
      '首段。\n\n只有一个<br>换行。\n\n下一段。',
      [paragraph('首段。'), paragraph('只有一个\n换行。'), paragraph('下一段。')],
    ],
    ['<div>框</div>\n\n第二段\n\n第三段', [paragraph('框'), paragraph('第二段'), paragraph('第三段')]],
    ['<p>一\n\n<b>二</b>和\n\n三', [paragraph('一'), paragraph(bold('二'), '和'), paragraph('三')]],
    ['H<sub>2</sub>O<br>水', [paragraph('H', two, 'O\n水')]],
    ['H<sub>2</sub>O<div>水</div>', [paragraph('H', two, 'O'), paragraph('水')]],
    ['<b>粗</b>和<br>字', [paragraph(bold('粗'), '和\n字')]],
    ['甲<p>乙</p>丙\n\n丁', [paragraph('甲'), paragraph('乙'), paragraph('丙'), paragraph('丁')]],
    ['<br>\n**乙**', [paragraph(bold('乙'))]],
    [
      '导语\n\n<table><tr><th>a<th>b\n\n<tr><td>1<td>2</table>\n\n后',
      [paragraph('导语'), { type: 'table', head: ['a', 'b'], rows: [['1', '2']] }, paragraph('后')],
    ],
    ['<pre>a\n\nb</pre>', [{ type: 'code', text: 'a\n\nb' }]],
  ])('keeps its paragraphs and marks: %j', (text, blocks) => {
    const body = read(text)
    expect({ blocks: body.blocks, problems: body.problems }).toEqual({ blocks, problems: [] })
  })

  test('never joins paragraphs that blank lines divide', () => {
    const inline = fc.constantFrom('b', 'strong', 'i', 'em', 'sub', 'sup', 'u', 'span', 'font', 'a')
    const words = fc.constantFrom('水', '光年', 'H2O', '二氧化碳，', '3.5 米')
    const part = fc.oneof(
      words,
      fc.tuple(inline, words).map(([tag, text]) => `<${tag}>${text}</${tag}>`),
      fc.tuple(inline, words).map(([tag, text]) => `<${tag}>${text}`),
      fc.constantFrom('<br>', '<br/>', '<p>', '</p>', '</div>', '\n'),
    )
    const inner = fc.array(part, { maxLength: 4 }).map(parts => parts.join('').trim())
    const written = fc.oneof(
      inner,
      fc
        .tuple(fc.constantFrom('p', 'div', 'section'), inner)
        .map(([tag, text]) => `<${tag}>${text}</${tag}>`),
    )
    fc.assert(
      fc.property(fc.array(written, { minLength: 2, maxLength: 5 }), parts => {
        const text = parts.map((part, at) => `首${at}，${part}`).join('\n\n')
        for (const block of read(text).blocks)
          expect(textOf([block]).match(/首\d/g)?.length ?? 0).toBeLessThan(2)
      }),
      { numRuns: 500 },
    )
  })
})

describe('hostile text', () => {
  const inert = (blocks: readonly Block[]): void => {
    expect(textOf(blocks)).not.toMatch(/<[a-z/!?]/i)
    expect(textOf(blocks)).not.toMatch(/[\u200B\u202A-\u202E\u2066-\u2069]/)
    expect(JSON.stringify(blocks)).not.toMatch(/"src":"\s*(?:java|vb|data)/i)
  }

  test('is a corpus of more than 180 payloads', () => {
    expect(new Set(hostileMarkup).size).toBeGreaterThan(180)
  })

  test.each(hostileMarkup)('leaves no markup: %s', attack => {
    const places = [
      attack,
      `<p>字</p>${attack}`,
      `<section><p title="${attack}">字</p><ul><li>${attack}</ul><table><tr><td>${attack}<td>${attack}</table>`,
      `<p><img src="a.jpg" alt="${attack}" title="${attack}"></p><figure><img src="a.jpg"><figcaption>${attack}</figcaption></figure>`,
      `# ${attack}\n\n字${attack}字\n\n> ${attack}\n\n- ${attack}\n\n1. ${attack}`,
      `| ${attack} |\n| - |\n| ${attack} |\n\n![${attack}](a.jpg "${attack}")\n\n（${attack}）`,
      `[${attack}](story:abcdefgh12)\n\n[${attack}](https://x.example/${attack})\n\n**${attack}**`,
      `字\n\n${attack.split('').join('\u200b')}\n\n${attack}${attack}`,
    ]
    for (const place of places) {
      const { blocks, problems, reminders, links } = read(place)
      inert(blocks)
      for (const { message } of [...problems, ...reminders]) expect(message).toMatch(/\p{Script=Han}/u)
      for (const { text, address } of links) {
        expect(text).not.toMatch(/<[a-z/!?]/i)
        expect(address).toMatch(/^https?:\/\/[^<>"\s]+$/)
      }
      for (const block of blocks) expect(v.is(Block, block)).toBe(true)
    }
  })

  test('in any combination leaves no markup, and the converter stands', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...hostileMarkup,
        '\n\n',
        '<p>',
        '</p>',
        '**',
        '`',
        '> ',
        '- ',
        '|',
        '&lt;',
        '&gt;',
        '<',
        '>',
        '"',
        "'",
        '<![CDATA[',
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), parts => {
        inert(parseBody(parts.join('')).toBlocks(references).blocks)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the numbers of a list', () => {
  const list = (items: string[], start?: number) => ({
    type: 'list',
    ordered: true,
    items: items.map(item => [item]),
    ...(start ? { start } : {}),
  })
  test.each([
    ['1. 甲\n3. 丙', [list(['甲']), list(['丙'], 3)]],
    ['1. 甲\n1. 乙\n1. 丙', [list(['甲', '乙', '丙'])]],
    ['7. 甲\n8. 乙', [list(['甲', '乙'], 7)]],
    ['还有：\n3. 丙\n4. 丁', [{ type: 'paragraph', spans: ['还有：'] }, list(['丙', '丁'], 3)]],
    ['还有：\n3、丙\n4、丁', [{ type: 'paragraph', spans: ['还有：'] }, list(['丙', '丁'], 3)]],
    ['它出现在\n1986. 那一年', [{ type: 'paragraph', spans: ['它出现在1986. 那一年'] }]],
    ['一共有\n15. 后来又多了', [{ type: 'paragraph', spans: ['一共有15. 后来又多了'] }]],
  ])('are kept: %j', (text, expected) => {
    const body = read(text)
    expect(body).toMatchObject({ blocks: expected, problems: [], reminders: [] })
  })
})

test('both signs of a comparison look the same', () => {
  expect(spansOf('当 5<x<6 时，1 < 2')).toEqual(['当 5＜x＜6 时，1 ＜ 2'])
})

test('a table in a table becomes text, however deep it is', () => {
  const inner =
    '<table><tbody><tr><td>内<table><tr><td>深</td></tr></table></td><td>外</td></tr></tbody></table>'
  const { blocks, problems, reminders } = read(
    `<table><tr><td>一</td><td>二</td></tr><tr><td>${inner}</td><td>三</td></tr></table>`,
  )
  expect(problems).toEqual([])
  expect(textOf(blocks)).toMatch(/内.*深.*外/)
  expect(reminders.map(({ kind }) => kind)).toEqual(['把表格的第一行当作标题', '表格里的表格（文字留下）'])
})
