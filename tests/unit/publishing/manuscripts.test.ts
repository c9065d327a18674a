import type { Block, Span } from '#contract/article'
import { frontMatter, tooTangled } from '#shared/publishing/body/mend-markdown'
import { type References, readBody } from '#shared/publishing/body/read-body'

/**
 * What readers see of a manuscript, one line a block, and what its editor is told. A heading is `# `, a quotation `> `, a
 * list `- ` or its first number, with ` / ` between the items, a line break `⏎`, marked text `{bold:…}`, a link `{→id:…}`,
 * and a picture `[words for those who do not see it] address caption（credit）`.
 */
type Case = [source: string, shown: string, ...told: string[]]

const references: References = {
  picture: address => {
    if (address.includes('none')) return null
    return address.includes('bad') ? { fault: '打不开' } : { src: address, width: 1200, height: 800 }
  },
  story: reference => {
    if (reference === 'whale-fall') return 'whale00001'
    return /^[0-9a-z]{8,12}$/.test(reference) ? reference : null
  },
  site: 'https://kepu.example',
}

function lineOfSpans(spans: readonly Span[]): string {
  const parts = spans.map(span => {
    if (typeof span === 'string') return span
    const { text, story, ...marks } = span
    return `{${[...Object.keys(marks), ...(story === undefined ? [] : [`→${story}`])].join(' ')}:${text}}`
  })
  return parts.join('').replaceAll('\n', '⏎')
}

function lineOfBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return lineOfSpans(block.spans)
    case 'quote':
      return `> ${lineOfSpans(block.spans)}`
    case 'heading':
      return `# ${block.text}`
    case 'list':
      return `${block.ordered ? `${block.start ?? 1}.` : '-'} ${block.items.map(lineOfSpans).join(' / ')}`
    case 'table':
      return [block.head, ...block.rows].map(row => `| ${row.join(' | ')} |`).join(' ')
    case 'picture':
      return `[${block.alt}] ${block.src}${block.caption ? ` ${block.caption}` : ''}${block.credit ? `（${block.credit}）` : ''}`
    case 'code':
      return `\`\`\` ${block.text.replaceAll('\n', '⏎')}`
    default:
      return JSON.stringify(block)
  }
}

function read(source: string) {
  const { blocks, problems, reminders, links } = readBody(source, references)
  return {
    shown: blocks.map(lineOfBlock).join('\n'),
    told: [
      ...[...problems, ...reminders].map(({ message }) => message),
      ...links.map(({ text, address }) => `${text} → ${address}`),
    ],
    lines: [...problems.map(({ place }) => place.line), ...reminders.map(({ line }) => line)],
  }
}

const expectShown = (source: string, shown: string, ...told: string[]): void =>
  expect(read(source)).toMatchObject({ shown, told })

describe('readers see what the editor meant, and the editor is told of the rest', () => {
  test.each<Case>([
    ['![](a.jpg)\n\n(鲸骨)', '[鲸骨] a.jpg 鲸骨'],
    ['![](a.jpg)\n\n▲ 鲸骨', '[鲸骨] a.jpg 鲸骨'],
    ['![](a.jpg)\n\n↑鲸骨|图:某所', '[鲸骨] a.jpg 鲸骨（某所）'],
    ['![](a.jpg)\n\n（鲸**骨**`1`）', '[鲸骨1] a.jpg 鲸骨1'],
    ['![窗](a.jpg)\n\n（鲸（骨））', '[窗] a.jpg\n（鲸（骨））'],
    ['![窗](a.jpg "窗上")\n\n（鲸骨）', '[窗] a.jpg 窗上\n（鲸骨）'],
    ['![](a.jpg)\n\n（鲸骨）\n\n（骨）', '[鲸骨] a.jpg 鲸骨\n（骨）'],
    ['文\n\n（鲸骨）', '文\n（鲸骨）'],
    ['文![窗](a.jpg)\n\n（鲸骨）', '文\n[窗] a.jpg\n（鲸骨）'],
    ['![窗](a.jpg)![门](b.jpg)\n\n（鲸骨）', '[窗] a.jpg\n[门] b.jpg\n（鲸骨）'],
    ['![窗](a.jpg)\n\n## （鲸骨）', '[窗] a.jpg\n# （鲸骨）'],
    ['![窗]()', '', '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址'],
    [
      '![窗](<a none b.jpg>)',
      '',
      '第 1 段的图片地址里有空格，请给文件改名、重新上传，再写新的地址：a none b.jpg',
    ],
    ['![窗](a.jpg "鲸骨|图:某所")', '[窗] a.jpg 鲸骨（某所）'],
    ['![窗](a.jpg "鲸骨 ｜ 图： 某所")', '[窗] a.jpg 鲸骨（某所）'],
    ['![窗](a.jpg "｜图：某所")', '[窗] a.jpg（某所）'],
    ['![](a.jpg "鲸骨｜图：某所")', '[鲸骨] a.jpg 鲸骨（某所）'],
    ['![image](a.jpg "鲸骨")', '[鲸骨] a.jpg 鲸骨'],
    ['![a-b_1@2x.png](a.jpg "鲸骨")', '[鲸骨] a.jpg 鲸骨'],
    ['![窗](a.jpg "鲸<b>骨</b>，CO<sub>2</sub>")', '[窗] a.jpg 鲸骨，CO₂'],
    ['![窗](a.jpg "鲸<u>骨</u>")', '[窗] a.jpg 鲸骨', '去掉了HTML 标签 2 处（第 1 段）'],
    [
      '![**窗**](a.jpg "约**70%**的淡水，**注意：**水｜图：**林海**")',
      '[窗] a.jpg 约70%的淡水，注意：水（林海）',
    ],
    ['![窗](a.jpg "这是_重要_的==事==")', '[窗] a.jpg 这是重要的事'],
    ['![##窗](a.jpg "##题｜图：＊＊某＊＊")', '[窗] a.jpg 题（某）'],
    ['![> 窗](a.jpg "- 题")', '[窗] a.jpg 题'],
    ['![窗](a.jpg "1. 题")', '[窗] a.jpg 1. 题'],
    ['![窗](a.jpg "长宽2*3*4米")', '[窗] a.jpg 长宽2*3*4米'],
    ['![\\*窗\\*](a.jpg "\\*\\*题\\*\\*")', '[*窗*] a.jpg **题**'],
    ['![窗](a.jpg "鲸\n骨")', '[窗] a.jpg 鲸骨'],
    ['![窗](a.jpg "见[鲸](story:whale-fall)")', '[窗] a.jpg 见鲸'],
    ['![窗](a.jpg "据[某](https://e.example/x)")', '[窗] a.jpg 据某', '某 → https://e.example/x'],
    [
      '![窗**](a.jpg "甲**乙")',
      '[窗**] a.jpg 甲**乙',
      '第 1 段有没写对的标记「**」，请改正或删去',
      '第 1 段有没写对的标记「**」，请改正或删去',
    ],
    ['![](a.jpg)\n\n（约**70%**的_重要_｜图：**某**）', '[约70%的重要] a.jpg 约70%的重要（某）'],
    ['![](a.jpg)\n\n（甲**乙）', '[甲**乙] a.jpg 甲**乙', '第 1 段有没写对的标记「**」，请改正或删去'],
    [
      '<figure><img src="a.jpg" alt="**窗**"><figcaption>约**70%**的</figcaption></figure>',
      '[窗] a.jpg 约70%的',
    ],
    ['<figure><img src="a.jpg" alt="窗"><figcaption>甲<br>乙</figcaption></figure>', '[窗] a.jpg 甲 乙'],
    [
      '<figure><img src="a.jpg" alt="窗"><figcaption><p>甲\n丙</p><p>乙</p></figcaption></figure>',
      '[窗] a.jpg 甲丙 乙',
    ],
    [
      '<p><img src="a.jpg" alt="窗" title="_重要_"></p>',
      '[窗] a.jpg _重要_',
      '留下了像标记的文字「_重要_」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<p><img src="a.jpg"><b>文</b></p>',
      '{bold:文}',
      '第 1 段的图片没有说明，请在图片下面另起一段，写在括号里，如（深海里的鲸骨）',
    ],
    ['![窗][p]\n\n[p]: a.jpg "题"', '[窗] a.jpg 题'],
    ['![窗][p]\n\n[p]: a.jpg "题｜图：某"', '[窗] a.jpg 题（某）'],
    ['![窗](http://e.example/a.jpg)', '[窗] https://e.example/a.jpg'],
    ['![窗](//e.example/a.jpg)', '[窗] https://e.example/a.jpg'],
    ['![窗](my%20dew.jpg)', '[窗] my dew.jpg'],
    ['![窗](https://e.example/my%20dew.jpg)', '[窗] https://e.example/my%20dew.jpg'],
    ['![窗](100%.jpg)', '[窗] 100%.jpg'],
    ['![窗](file:///C:/a.jpg)', '', '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址'],
    ['![窗](blob:https://x/y)', '', '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址'],
    [
      '![窗](data:image/png;base64,xx)',
      '',
      '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址',
    ],
    [
      '![窗](java&#10;script:alert)',
      '',
      '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址',
    ],
    [
      '![窗](wxfile://tmp/a.jpg)',
      '',
      '第 1 段的图片不在网上（直接贴进来的或本机的），请先上传，再写它的地址',
    ],
    ['一<img src="a.jpg" alt="窗">二', '一\n[窗] a.jpg\n二'],
    ['文\n\n<p><img src="a.jpg" alt="窗"></p>', '文\n[窗] a.jpg', '去掉了HTML 标签 1 处（第 2 段）'],
  ])('a picture and its caption: %j', expectShown)

  test.each<Case>([
    ['3. 甲\n3. 乙\n3. 丙', '3. 甲 / 乙 / 丙'],
    ['1. 甲\n2. 乙\n4. 丙', '1. 甲 / 乙\n4. 丙'],
    ['10. 十\n9. 九\n8. 八', '10. 十\n9. 九\n8. 八'],
    ['1. 甲\n3. 乙\n5. 丙\n6. 丁', '1. 甲\n3. 乙\n5. 丙 / 丁'],
    ['3. 甲\n\n7. 乙\n\n12. 丙', '3. 甲\n7. 乙\n12. 丙'],
    ['1. 甲\n2.\n3. 丙', '1. 甲\n3. 丙'],
    ['1. 甲\n1.\n1. 丙', '1. 甲 / 丙'],
    ['> 3. 甲\n> 7. 乙', '3. 甲\n7. 乙'],
    ['7. 甲![窗](a.jpg)\n5. 乙', '7. 甲\n5. 乙\n[窗] a.jpg'],
    [
      '1. 甲\n   - 乙\n5. 丙',
      '1. 甲 / 乙 / 丙',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
      '去掉了列表里不连续的编号（按顺序重排） 1 处（第 1 段）',
    ],
    ['- 一\n\n  二\n- 三', '- 一⏎二 / 三'],
    ['- **一**\n\n  **二**', '- {bold:一}⏎{bold:二}'],
    ['- 一![窗](a.jpg)二\n- 三', '- 一⏎二 / 三\n[窗] a.jpg'],
    ['- 一\n\n  ```\n  x\n  ```\n- 二', '- 一 / 二\n``` x'],
    ['- 一\n  > 二', '- 一⏎二'],
    ['- ## 一\n- 二', '- 二\n# 一'],
    ['- 一\n-\n- 二', '- 一 / 二'],
    [
      '- 一\n  - 二\n    1. 三\n  四\n- 五',
      '- 一 / 二 / 三四 / 五',
      '去掉了列表里的列表（排成一层） 3 处（第 1 段）',
    ],
    ['- - 一\n  - 二', '- 一 / 二', '去掉了列表里的列表（排成一层） 3 处（第 1 段）'],
    [
      '1. 一\n   1. 二\n   2. 三\n2. 四',
      '1. 一 / 二 / 三 / 四',
      '去掉了列表里的列表（排成一层） 3 处（第 1 段）',
    ],
    ['- 一\n- 二**\n- 三', '- 一 / 二** / 三', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['<ol start="0"><li>零</li><li>一</li></ol>', '0. 零 / 一'],
    ['<ol start="9999"><li>零</li></ol>', '9999. 零'],
    ['<ol start="10000"><li>零</li></ol>', '10000. 零'],
    ['<ol start="-1"><li>零</li></ol>', '1. 零', '去掉了列表里不连续的编号（按顺序重排） 1 处（第 1 段）'],
    [
      '<ol reversed start="1"><li>一</li><li>零</li><li>负</li></ol>',
      '1. 一 / 零 / 负',
      '去掉了列表里不连续的编号（按顺序重排） 1 处（第 1 段）',
    ],
    ['<ol start="1"><li>零</li></ol>', '1. 零'],
    ['文\n15. 甲\n16. 乙', '文\n15. 甲 / 乙'],
    ['- 甲\n15. 乙', '- 甲\n15. 乙'],
    ['- 1986. 哈雷\n- 1987. 某', '- 1986. 哈雷 / 1987. 某'],
    ['> 1986. 哈雷', '> 1986. 哈雷'],
    ['1. 1986. 哈雷\n2. 2061. 再来', '1. 1986. 哈雷 / 2061. 再来'],
    [
      '- 一\n  - 二\n\n    ```\n    ==x==\n    ```\n- 三',
      '- 一 / 二 / 三\n``` ==x==',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
    ],
    ['<dl><dt>词</dt><dd>义</dd></dl>', '- 词⏎义', '去掉了HTML 标签 1 处（第 1 段）'],
    [
      '<ul><li>一<ul><li>二</li></ul></li><li>三</li></ul>',
      '- 一 / 二 / 三',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
    ],
    [
      '<ul><li>一</li><ul><li>二</li></ul></ul>',
      '- 一 / 二',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
    ],
    ['<ol><li value="3">三</li><li>四</li><li value="5">五</li></ol>', '3. 三 / 四 / 五'],
    ['<ol start="2"><li>二</li><li value="9">九</li><li>十</li></ol>', '2. 二\n9. 九 / 十'],
    ['<ol reversed start="5"><li>五</li><li>四</li></ol>', '5. 五\n4. 四'],
    [
      '文\n\n<ol><li value="7">七</li><li value="3">三</li></ol>',
      '文\n7. 七\n3. 三',
      '去掉了HTML 标签 1 处（第 2 段）',
    ],
    ['<ol><li value="x">一</li></ol>', '1. 一'],
    ['<ol reversed="false"><li>二</li><li>一</li></ol>', '2. 二\n1. 一'],
    ['-甲', '-甲', '留下了像标记的文字「-」 1 处（第 1 段），如果不是原文，请改正'],
    ['-甲\n-乙', '- 甲 / 乙'],
    ['- 甲\n-乙', '- 甲 / 乙'],
    ['-5\n-6', '-5 -6'],
    ['*甲\n*乙', '- 甲 / 乙'],
    ['*甲*\n*乙*', '{italic:甲乙}'],
    ['+甲\n+乙', '- 甲 / 乙'],
    ['+5\n+6', '+5 +6'],
    ['++甲\n++乙', '++甲++乙', '留下了像标记的文字「++」 1 处（第 1 段），如果不是原文，请改正'],
    ['•甲\n• 乙', '- 甲 / 乙'],
    ['•5\n•6', '•5⏎•6'],
    ['•甲\n-乙', '•甲-乙'],
    ['－甲\n－乙', '- 甲 / 乙'],
    ['－ 甲\n－ 乙', '- 甲 / 乙'],
    ['＊ 甲\n＊ 乙', '- 甲 / 乙'],
    ['＋ 甲\n＋ 乙', '- 甲 / 乙'],
    ['— 甲\n– 乙', '- 甲 / 乙'],
    ['—甲\n—乙', '—甲—乙'],
    ['- 甲\n- 乙\n-丙', '- 甲 / 乙 / 丙'],
    ['１．甲\n２．乙', '1. 甲 / 乙'],
    ['1)甲\n2）乙', '1. 甲 / 乙'],
    ['2、甲\n1、乙', '2、甲⏎1、乙'],
    ['1、甲\n1、乙', '1、甲⏎1、乙'],
    ['1.5甲\n2.5乙', '1.5甲2.5乙'],
    ['1．５甲\n2．５乙', '1．５甲⏎2．５乙'],
    ['文\n15. 甲', '文15. 甲'],
    ['文\n1. 甲', '文\n1. 甲'],
    ['文\n\n15. 甲', '文\n15. 甲'],
    ['文\n文\n15. 甲', '文文15. 甲'],
    ['第一步\n1. 甲\n\n第二步\n2. 乙\n\n第三步\n3、丙', '第一步\n1. 甲\n第二步\n2. 乙\n第三步\n3. 丙'],
    ['1、甲\n2、乙\n\n文\n3. 丙\n\n文\n5. 戊', '1. 甲 / 乙\n文\n3. 丙\n文5. 戊'],
    ['1. 甲\n\n```\nx\n```\n\n第二步\n2. 乙', '1. 甲\n``` x\n第二步\n2. 乙'],
    ['1. 甲\n\n它出现在\n1986. 那一年', '1. 甲\n它出现在1986. 那一年'],
    ['1000、甲\n1001、乙', '1000、甲⏎1001、乙'],
    ['1986. 哈雷', '1986. 哈雷'],
    ['123. 甲', '123. 甲'],
    ['- [ ] 甲\n- [x] 乙\n- [X] 丙\n* [ ] 丁', '- ☐ 甲 / ☑ 乙 / ☑ 丙\n- ☐ 丁'],
    ['-&nbsp;甲\n-&nbsp;乙', '- 甲 / 乙'],
  ])('a list: %j', expectShown)

  test.each<Case>([
    ['| 甲 |\n| - |\n| 一 | |', '| 甲 | | 一 |'],
    [
      '| 甲 |\n| - |\n| 一 |\n| 一 | 二 |',
      '| 甲 | | 一 | | 一 |',
      '第 1 段：表格第 3 行比表头多出单元格，请给表头补上，或删去多出的',
    ],
    [
      '<table><tr><th>行星</th><th>卫星</th></tr><tr><td>水星</td><td>0</td><td>88</td></tr></table>',
      '| 行星 | 卫星 | | 水星 | 0 |',
      '第 1 段：表格第 2 行比表头多出单元格，请给表头补上，或删去多出的',
    ],
    [
      '<table><tr><th>行星</th><th>卫星</th></tr><tr><td>水星</td><td>0</td><td></td></tr></table>',
      '| 行星 | 卫星 | | 水星 | 0 |',
    ],
    [
      '<table><tr><th colspan="2">行星</th><th>年</th></tr><tr><td>水星</td><td>0</td><td>88</td></tr></table>',
      '| 行星 |  | 年 | | 水星 | 0 | 88 |',
      '去掉了合并的单元格（拆开） 1 处（第 1 段）',
    ],
    [
      '<table><tr><th rowspan="2">行星</th><th>年</th></tr><tr><td>88</td></tr></table>',
      '| 行星 | 年 | |  | 88 |',
      '去掉了合并的单元格（拆开） 1 处（第 1 段）',
    ],
    ['文\n\n| | |\n| - | - |\n| | |', '文'],
    ['| | |\n| - | - |\n| 一 | |', '|  |  | | 一 |  |'],
    [
      '| **甲** | `乙` |\n| - | - |\n| H<sub>2</sub>O、x<sup>2</sup>、x<sub>A</sub> | [鲸](story:whale-fall) |',
      '| 甲 | 乙 | | H₂O、x²、xA | 鲸 |',
    ],
    [
      '| 甲 | 乙 |\n| - | - |\n| ![窗](a.jpg)一 | <br>二<br>三 |',
      '| 甲 | 乙 | | 一 | 二 三 |',
      '去掉了小标题或表格里的图片 1 处（第 1 段）',
    ],
    ['｜甲｜乙｜\n｜：－：｜——｜\n｜一｜二｜', '| 甲 | 乙 | | 一 | 二 |'],
    [
      '｜甲｜乙｜\n｜一｜二｜',
      '｜甲｜乙｜｜一｜二｜',
      '第 1 段有没写对的标记「｜甲｜乙｜｜一｜二｜」，请改正或删去',
    ],
    ['甲|乙\n-|-\n一|二\n后文', '| 甲 | 乙 | | 一 | 二 | | 后文 |  |'],
    ['前文\n|甲|乙|\n|-|-|\n|一|二|', '前文\n| 甲 | 乙 | | 一 | 二 |'],
    ['|甲|\n|-|\n|一|', '| 甲 | | 一 |'],
    ['甲|乙 和 丙|丁', '甲|乙 和 丙|丁'],
    ['|＊＊甲＊＊|[鲸]（story:whale-fall）|\n|-|-|\n|2*3*4|`a`|', '| 甲 | 鲸 | | 2*3*4 | a |'],
    ['<table><tr><td><p>一</p></td></tr><tr><td>二</td></tr></table>', '一\n二'],
    [
      '<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody><tfoot><tr><td>3</td><td>4</td></tr></tfoot></table>',
      '| 甲 | 乙 | | 1 | 2 | | 3 | 4 |',
    ],
    ['<table><tr><th>甲</th><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>', '| 甲 | 乙 | | 1 | 2 |'],
    [
      '<table><caption>表<b>一</b></caption><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr></table>',
      '表{bold:一}\n| 甲 | 乙 | | 1 | 2 |',
    ],
    ['<table><caption>表</caption><tr><td>甲</td></tr></table>', '表\n甲'],
    [
      '<table><tr><td>一</td><td><table><caption>题</caption><tr><th>内</th><th>外</th></tr></table></td></tr></table>',
      '| 一 | 题 内 外 |',
      '把表格的第一行当作标题 1 处（第 1 段）',
      '去掉了表格里的表格（文字留下） 1 处（第 1 段）',
    ],
    [
      '<table><tr><th>甲</th><th>乙</th></tr><tr><td colspan="2">1</td></tr><tr><td rowspan="2">2</td><td>3</td></tr><tr><td>4</td></tr></table>',
      '| 甲 | 乙 | | 1 |  | | 2 | 3 | |  | 4 |',
      '去掉了合并的单元格（拆开） 2 处（第 1 段）',
    ],
    [
      '<table><tr><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>',
      '甲\n乙',
      '去掉了表格里的表格（文字留下） 1 处（第 1 段）',
    ],
    [
      '<table><tr></tr><tr><td>甲</td><td>乙</td></tr><tr></tr><tr><td>1</td><td>2</td></tr></table>',
      '| 甲 | 乙 | | 1 | 2 |',
      '把表格的第一行当作标题 1 处（第 1 段）',
    ],
    ['<table><tr><th>头</th></tr><tr><td><p>甲</p><p>乙</p></td></tr></table>', '头\n甲\n乙'],
    [
      '<table><caption>**表**</caption><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr></table>',
      '{bold:表}\n| 甲 | 乙 | | 1 | 2 |',
    ],
    [
      "<table><tr><th>头</th><th>头</th></tr><tr><td><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p></td><td>x</td></tr></table>",
      '| 头 | 头 | | 甲 | x |',
      '去掉了字体、颜色等样式 2 处（第 1 段）',
    ],
  ])('a table: %j', expectShown)

  test.each<Case>([
    [
      '见https://kepu.example/a/abcdefgh12。又见 https://kepu.example/a/ijklmnop34 完',
      '见{→abcdefgh12:https://kepu.example/a/abcdefgh12}。又见 {→ijklmnop34:https://kepu.example/a/ijklmnop34} 完',
    ],
    ['https://kepu.example/a/abcdefgh12', '{→abcdefgh12:https://kepu.example/a/abcdefgh12}'],
    [
      'See (https://kepu.example/a/abcdefgh12), https://kepu.example/a/ijklmnop34. End',
      'See ({→abcdefgh12:https://kepu.example/a/abcdefgh12}), {→ijklmnop34:https://kepu.example/a/ijklmnop34}. End',
    ],
    [
      '**见https://kepu.example/a/abcdefgh12。**',
      '{bold:见}{bold →abcdefgh12:https://kepu.example/a/abcdefgh12}{bold:。}',
    ],
    [
      'https://kepu.example/a/none',
      'https://kepu.example/a/none',
      'https://kepu.example/a/none → https://kepu.example/a/none',
    ],
    [
      '见https://kepu.example/a/abcdefgh12，https://e.example/b',
      '见{→abcdefgh12:https://kepu.example/a/abcdefgh12}，https://e.example/b',
      'https://e.example/b → https://e.example/b',
    ],
    [
      '见https://e.example/b，https://kepu.example/a/abcdefgh12后',
      '见https://e.example/b，{→abcdefgh12:https://kepu.example/a/abcdefgh12}后',
      'https://e.example/b → https://e.example/b',
    ],
    [
      'https://e.example/a.,;:!?\'"后',
      'https://e.example/a.,;:!?\'"后',
      'https://e.example/a → https://e.example/a',
    ],
    [
      '（https://e.example/a）(https://e.example/b) https://e.example/c_(d)',
      '（https://e.example/a）(https://e.example/b) https://e.example/c_(d)',
      'https://e.example/a → https://e.example/a',
      'https://e.example/b → https://e.example/b',
      'https://e.example/c_(d) → https://e.example/c_(d)',
    ],
    ['`https://e.example/a`', '{code:https://e.example/a}'],
    [
      'https://e.example/a https://e.example/a [甲](https://e.example/a)',
      'https://e.example/a https://e.example/a 甲',
      '甲 → https://e.example/a',
    ],
    ['[甲\n乙](https://e.example/a)', '甲乙', '甲 乙 → https://e.example/a'],
    ['[https://e.example/b](story:whale-fall)', '{→whale00001:https://e.example/b}'],
    ['[甲](#top)、[乙](mailto:a@b.c)、[丙](tel:110)、[丁]()', '甲、乙、丙、丁'],
    ['[甲](javascript:alert)、[乙](a.html)', '甲、乙', '去掉了打不开的链接（文字留下） 2 处（第 1 段）'],
    ['<https://e.example/a>', 'https://e.example/a', 'https://e.example/a → https://e.example/a'],
    [
      '据[1]和[23]、[456]\n\n[1]: https://a.example/1\n[23]: https://a.example/2\n[456]: https://a.example/3',
      '据[1]和[23]、[456]',
      '1 → https://a.example/1',
      '23 → https://a.example/2',
      '456 → https://a.example/3',
    ],
    ['据[1234]\n\n[1234]: https://a.example/1', '据1234', '1234 → https://a.example/1'],
    ['据[此][1]\n\n[1]: story:whale-fall', '据{→whale00001:此}'],
    ['见[鲸落][w]\n\n[w]: story:whale-fall', '见{→whale00001:鲸落}'],
    ['文\n\n[^1]: 注', '文', '第 2 段：不支持的写法：脚注，请把注释写进正文'],
    [
      '文[^1]。\n\n[^1]: 注\n\n再',
      '文。\n再',
      '第 1 段：不支持的写法：脚注，请把注释写进正文',
      '第 2 段：不支持的写法：脚注，请把注释写进正文',
    ],
    ['![窗][p]', '![窗][p]', '第 1 段有没写对的标记「![」，请改正或删去'],
    ['见【鲸落】（story:whale-fall）', '见{→whale00001:鲸落}'],
    ['见［鲸落］(story:whale-fall)', '见{→whale00001:鲸落}'],
    ['！ [窗]（a.jpg）', '[窗] a.jpg'],
    ['看！[鲸落](story:whale-fall)', '看！{→whale00001:鲸落}'],
    ['看！[窗](cloud://a.b/c.jpg)', '看\n[窗] cloud://a.b/c.jpg'],
    ['看！[窗](https://e.example/c.png?x=1)', '看\n[窗] https://e.example/c.png?x=1'],
    ['看![窗](https://e.example/c)', '看\n[窗] https://e.example/c'],
    ["![窗](my dew.jpg '题')", '[窗] my dew.jpg'],
    ['![窗](a.jpg “题”)', '[窗] a.jpg 题'],
    ['![窗](my dew.jpg)', '[窗] my dew.jpg'],
    ['[鲸落]( story:whale-fall )', '{→whale00001:鲸落}'],
    ['[鲸落](<story:whale-fall>)', '{→whale00001:鲸落}'],
    ['！[窗](/pictures/a.jpg#1200x675)', '[窗] /pictures/a.jpg#1200x675'],
    ['！[窗](https://e.example/a.jpg#1200x675)', '[窗] https://e.example/a.jpg#1200x675'],
    ...['见[鲸落]: story:whale-fall', '见[鲸落]：story:whale-fall'].map(
      (text): Case => [
        text,
        text,
        `留下了像标记的文字「${text.slice(1, 11)}」 1 处（第 1 段），如果不是原文，请改正`,
      ],
    ),
    ['数组[0]（第一项）', '数组[0]（第一项）'],
    ['[鲸落](pages/article/index?id=abcdefgh12)', '{→abcdefgh12:鲸落}'],
    ['<p><a href="https://e.example/a">站</a><a>无</a></p>', '站无', '站 → https://e.example/a'],
  ])('a link: %j', expectShown)

  test.each<Case>([
    ['***一*二**', '{bold italic:一}{bold:二}'],
    ['**H<sub>2</sub>O**', '{bold:H}{bold sub:2}{bold:O}'],
    ['长*宽=面积，底*高/2', '长*宽=面积，底*高/2'],
    ['面积=甲*乙*丙', '面积=甲*乙*丙'],
    ['面积=一二三四五*甲*', '面积=一二三四五{italic:甲}'],
    ['*长*宽', '{italic:长}宽'],
    ['**2*3**是6', '{bold:2*3}是6'],
    ['==亮==、a==b==c、a ==b== c、== x ==、===x===', '{bold:亮}、a==b==c、a {bold:b} c、== x ==、===x==='],
    ['x==亮==', 'x{bold:亮}'],
    ['x==y==', 'x==y=='],
    ['＿斜＿、＿＿填空＿＿、甲＿乙', '{italic:斜}、＿＿填空＿＿、甲＿乙'],
    ['**甲****乙**丙', '{bold:甲乙}丙'],
    ['**甲****乙****丙**', '{bold:甲乙丙}'],
    ['**甲 ****乙**', '**甲 **{bold:乙}', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['**甲**** 乙**', '{bold:甲}** 乙**', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['**甲****乙', '**甲****乙', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['**甲****乙***丙*', '**甲**{bold:乙}{italic:丙}', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['甲****乙', '甲****乙', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['2**10', '2**10'],
    ['(a)**(b)', '(a)**(b)'],
    ['2**10，**很大**', '2**10，{bold:很大}'],
    ['2**3和2**4，**大**', '2**3和2**4，{bold:大}'],
    ['占3**5倍**', '占3{bold:5倍}'],
    // A mark behind a comma closes what stands open, rather than leave a single mark in the text.
    ['占3**5倍，**甲', '占3{bold:5倍，}甲'],
    ['**粗**2**3，4**5**甲', '{bold:粗}2**3，4{bold:5}甲'],
    ['**3**5', '{bold:3}5'],
    ['2**10是**大', '2{bold:10是}大'],
    ['2**10 **大**，3**2', '2**10 {bold:大}，3**2'],
    ['\\*\\*甲\\*\\*、\\[^1\\]、\\# 题、\\`乙\\`', '**甲**、[^1]、# 题、`乙`'],
    ['\\*\\*甲\\*\\*，**乙', '**甲**，**乙', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['\\[甲\\]\\(乙\\)', '[甲](乙)'],
    ['a\\\\b，c\\d', 'a\\b，c\\d'],
    ['一行\\*\n二行\\*\\*', '一行*二行**'],
    ['`＃题 ==x==` ==y==', '{code:＃题 ==x==} {bold:y}'],
    ['``a`b`` ==y==', '{code:a`b} {bold:y}'],
    ['`a ==y==', '`a {bold:y}'],
    ['####### 七', '####### 七', '第 1 段有没写对的标记「######」，请改正或删去'],
    ['一\n\n| 甲 | 乙 |', '一\n| 甲 | 乙 |', '第 2 段有没写对的标记「| 甲 | 乙 |」，请改正或删去'],
    ['一\n\n====', '一\n====', '第 2 段有没写对的标记「====」，请改正或删去'],
    [':::tip', ':::tip', '第 1 段有没写对的标记「:::」，请改正或删去'],
    ['见](story:x', '见](story:x', '第 1 段有没写对的标记「](」，请改正或删去'],
    ['若 a<b 且 b<c', '若 a＜b 且 b＜c'],
    ['1<2', '1<2'],
    ['`<` 与 <b', '{code:<} 与 ＜b'],
    ['`<b>` 和 `a<b`', '{code:<b>} 和 {code:a<b}'],
    ['一\n\n乱�码', '一\n乱�码', '第 2 段有乱码（�），请对照原文改正'],
    ['一​二​', '一二', '去掉了看不见的字符 2 处'],
    ['一​\n\n二​​', '一\n二', '去掉了看不见的字符 3 处'],
    ['a   b\t\tc  d', 'a   b c  d'],
    ['`a   b`', '{code:a   b}'],
  ])('marks within a line: %j', expectShown)

  test.each<Case>([
    ...[
      ['Eins**tein**ium', 'Eins{bold:tein}ium'],
      ['abc**def**ghi', 'abc{bold:def}ghi'],
      ['A**B**C', 'A{bold:B}C'],
      ['L**A**SE**R**', 'L{bold:A}SE{bold:R}'],
      ['Wi**Fi**6', 'Wi{bold:Fi}6'],
      ['**D**eoxyribo**N**ucleic', '{bold:D}eoxyribo{bold:N}ucleic'],
      ['H**2**O 和 CO**2**', 'H{bold:2}O 和 CO{bold:2}'],
    ].flatMap(([text = '', shown = '']): Case[] => [
      [text, shown],
      [`- ${text}`, `- ${shown}`],
      [`> ${text}`, `> ${shown}`],
      [`<p>${text}</p><p><b>真</b></p>`, `${shown}\n{bold:真}`],
    ]),
    ...['10**-3 和 10**-6', 'x**n + y**n = z**n', '2**3**2', 'x**2+y**2', 'a**b', '(x+1)**2和(y+1)**2'].map(
      (text): Case => [text, text],
    ),
    ...['abc**def', 'DN**A 等', '这是**重要 **的', '也是** 很重要**的'].map(
      (text): Case => [text, text, '第 1 段有没写对的标记「**」，请改正或删去'],
    ),
    [
      '这是**重要 **的，也是** 很重要**的。',
      '这是{bold:重要 **的，也是** 很重要}的。',
      '第 1 段有没写对的标记「**」，请改正或删去',
    ],
    [
      '<p>这是**重要 **的，也是** 很重要**的</p><p><b>真</b></p>',
      '这是{bold:重要 **的，也是** 很重要}的\n{bold:真}',
      '留下了像标记的文字「**」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['____一 二____、**一 *二***', '{bold:一 二}、{bold:一 }{bold italic:二}'],
  ])('asterisks within a word, of powers and with a space on the wrong side: %j', expectShown)

  test.each<Case>([
    ...[
      ...['2米*3米*4米', '１*２*３', '-2*-3*-4', '长9米*宽7米*高3米', '3人*5天*8小时', '5件*8元*9折'],
      ...['每天2次*每次3片*7天', '1吨*0.5元/吨*3次', '2万*3万*4万', '¥8*¥9*¥10', '2 米*3 米*4 米', '2米*3米'],
    ].flatMap((sum): Case[] => [
      [`一共${sum}。`, `一共${sum}。`],
      [`> ${sum}的盒子`, `> ${sum}的盒子`],
      [`- ${sum}`, `- ${sum}`],
      [`## ${sum}`, `# ${sum}`],
      [`|甲|乙|\n|-|-|\n|${sum}|1|`, `| 甲 | 乙 | | ${sum} | 1 |`],
      [`${sum}，*重要*，**粗**`, `${sum}，{italic:重要}，{bold:粗}`],
      [`<p>${sum}，**粗**</p><p><b>真</b></p>`, `${sum}，{bold:粗}\n{bold:真}`],
      [`<p>${sum}</p><p><b>真</b></p>`, `${sum}\n{bold:真}`],
    ]),
    [
      '第*3*章，共有*3亿*人，占*3成*，其余*7成*',
      '第{italic:3}章，共有{italic:3亿}人，占{italic:3成}，其余{italic:7成}',
    ],
    ['从*2020年*到*2021年*，3人*5人参加*会议', '从{italic:2020年}到{italic:2021年}，3人{italic:5人参加}会议'],
    ...['1月有*3天*下雨2天', '2*3，1月有*3天*下雨2天，\\*4'].map(
      (text): Case => [
        text,
        text.replace('\\', ''),
        '留下了像标记的文字「*3天*」 1 处（第 1 段），如果不是原文，请改正',
      ],
    ),
  ])('asterisks between figures are signs of multiplication: %j', expectShown)

  test.each<Case>([
    ['## \n\n文', '文'],
    ['文\n\n```\n\n```', '文'],
    ['> 一\n>\n> > 二\n>\n> ## 三\n>\n> ![窗](a.jpg)', '> 一\n> 二\n# 三\n[窗] a.jpg'],
    ['> 一\n>\n> 二**\n>\n> 三', '> 一\n> 二**\n> 三', '第 1 段有没写对的标记「**」，请改正或删去'],
    ['＃题', '#题', '第 1 段有没写对的标记「#」，请改正或删去'],
    ['＃＃＃ 题', '# 题'],
    ['＃＃＃＃＃＃＃题', '＃＃＃＃＃＃＃题'],
    ['#题', '#题', '第 1 段有没写对的标记「#」，请改正或删去'],
    ['#　题', '# 题'],
    ['##　题', '# 题'],
    ['##&nbsp;题', '# 题'],
    ['＞5 是', '＞5 是'],
    ['＞ 引', '> 引'],
    ['＞　5 是', '＞　5 是'],
    ['题\n===', '# 题'],
    ['题\n＝＝＝', '# 题'],
    ['甲\n乙\n===', '甲乙'],
    ['##为什么天是蓝的##', '# 为什么天是蓝的'],
    ['## 为什么##', '# 为什么'],
    ['＃＃为什么＃＃', '# 为什么'],
    ['<p>##DNA##</p><p><b>真</b></p>', '# DNA\n{bold:真}'],
    ['## 用 C##', '# 用 C##', '留下了像标记的文字「##」 1 处（第 1 段），如果不是原文，请改正'],
    ['## 用 C#', '# 用 C#'],
    ['> [!NOTE]\n> 引', '> [!NOTE]引', '留下了像标记的文字「[!NOTE]」 1 处（第 1 段），如果不是原文，请改正'],
    ['题\n---', '题', '去掉了分隔线 1 处（第 2 段）'],
    ['题\n==', '题=='],
    ['===\n题', '===题'],
    ['## 题![窗](a.jpg)', '# 题', '去掉了小标题或表格里的图片 1 处（第 1 段）'],
    ['## 甲<br>乙', '# 甲 乙'],
    ['## H<sub>2</sub>O、x<sup>n</sup>、10<sup>-9</sup>、C<sub>甲</sub>', '# H₂O、xⁿ、10⁻⁹、C甲'],
    ['## `<b>`', '# ＜b>'],
    ['## 1<2', '# 1<2'],
    ['~~~\n==x==\n~~~\n==y==', '``` ==x==\n{bold:y}'],
    ['```\n==x==\n````\n==y==', '``` ==x==\n{bold:y}'],
    ['````\n```\n==x==\n````', '``` ```⏎==x=='],
    ['```\n~~~\n```', '``` ~~~'],
    ['   ```\n   ==x==\n   ```', '``` ==x=='],
    ['    ```\n    ==x==\n    ```\n\n二', '``` ==x==\n二'],
    ['一\n\n    ```\n二\n\n三', '', '第 3 行：``` 开始的代码没有结尾，请在代码下面另写一行 ```'],
    ['```\n甲。\n乙。\n```\n\n丙。', '``` 甲。⏎乙。\n丙。'],
  ])('a heading, a quotation or code: %j', expectShown)

  test.each<Case>([
    ['He said\n“Hello”\nand', 'He said “Hello” and'],
    ['他说\n“Hello”\n‘你好’\nand', '他说“Hello”‘你好’and'],
    ['ＡＢＣ\nＤＥＦ\n天文', 'ＡＢＣ ＤＥＦ天文'],
    ['Laser-\nbeam, COVID-\n19', 'Laser-beam, COVID-19'],
    ['beam -\nlaser', 'beam - laser'],
    ['😀\n😀 和 𠀀\n𠀀', '😀 😀 和 𠀀𠀀'],
    ['deep\nsea', 'deep sea'],
    ['深海\nsea\n海', '深海sea海'],
    ['**deep**\n*sea*', '{bold:deep} {italic:sea}'],
    ['sea，\nsea', 'sea，sea'],
    ['a\n<br>\nb', 'a⏎b'],
    ['Laser  \t\n  beam', 'Laser beam'],
    ['甲  \n  乙', '甲⏎乙'],
    ['说明：\n一、甲\n二、乙\n后话', '说明：⏎一、甲⏎二、乙后话'],
    ['一、甲\n后话', '一、甲后话'],
    ['前言\n一、甲\n二、乙', '前言⏎一、甲⏎二、乙'],
    ['一、甲\n说明\n二、乙', '一、甲说明二、乙'],
    ['（1）**甲**\n（2）*乙*', '（1）{bold:甲}⏎（2）{italic:乙}'],
    ['作者：甲\n审核：乙', '作者：甲⏎审核：乙'],
    [
      '这是一个很长的说明文字：甲\n那是一个很长的说明文字：乙',
      '这是一个很长的说明文字：甲那是一个很长的说明文字：乙',
    ],
    ['1.5 米\n2.5 米', '1.5 米2.5 米'],
    ['一是甲\n二是乙', '一是甲⏎二是乙'],
    [
      '一二三四五六七八九十甲\n一二三四五六七八九十甲',
      '一二三四五六七八九十甲一二三四五六七八九十甲',
      '把换行连成了一段 1 处（第 1 段），要分段请在中间空一行',
    ],
    [
      '一二三四五六七八九十甲乙\n一二三四五六七八九十甲乙',
      '一二三四五六七八九十甲乙一二三四五六七八九十甲乙',
    ],
    ['甲\t乙\n丙', '甲 乙丙'],
    ['deep sea\nlife is rich', 'deep sea life is rich'],
    ['甲说了一句。\n乙也说了。', '甲说了一句。\n乙也说了。'],
    [
      '甲说了一句。\n乙也说了',
      '甲说了一句。乙也说了',
      '把换行连成了一段 1 处（第 1 段），要分段请在中间空一行',
    ],
    ['甲说了一句。\n- 乙也说了。', '甲说了一句。\n- 乙也说了。'],
    ['“甲说了一句。”\n“乙也说了！”', '“甲说了一句。”\n“乙也说了！”'],
    ['　　甲\n　　- 乙', '甲\n- 乙'],
    ['  甲\n  乙', '甲\n乙'],
    ['&nbsp;&nbsp;甲\n&nbsp;&nbsp;乙', '甲\n乙'],
    ['<p>甲&nbsp;&nbsp;乙</p>', '甲 乙'],
    ['<br>甲\n\n<br/> <br>- 乙', '甲\n- 乙'],
    ['甲\n<br>乙', '甲⏎乙'],
    ['一<br>二', '一⏎二'],
  ])('a line break: %j', expectShown)

  test.each<Case>([
    ['文\n\n<div>框<p>里</p></div>', '文\n框\n里', '去掉了HTML 标签 1 处（第 2 段）'],
    [
      '文\n\n<script>alert(1)</script>',
      '文',
      '去掉了脚本 1 处（第 2 段）',
      '去掉了HTML 标签 1 处（第 2 段）',
    ],
    ['<b>一<i>二</i>三</b>四', '{bold:一}{bold italic:二}{bold:三}四'],
    ['<b>一<i>二</b>三</i>四', '{bold:一}{bold italic:二}三四'],
    ['一<b>二', '一{bold:二}'],
    ['一</b>二', '一二'],
    ['一<script>x **y** <b>z</b></script>二', '一二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['一<style><img src="a.jpg"></style>二', '一二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['一<script>a</style>b</script>二', '一二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['一<script>x', '一', '去掉了HTML 标签 1 处（第 1 段）'],
    ['一<br>二<BR/>三', '一⏎二⏎三'],
    ['一<!-- 注 -->二', '一二', '去掉了HTML 标签 1 处（第 1 段）'],
    [
      '按<KBD>Enter</KBD>和<CODE>x</CODE><Sup>2</Sup>',
      '按Enter和{code:x}{sup:2}',
      '去掉了HTML 标签 2 处（第 1 段）',
    ],
    ['一<p>二</p>三', '一\n二\n三'],
    ['一<constructor>二', '一二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['<table>\n\n<tr><td>甲</td></tr>\n\n</table>\n\n## 题', '甲\n# 题', '去掉了HTML 标签 1 处（第 1 段）'],
    [
      '<ul>\n\n<li>甲</li>\n\n<li>乙</li>\n</ul>\n\n**丙**',
      '- 甲 / 乙\n{bold:丙}',
      '去掉了HTML 标签 1 处（第 1 段）',
    ],
    ['<ul>\n\n<li>甲\n\n**丙**', '甲\n{bold:丙}', '去掉了HTML 标签 2 处（第 1、2 段）'],
    [
      '<ul><li>甲</li></ul>\n\n<ul>\n\n<li>乙\n\n## 丙',
      '- 甲\n乙\n# 丙',
      '去掉了HTML 标签 3 处（第 1、2、3 段）',
    ],
    ['## 题\n\n<div>框</div>', '# 题\n框', '去掉了HTML 标签 1 处（第 2 段）'],
    ['<p>一</p>\n\n二', '一\n二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['<span>一</span>\n\n二', '一\n二', '去掉了HTML 标签 2 处（第 1 段）'],
    ['<div/>一\n\n二', '一\n二', '去掉了HTML 标签 1 处（第 1 段）'],
    ['<div>一\n\n二', '一\n二'],
  ])('HTML within Markdown: %j', expectShown)

  test.each<Case>([
    ['<p>文</p><hr><p>又</p>', '文\n又', '去掉了分隔线 1 处（第 2 段）'],
    ['<p>文<del>错</del>对</p>', '文对', '第 1 段：不支持的写法：删除线'],
    [
      '<table><tr><th>头</th></tr><tr><td>甲<del>乙</del></td></tr></table>',
      '头\n甲',
      '第 2 段：不支持的写法：删除线',
    ],
    ['<p>一</p><b><p>二</p><p>三</p></b>', '一\n{bold:二}\n{bold:三}'],
    ['<p>甲<br><br>乙<br>丙<br><br><br>丁</p>', '甲\n乙⏎丙\n丁'],
    ['<p>甲<br> <br>乙</p>', '甲\n乙'],
    ['<p>甲<br>　<br>乙<br>　丙</p>', '甲\n乙⏎　丙'],
    ['<p><br><br>甲</p>', '甲'],
    ['<p>甲<br><br></p>', '甲'],
    ['<p><code>甲<br><br>乙</code></p>', '{code:甲⏎⏎乙}'],
    ['<p><b>甲<br><br>乙</b></p>', '{bold:甲}\n{bold:乙}'],
    ['<p>1 &lt;b&gt;粗&lt;/b&gt;</p>', '1 粗', '去掉了HTML 标签 2 处（第 1 段）'],
    ['<p>a&lt;!-- x --&gt;b&lt;?php x?&gt;c&lt;/ d</p>', 'abc＜/ d', '去掉了HTML 标签 2 处（第 1 段）'],
    ['<p>a&lt;img src="x" onerror=alert(1) title=\'y\'&gt;b</p>', 'ab', '去掉了HTML 标签 1 处（第 1 段）'],
    [
      '<p>前*斜*后</p><p><b>粗</b></p>',
      '前*斜*后\n{bold:粗}',
      '留下了像标记的文字「*斜*」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<p>a_b_c 和 _斜_</p>',
      'a_b_c 和 _斜_',
      '留下了像标记的文字「_斜_」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['<p>用`x`吧<b>粗</b></p>', '用{code:x}吧{bold:粗}'],
    ['<p>前==亮==后</p>', '前==亮==后', '留下了像标记的文字「==亮==」 1 处（第 1 段），如果不是原文，请改正'],
    ['<p>2*3*4 与 长*宽</p><p><b>粗</b></p>', '2*3*4 与 长*宽\n{bold:粗}'],
    ['<p>一头鲸沉到\n  海底，deep\nsea\n海，\n鲸</p>', '一头鲸沉到海底，deep sea 海，鲸'],
    [
      '<p>海底的绿洲\n一头鲸沉到海底，能养活上百种生物，几十年不散。</p><p><b>粗</b></p>',
      '海底的绿洲一头鲸沉到海底，能养活上百种生物，几十年不散。\n{bold:粗}',
    ],
    ['<div>一\n\n二\n \n三</div>', '一\n二\n三'],
    ['<p>一</p>\n\n<p>二</p>', '一\n二'],
    ['<div>一\n\n<b>二</b></div>', '一\n{bold:二}'],
    ['<div>一\n\n</div>二', '一\n二'],
    ['<pre>一\n二</pre><p><code>一\n二</code></p>', '``` 一⏎二\n{code:一二}'],
    ['<pre>a\n\n\nb</pre>', '``` a⏎⏎⏎b'],
    ['<pre><code class="x">a\n\n<span>b</span></code></pre>', '``` a⏎⏎b'],
    [
      '<p><img data-src="https://e.example/a" src="https://e.example/b" alt="窗"></p>',
      '[窗] https://e.example/a',
    ],
    ['<p><img src="https://e.example/b" alt="窗" title="题"></p>', '[窗] https://e.example/b 题'],
    ['<p>文<img alt="窗"></p>', '文'],
    ['<p><image src="a.jpg" alt="窗"></p>', '[窗] a.jpg'],
    ['<p hidden>藏</p><p>文</p>', '文', '去掉了设为隐藏的文字 1 处（第 1 段）'],
    [
      '<p style="display: none">藏</p><p style="visibility:hidden">藏</p><p style="font-size:0">藏</p><p style="mso-hide:all">藏</p><p style="font-size:0.9em">文</p>',
      '文',
      '去掉了设为隐藏的文字 4 处（第 1 段）',
      '去掉了字体、颜色等样式 1 处（第 1 段）',
    ],
    ['<p hidden> </p><p>文</p>', '文'],
    [
      '<div id="js_content" style="visibility:hidden"><p>文</p></div>',
      '文',
      '去掉了字体、颜色等样式 1 处（第 1 段）',
    ],
    ['<p>一<font color="red">红</font></p>', '一红', '去掉了字体、颜色等样式 1 处（第 1 段）'],
    ['<p onclick="x">文</p>', '文', '去掉了脚本 1 处（第 1 段）'],
    ['<p>一<!--注-->二</p><!--[if x]><![endif]-->', '一二', '去掉了注释 1 处（第 1 段）'],
    ['<!--StartFragment--><p>文</p><!--EndFragment-->', '文'],
    [
      '<p>文</p><script>x</script><style>x</style><iframe>x</iframe><object>x</object><video>x</video><audio>x</audio><svg>x</svg><math>x</math><canvas>x</canvas><button>x</button><select>x</select><textarea>x</textarea><template>x</template><noscript>x</noscript><mp-miniprogram>x</mp-miniprogram><mp-common-profile>x</mp-common-profile><mpvoice>x</mpvoice><xml>x</xml><input><embed><link>',
      '文',
      '去掉了脚本 1 处（第 1 段）',
      '去掉了样式 2 处（第 1 段）',
      '去掉了嵌入的网页 1 处（第 1 段）',
      '去掉了嵌入的内容 2 处（第 1 段）',
      '去掉了视频 1 处（第 1 段）',
      '去掉了音频 2 处（第 1 段）',
      '去掉了矢量图 1 处（第 1 段）',
      '去掉了公式 1 处（第 1 段）',
      '去掉了画布 1 处（第 1 段）',
      '去掉了表单 4 处（第 1 段）',
      '去掉了模板 1 处（第 1 段）',
      '去掉了脚本的替代内容 1 处（第 1 段）',
      '去掉了小程序卡片 1 处（第 1 段）',
      '去掉了公众号名片 1 处（第 1 段）',
      '去掉了Office 数据 1 处（第 1 段）',
    ],
    ['<head><title>x</title><meta name="a"></head><p>文</p><base href="x">', '文'],
    ['<p>一<o:p>二</o:p><x-y>三</x-y></p>', '一二三'],
    [
      '<p><span style="font-weight:bold">粗</span><span style="font-weight:600">粗</span><span style="font-weight:500">细</span><b style="font-weight:bold">粗</b></p>',
      '{bold:粗粗}细{bold:粗}',
      '去掉了字体、颜色等样式 4 处（第 1 段）',
    ],
    [
      '<p><span style="font-style:italic">斜</span><i style="font-style:italic">斜</i></p>',
      '{italic:斜斜}',
      '去掉了字体、颜色等样式 2 处（第 1 段）',
    ],
    [
      '<p>H<span style="vertical-align:sub">2</span>O x<span style="vertical-align:super">2</span> y<sub style="vertical-align:sub">3</sub></p>',
      'H{sub:2}O x{sup:2} y{sub:3}',
      '去掉了字体、颜色等样式 3 处（第 1 段）',
    ],
    [
      '<article>一</article><header>二</header><address>三</address><details>四<summary>五</summary></details><center>六</center><figcaption>七</figcaption>',
      '一\n二\n三\n四\n五\n六\n七',
    ],
    ['<p>他说<q>好<q>吗</q></q></p>', '他说“好‘吗’”'],
    ['<p><kbd>a</kbd><tt>b</tt><samp>c</samp></p>', '{code:abc}'],
    ['<h1>一</h1><h3>二</h3><h6>三</h6>', '# 一\n# 二\n# 三'],
    [
      '<figure><img src="a.jpg" alt="窗"><figcaption>窗\n上<b>露</b> deep\nsea</figcaption></figure>',
      '[窗] a.jpg 窗上露 deep sea',
    ],
    ['<figure><img src="a.jpg" alt="窗"></figure>', '[窗] a.jpg'],
    ['<figure><p>文</p><figcaption>说</figcaption></figure>', '文\n说'],
    [
      '<figure><div><a href="#"><img src="a.jpg" alt="窗"></a></div><figcaption>说</figcaption></figure>',
      '[窗] a.jpg 说',
    ],
    [
      '<figure><img src="a.jpg" alt="窗"><img src="b.jpg" alt="门"><figcaption>说</figcaption></figure>',
      '[窗] a.jpg 说\n[门] b.jpg',
    ],
    [
      "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p> <p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>乙</p><p>文</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>3.</span>丙</p>",
      '1. 甲 / 乙\n文\n3. 丙',
      '去掉了字体、颜色等样式 6 处（第 1、3 段）',
    ],
    [
      "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>乙</p>",
      '1. 甲\n- 乙',
      '去掉了字体、颜色等样式 4 处（第 1、2 段）',
    ],
    [
      "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>甲</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>5.</span>乙</p>",
      '2. 甲\n5. 乙',
      '去掉了字体、颜色等样式 4 处（第 1 段）',
    ],
    [
      "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p><p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.</span>乙</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>丙</p>",
      '1. 甲 / 乙 / 丙',
      '去掉了字体、颜色等样式 6 处（第 1 段）',
      '去掉了列表里的列表（排成一层） 1 处（第 1 段）',
    ],
    ["<p style='mso-list:l0 level1 lfo1'>甲</p>", '甲', '去掉了字体、颜色等样式 1 处（第 1 段）'],
    [
      "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>12345.</span>甲</p>",
      '12345.甲',
      '去掉了字体、颜色等样式 2 处（第 1 段）',
    ],
    [
      "<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>题</h2>",
      '# 1.题',
      '去掉了字体、颜色等样式 2 处（第 1 段）',
    ],
    ['<body>文<p>段</p>尾</body>', '文\n段\n尾'],
    ['<blockquote><p>一</p><ul><li>二</li></ul></blockquote>', '> 一\n- 二'],
    [
      '<p>一</p><p>二<u onclick="x">三</u></p><video></video><p>四</p><!-- 注 -->',
      '一\n二三\n四',
      '去掉了脚本 1 处（第 2 段）',
      '去掉了视频 1 处（第 2 段）',
      '去掉了注释 1 处（第 3 段）',
    ],
    ['<script>x</script><p>一</p>', '一', '去掉了脚本 1 处（第 1 段）'],
    ['<p>文</p><pre># 注\n- x</pre>', '文\n``` # 注⏎- x'],
    ['<p>一</p>\n\n<!-- x -->', '一', '去掉了注释 1 处（第 1 段）'],
    ['<!doctype html><title>x</title>\n\n## 一', '# 一'],
    ['<?xml version="1.0"?><p>一</p>', '一', '去掉了注释 1 处（第 1 段）'],
    ['<p>一<p>二', '一\n二'],
    ['<P>一</P><P>二</P>', '一\n二'],
  ])('HTML: %j', expectShown)

  test.each<Case>([
    ['<p>```</p><p>a = 1</p><p></p><p>b</p><p>```</p><p>后</p>', '``` a = 1⏎b\n后'],
    [
      '<p>```</p><p>a <b>=</b> 1</p><p>**x**</p><p>```</p><p>后**粗**</p><p><b>真</b></p>',
      '``` a = 1⏎**x**\n后{bold:粗}\n{bold:真}',
    ],
    [
      '<p>```</p><ul><li>x</li></ul><p>```</p><p>后</p><p><b>真</b></p>',
      '```\n- x\n```\n后\n{bold:真}',
      '留下了像标记的文字「```」 2 处（第 1、3 段），如果不是原文，请改正',
    ],
    ['<p>```js<br>a<br>b<br>```</p><p><b>真</b></p>', '``` a⏎b\n{bold:真}'],
    ['<p>```<br>a<br>```<br>后</p><p><b>真</b></p>', '``` a\n后\n{bold:真}'],
    ['<p>~~~</p><p>a</p><p>~~~</p><p><b>真</b></p>', '``` a\n{bold:真}'],
    ['<p>````</p><p>```</p><p>````</p><p><b>真</b></p>', '``` ```\n{bold:真}'],
    [
      '<p>```</p><p>a</p><p><b>真</b></p>',
      '```\na\n{bold:真}',
      '留下了像标记的文字「```」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<p>文```</p><p>a</p><p><b>真</b></p>',
      '文```\na\n{bold:真}',
      '留下了像标记的文字「```」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['<p>1、甲</p><p>2、乙</p><p><b>真</b></p>', '1、甲\n2、乙\n{bold:真}'],
    ['<p>1、甲</p><p>2、乙</p><p>**粗**</p><p><b>真</b></p>', '1. 甲 / 乙\n{bold:粗}\n{bold:真}'],
    ['<p>•甲</p><p>•乙</p><p>**粗**</p><p><b>真</b></p>', '- 甲 / 乙\n{bold:粗}\n{bold:真}'],
    ['<p>1、甲</p><p>2、乙</p>', '1、甲\n2、乙'],
    ['<ol><li>1、甲</li><li>2、乙</li></ol><p>**粗**</p>', '1. 1、甲 / 2、乙\n{bold:粗}'],
    [
      '<ul><li>- 甲</li></ul><p>**粗**</p>',
      '- 甲\n{bold:粗}',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
    ],
    [
      '<p>前*斜*后</p><p><b>真</b></p>',
      '前*斜*后\n{bold:真}',
      '留下了像标记的文字「*斜*」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['<p>＊＊注意：＊＊水会烫</p><p><b>真</b></p>', '{bold:注意：}水会烫\n{bold:真}'],
    ['<p>见［鲸落］（story:whale-fall）</p><p><b>真</b></p>', '见{→whale00001:鲸落}\n{bold:真}'],
    ['<p>！［窗］（a.jpg）</p><p><b>真</b></p>', '[窗] a.jpg\n{bold:真}'],
    ['<p>见［鲸落］（第一节）、＊＊</p><p><b>真</b></p>', '见［鲸落］（第一节）、＊＊\n{bold:真}'],
    [
      '<p>这是__重要__的</p>',
      '这是__重要__的',
      '留下了像标记的文字「__重要__」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['<p>前*斜*后</p><p>**粗**</p><p><b>真</b></p>', '前{italic:斜}后\n{bold:粗}\n{bold:真}'],
    ['<p>题<br>===</p><p>**粗**</p><p><b>真</b></p>', '# 题\n{bold:粗}\n{bold:真}'],
    ['<h2>**题**目</h2><p><b>真</b></p>', '# 题目\n{bold:真}'],
    ['<h2>## 题</h2><p><b>真</b></p>', '# 题\n{bold:真}'],
    ['<h2>**题**<br>目</h2><p><b>真</b></p>', '# 题 目\n{bold:真}'],
    [
      '<h2>- 题</h2><p><b>真</b></p>',
      '# - 题\n{bold:真}',
      '留下了像标记的文字「-」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<table><tr><th>**头**</th><th>头</th></tr><tr><td>`x`</td><td>[鲸](story:whale-fall)</td></tr></table>',
      '| 头 | 头 | | x | 鲸 |',
    ],
    [
      '<table><tr><th>头</th><th>头</th></tr><tr><td>**甲<i>斜</i>**</td><td>x</td></tr></table>',
      '| 头 | 头 | | 甲斜 | x |',
    ],
    [
      '<blockquote><p>## 题</p><p>- 甲</p><p>- 乙</p></blockquote><p><b>真</b></p>',
      '# 题\n- 甲 / 乙\n{bold:真}',
    ],
    [
      '<p>**粗<i>斜</i>体**，<img src="a.jpg" alt="窗">，<a href="https://e.example/x">站</a></p>',
      '{bold:粗}{bold italic:斜}{bold:体}，\n[窗] a.jpg\n，站',
      '站 → https://e.example/x',
    ],
    [
      '<p><b>**粗**</b>[鲸<i>落</i>](story:whale-fall)</p>',
      '{bold:粗}{→whale00001:鲸}{italic →whale00001:落}',
    ],
    ['<p>**粗** 1 &lt; 2 &amp;amp; &lt;b&gt; &amp;#60;</p>', '{bold:粗} 1 ＜ 2 &amp; ＜b> &#60;'],
    ['<p>`a &lt; b &amp;amp; c`</p><p><b>真</b></p>', '{code:a < b &amp; c}\n{bold:真}'],
    ['<p>```<br>a &lt; b<br>```</p><p><b>真</b></p>', '``` a < b\n{bold:真}'],
    ['<p>![窗](a.jpg "a &lt; b")</p><p><b>真</b></p>', '[窗] a.jpg a < b\n{bold:真}'],
    ['<p>![1 &lt; 2](a.jpg)</p><p><b>真</b></p>', '[1 < 2] a.jpg\n{bold:真}'],
    [
      '<p>**粗** <a href="https://e.example/a">https://e.example/a</a> 后</p>',
      '{bold:粗} https://e.example/a 后',
      'https://e.example/a → https://e.example/a',
    ],
    [
      '<p>![窗](<a href="https://e.example/a.jpg">https://e.example/a.jpg</a>)</p><p><b>真</b></p>',
      '[窗] https://e.example/a.jpg\n{bold:真}',
    ],
    ['<p>\\*不斜\\*，**粗**</p><p><b>真</b></p>', '*不斜*，{bold:粗}\n{bold:真}'],
    [
      '<p>| 甲 | 乙 |</p><p>| - | - |</p><p>| 一 | 二 |</p><p><b>真</b></p>',
      '| 甲 | 乙 | | 一 | 二 |\n{bold:真}',
    ],
    ['<p>| 甲 | 乙 |</p><p>| - | - |</p><p>后</p><p><b>真</b></p>', '| 甲 | 乙 |\n后\n{bold:真}'],
    [
      '<p>- 甲</p><p>- 乙</p><p></p><p>- 丙</p><p>文</p><p>- 丁</p><p><b>真</b></p>',
      '- 甲 / 乙 / 丙\n文\n- 丁\n{bold:真}',
    ],
    [
      '<p>1. 甲</p><p>2. 乙</p><p>4. 丙</p><p>**粗**</p><p><b>真</b></p>',
      '1. 甲 / 乙\n4. 丙\n{bold:粗}\n{bold:真}',
    ],
    ['<p>- 甲</p><p>&nbsp;&nbsp;- 乙</p><p>**粗**</p>', '- 甲 / 乙\n{bold:粗}'],
    [
      '<p>见[甲][a]</p><p>[a]: story:whale-fall</p><p>[a]: story:abcdefgh12</p><p><b>真</b></p>',
      '见{→whale00001:甲}\n{bold:真}',
    ],
    [
      '<p>**粗**</p><p>[b]: https://e.example/x</p><p><b>真</b></p>',
      '{bold:粗}\n[b]: https://e.example/x\n{bold:真}',
      '留下了像标记的文字「[b]: https」 1 处（第 2 段），如果不是原文，请改正',
      'https://e.example/x → https://e.example/x',
    ],
    ['<p>见[甲][A  b]</p><p>[a B]: story:whale-fall</p><p><b>真</b></p>', '见{→whale00001:甲}\n{bold:真}'],
    ['<p>见[a][]</p><p>[a]: story:whale-fall</p><p><b>真</b></p>', '见{→whale00001:a}\n{bold:真}'],
    ['<p>见[a]</p><p>[a]: story:whale-fall</p><p><b>真</b></p>', '见{→whale00001:a}\n{bold:真}'],
    [
      '<blockquote><p>见[甲][a]</p></blockquote><p>[a]: story:whale-fall</p><p><b>真</b></p>',
      '> 见{→whale00001:甲}\n{bold:真}',
    ],
    ['<p>![窗][a]</p><p>[a]: a.jpg</p><p><b>真</b></p>', '[窗] a.jpg\n{bold:真}'],
    [
      '<p>见[^1]</p><p>[^1]: 注</p><p><b>真</b></p>',
      '见[^1]\n[^1]: 注\n{bold:真}',
      '留下了像标记的文字「[^1]」 2 处（第 1、2 段），如果不是原文，请改正',
    ],
    ['<p><b>## 题</b></p><p><b>真</b></p>', '# 题\n{bold:真}'],
    ['<p><b><i>- 甲</i></b></p><p>- 乙</p>', '- {bold italic:甲} / 乙'],
    [
      '<p><b>## 题<br>目</b></p><p><b>真</b></p>',
      '{bold:## 题⏎目}\n{bold:真}',
      '留下了像标记的文字「##」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<p><b><a href="story:whale-fall">## 题</a></b></p><p><b>真</b></p>',
      '{bold →whale00001:题}\n{bold:真}',
    ],
    [
      '<p><b>## </b></p><p><b>真</b></p>',
      '{bold:##}\n{bold:真}',
      '留下了像标记的文字「##」 1 处（第 1 段），如果不是原文，请改正',
    ],
    [
      '<p><b>甲</b>## 题</p>',
      '{bold:甲}## 题',
      '留下了像标记的文字「##」 1 处（第 1 段），如果不是原文，请改正',
    ],
    ['<p>## 题</p><p>文**</p>', '# 题\n文**', '第 2 段有没写对的标记「**」，请改正或删去'],
    ['<p>## 题<br>文**</p>', '# 题\n文**', '第 2 段有没写对的标记「**」，请改正或删去'],
    ['<p>1. 甲</p><p>2. 乙**</p>', '1. 甲 / 乙**', '第 1 段有没写对的标记「**」，请改正或删去'],
    [
      '<p>## 题</p><p>文**</p><p><b>真</b></p>',
      '# 题\n文**\n{bold:真}',
      '留下了像标记的文字「**」 1 处（第 2 段），如果不是原文，请改正',
    ],
    [
      '<p>甲</p><p>乙 *斜* 丙</p>',
      '甲\n乙 *斜* 丙',
      '留下了像标记的文字「*」 1 处（第 2 段），如果不是原文，请改正',
    ],
    ['<p><del>**错**</del></p>', '', '第 1 段：不支持的写法：删除线'],
    [
      '<p><a href="https://e.example/x">**站**</a></p><p><b>真</b></p>',
      '{bold:站}\n{bold:真}',
      '站 → https://e.example/x',
    ],
    ['<p><i>**站**</i></p>', '{italic bold:站}'],
    ['<p>- 甲</p><p>- 乙</p><p>**粗**后</p>', '- 甲 / 乙\n{bold:粗}后'],
    ['<p>* 甲</p><p>* 乙</p><p>*斜*后</p>', '- 甲 / 乙\n{italic:斜}后'],
    ['<p>- 甲</p><p>- 乙</p><p>——某人</p>', '- 甲 / 乙\n——某人'],
    ['<p>- 甲</p><p>- 乙</p><p>-5℃</p>', '- 甲 / 乙\n-5℃'],
    ['<p>1. 甲</p><p>2. 乙</p><p>3.5 米</p>', '1. 甲 / 乙\n3.5 米'],
    ['<p>1. 甲</p><p>2. 乙</p><p>-丙</p><p>-丁</p><p>* 戊</p>', '1. 甲 / 乙\n- 丙 / 丁\n- 戊'],
    ['<p>**粗**</p><p>-甲</p><p>-乙</p><p>1、丙</p><p>2、丁</p>', '{bold:粗}\n- 甲 / 乙\n1. 丙 / 丁'],
  ])('Markdown typed into a rich-text field: %j', expectShown)

  test.each<Case>([
    ['foo_bar_ 和 _baz_qux，_甲_乙_', 'foo_bar_ 和 {italic:baz_qux，}甲{italic:乙}'],
    ['文 *甲 *乙* 和 5 * 3 * 2', '文 *甲 {italic:乙} 和 5 * 3 * 2'],
    ['甲 _乙 _丙_ 和_ 丁_', '甲 {italic:乙 丙 和} 丁_'],
    [
      '<p>```</p><p>a</p><p>```</p><p>文</p><p>```</p><p>b</p><p><b>真</b></p>',
      '``` a\n文\n```\nb\n{bold:真}',
      '留下了像标记的文字「```」 1 处（第 3 段），如果不是原文，请改正',
    ],
    ['<p>甲<br><b> 乙</b></p>', '甲⏎{bold:乙}'],
    ['<p><b>甲<br></b> 乙 <br>丙</p>', '{bold:甲⏎}乙⏎丙'],
    ['文\n  \n15. 甲', '文\n15. 甲'],
    ['`a==b` 和 `==c==` 与 `＃d`', '{code:a==b} 和 {code:==c==} 与 {code:＃d}'],
    ['一</script>二</b>三', '一二三', '去掉了HTML 标签 1 处（第 1 段）'],
    ['2*3*4*5、a*(b)*c、10％*3、√2*√3', '2*3*4*5、a*(b)*c、10％*3、√2*√3'],
    ['面积=长*2、y＝k*x*z，*斜*', '面积=长*2、y＝k*x*z，{italic:斜}'],
    ['[甲](story:whale-fall)[乙](story:whale-fall)', '{→whale00001:甲乙}'],
    ['> - 甲\n> - 乙\n>\n> 1. 丙', '- 甲 / 乙\n1. 丙'],
    ['- > 甲\n- ```\n  ==x==\n  ```\n- 乙', '- 甲 / 乙\n``` ==x=='],
    ['> ```\n> ==x==\n> ```\n>\n> ==乙==', '``` ==x==\n> {bold:乙}'],
    ['1. ```\n   - ```\n   ```\n2. 乙', '2. 乙\n``` - ```'],
    [
      '<ol><li>甲<ol><li>乙</li></ol>丙</li></ol>',
      '1. 甲 / 乙 / 丙',
      '去掉了列表里的列表（排成一层） 2 处（第 1 段）',
    ],
    ['![窗](a.jpg)![门](b.jpg)', '[窗] a.jpg\n[门] b.jpg'],
    ['**![窗](a.jpg)文**', '[窗] a.jpg\n{bold:文}'],
    ['[![窗](a.jpg)](https://e.example/x)', '[窗] a.jpg', ' → https://e.example/x'],
    [
      '| 甲 | 乙 |\n| - | - |\n| 一`|`二 | **三**\\|四 |',
      '| 甲 | 乙 | | 一` | `二 |',
      '第 1 段：表格第 2 行比表头多出单元格，请给表头补上，或删去多出的',
    ],
    ['甲\n\n\n\n乙', '甲\n乙'],
    ['甲  \n乙\\\n丙', '甲⏎乙⏎丙'],
    ['<p>甲</p>\n<table>\n<tr><th>一</th><th>二</th></tr>\n</table>', '甲\n| 一 | 二 |'],
    ['<div><p>甲</p>乙<p>丙</p></div>', '甲\n乙\n丙'],
    ['<p><code>a &lt; b</code>和<code>c</code></p>', '{code:a < b}和{code:c}'],
    ['<ul><li><p>甲</p><p>乙</p></li></ul>', '- 甲⏎乙'],
    ['<p>甲<sup>2</sup><sub>3</sub><sup><b>4</b></sup></p>', '甲{sup:2}{sub:3}{sup bold:4}'],
    [
      '<p><a href="/a/abcdefgh12">甲</a><a href="https://kepu.example/a/abcdefgh12#x">乙</a></p>',
      '{→abcdefgh12:甲乙}',
    ],
    ['<p><s>甲</s></p>', '', '第 1 段：不支持的写法：删除线'],
    ['<p>**甲**：</p><p>1. 乙</p><p>2. 丙</p><p></p><p>- 丁</p>', '{bold:甲}：\n1. 乙 / 丙\n- 丁'],
    ['<p>| 甲 | 乙 |</p><p>| --- | --- |</p><p>| 一 | 二 |</p><p>后文</p>', '| 甲 | 乙 | | 一 | 二 |\n后文'],
    ['<p>## 题</p><p></p><p>　　文</p><p>&gt; 引</p>', '# 题\n文\n> 引'],
    ['<p>![窗](dew.svg)</p><p>（窗上的露）</p><p><b>真</b></p>', '[窗] dew.svg 窗上的露\n{bold:真}'],
    [
      '<p>文[^1]</p><p>[^1]: 注</p>',
      '文[^1]\n[^1]: 注',
      '留下了像标记的文字「[^1]」 2 处（第 1、2 段），如果不是原文，请改正',
    ],
    [
      '<p>见[鲸落](<a href="https://kepu.example/a/abcdefgh12">https://kepu.example/a/abcdefgh12</a>)</p>',
      '见{→abcdefgh12:鲸落}',
    ],
    [
      '<p>**甲</p><p>乙**</p>',
      '**甲\n乙**',
      '留下了像标记的文字「**」 2 处（第 1、2 段），如果不是原文，请改正',
    ],
    ['<p>- 甲<br>续</p><p>- 乙</p>', '- 甲⏎续 / 乙'],
    ['<p>&lt;b&gt;粗&lt;/b&gt; **真**</p>', '＜b>粗＜/b> {bold:真}'],
    ['![窗]（https://e.example/c）', '[窗] https://e.example/c'],
    ['- 甲\n续\n15. 乙', '- 甲续\n15. 乙'],
    ['<p>＃＃ 题</p><p>文**</p>', '# 题\n文**', '第 2 段有没写对的标记「**」，请改正或删去'],
    [
      '<p>字<br>见[站](<a href="https://e.example/">https://e.example/</a>)</p><p><b>真</b></p>',
      '字⏎见站\n{bold:真}',
      '站 → https://e.example/',
    ],
  ])('marks and blocks beside each other: %j', expectShown)
})

describe('a text of some length', () => {
  const long = '一头鲸沉到海底，能养活上百种生物，'.repeat(5)
  const joined = '把换行连成了一段 1 处（第 1 段），要分段请在中间空一行'
  const cells = (count: number) => [' 甲 |', ' - |', ' 乙 |'].map(cell => `|${cell.repeat(count)}`).join('\n')
  const blocksOf = (source: string) => readBody(source, references).blocks

  test.each([
    ['a long line that ends like a sentence', `${long}说完。\n短行`, 2],
    ['a long line below a sentence', `短行。\n${long}`, 2],
    ['two long lines that do not end', `${long}\n${long}`, 1],
    ['a line of 80 characters below which another one stands', `${'一'.repeat(79)}。\n后`, 1],
    ['a line of 81 characters', `${'一'.repeat(80)}。\n后`, 2],
    ['a long item, whose text goes on', `- ${long}。\n${long}`, 1],
  ])('begins a paragraph below lines that no program has wrapped: %s', (_what, source, count) => {
    expect(blocksOf(source)).toHaveLength(count)
  })

  test.each([
    [
      'after a line shorter than three fifths of the longest',
      `${'一'.repeat(29)}\n${'一'.repeat(50)}`,
      [joined],
    ],
    ['after three fifths of the longest line', `${'一'.repeat(30)}\n${'一'.repeat(50)}`, []],
    ['after a title of three characters', `开头的\n${long}`, [joined]],
    ['after two characters, which are a part of a word', `开头\n${long}`, []],
    ['before two characters, the rest of a paragraph', `${long}\n尾巴`, []],
  ])('tells of joined lines %s', (_where, source, told) => {
    expect(read(source).told).toEqual(told)
  })

  test('may have a heading of 60 characters above a line of equals signs', () => {
    expect(blocksOf(`${'题'.repeat(60)}\n===`)).toEqual([{ type: 'heading', text: '题'.repeat(60) }])
    expect(blocksOf(`${'题'.repeat(61)}\n===`)).toMatchObject([{ type: 'paragraph' }])
  })

  test('may have tables of 50 columns, captions of 300 characters and descriptions of 500', () => {
    expect(blocksOf(cells(50))).toMatchObject([{ type: 'table', rows: [Array(50).fill('乙')] }])
    expect(read(cells(51))).toMatchObject({
      ...{ shown: '', told: ['第 1 段：表格有 51 列，最多 50 列，请拆成几个表'] },
    })
    const captioned = (length: number) => blocksOf(`![窗](a.jpg)\n\n（${'鲸'.repeat(length)}）`)
    expect(captioned(300)).toMatchObject([{ caption: '鲸'.repeat(300) }])
    expect(captioned(301)).toHaveLength(2)
    const described = (length: number) => read(`![${'🪟'.repeat(length)}](a.jpg)`)
    expect(described(500).told).toEqual([])
    expect(described(501).told).toEqual(['去掉了图片说明里 500 字以后的字 1 处（第 1 段）'])
    expect(blocksOf(`![${'🪟'.repeat(501)}](a.jpg)`)).toMatchObject([{ alt: '🪟'.repeat(500) }])
    // The text keeps a long name of a source. Only the list of sources has its beginning.
    expect(read(`[${'源'.repeat(501)}](https://a.example/)`).told).toEqual([
      `${'源'.repeat(500)} → https://a.example/`,
    ])
  })

  test('names only the beginning of a long address', () => {
    const missing = `none${'x'.repeat(300)}`
    expect(read(`![窗](${missing})`).told).toEqual([`第 1 段：找不到图片：${missing.slice(0, 200)}`])
    const bad = `https://a.example/bad${'x'.repeat(300)}`
    expect(read(`![窗](${bad})`).told).toEqual([`第 1 段的图片打不开：${bad.slice(0, 200)}`])
    expect(read(`![窗](<a ${missing}>)`).told).toEqual([
      `第 1 段的图片地址里有空格，请给文件改名、重新上传，再写新的地址：${`a ${missing}`.slice(0, 200)}`,
    ])
    const unknown = `no/${'y'.repeat(200)}`
    expect(read(`[甲](story:${unknown})`)).toMatchObject({
      shown: '甲',
      told: [`第 1 段：链接只能指向本站文章（写 story: 和文章编号），没有找到：${unknown.slice(0, 100)}`],
    })
  })

  test.each<[string, string, ReturnType<typeof tooTangled>]>([
    ['20,000 lines', '\n'.repeat(19_999), null],
    ['more lines', '\n'.repeat(20_000), { line: 20_000, message: '正文太长：最多 20000 行，请分成几篇' }],
    ['6,000 parts', '字\n\n'.repeat(6_000), null],
    ['more parts', '字\n\n'.repeat(6_001), { line: 12_001, message: '正文太长：最多 2000 段，请分成几篇' }],
    ['a paragraph of 60,000 characters', `${'字'.repeat(59_999)}\n字`, null],
    [
      'a longer paragraph',
      `前\n\n${'字'.repeat(60_000)}\n字`,
      { line: 4, message: '太长：一段最多 6 万字、2000 行，请分段' },
    ],
    ['a paragraph of 2,000 lines', '字\n'.repeat(2_000), null],
    [
      'more of them',
      '字\n'.repeat(2_001),
      { line: 2_001, message: '太长：一段最多 6 万字、2000 行，请分段' },
    ],
    ['4,000 marks in a paragraph', `${'*_ '.repeat(2_000)}\n${'[`!&'.repeat(500)}`, null],
    [
      'more marks',
      `${'字* '.repeat(2_000)}\n${'[`!&'.repeat(500)}<`,
      { line: 2, message: '这一段里的标记太多，请分成几段' },
    ],
    ['marks in several paragraphs', `${'字* '.repeat(3_000)}\n\n${'字* '.repeat(3_000)}`, null],
    ['29 quotations in each other', `${'>'.repeat(29)} 字`, null],
    ['30 of them', `字\n${'>'.repeat(30)} 字`, { line: 2, message: '引文或列表嵌套太深' }],
    ['30 items in each other', `${'- 1. '.repeat(15)}字`, { line: 1, message: '引文或列表嵌套太深' }],
    ['199 spaces before a line', `${' '.repeat(199)}字`, null],
    ['200 spaces', `${' '.repeat(200)}字`, { line: 1, message: '行首的空格太多' }],
  ])('takes no long time to read: %s', (_what, text, fault) => {
    expect(tooTangled(text)).toEqual(fault)
  })

  test('of HTML may have 100 elements in each other and some hundred attributes', () => {
    const nested = (depth: number) => `<p>字</p>${'<div>'.repeat(depth)}深<b>粗</b>${'</div>'.repeat(depth)}`
    expect(read(nested(90)).shown).toBe('字\n深{bold:粗}')
    expect(read(nested(150)).shown).toBe('字\n深粗')
    const attributes = (count: number) => Array.from({ length: count }, (_, at) => `a${at}=1`).join(' ')
    expect(read(`<p ${attributes(400)}>字</p>`)).toMatchObject({ shown: '字', told: [] })
    expect(read(`<p ${attributes(600)}>字</p>`).told).toEqual([
      '正文里的 HTML 标记太多，最多 3 万个，请只粘贴文字，或分成几篇',
    ])
  })

  test('typed into a rich-text field has the same limits', () => {
    const told = '太长：一段最多 6 万字、2000 行，请分段'
    expect(read(`<p>**粗**${'字'.repeat(60_001)}</p><p><b>真</b></p>`)).toMatchObject({
      shown: '',
      told: [told],
    })
  })
})

describe('a file that was pasted as a whole', () => {
  const isFront = (text: string) => frontMatter(text) !== null
  test.each([
    ['---\ntitle: 鲸落\n---\n文', true],
    ['\n--- \ntitle: 鲸落\ntags:\n  - 海\n- 洋\n# 注\n\n--- \n文', true],
    ['文\n---\ntitle: 鲸落\n---', false],
    ['---\n---\n文', false],
    ['---\n鲸落\n---', false],
    ['---\ntitle: 鲸落\n鲸落\n---', false],
    ['---\ntitle: 鲸落', false],
    ['---\n- 海\n---', false],
    [`---\n${'a: b\n'.repeat(98)}---\n文`, true],
    [`---\n${'a: b\n'.repeat(99)}---\n文`, false],
  ])('is told from lines between two rules: %j', (text, expected) => {
    expect(isFront(text)).toBe(expected)
  })
})

describe('the places that an editor is told', () => {
  test.each<[string, ...lines: number[]]>([
    // A sentence a line: the empty lines that are put between do not count.
    ['甲说了一句。\n乙也**说了。', 2],
    ['　　甲\n　　乙**\n　　丙\n\n---\n\n丁**', 2, 7, 5],
    ['> 一\n>\n> 二**', 3],
    ['- 一\n- 二**', 2],
    ['1. 甲\n4. 乙\n   - 丙', 2, 3],
    ['一\n\n<u>二</u>', 3],
    ['一\n\n```\n二', 3],
    ['甲说了一句。\n乙也说了。\n```\n二', 3],
    ['文\n\n[^1]: 注', 3],
  ])('are lines as they were written: %j', (source, ...lines) => {
    expect(read(source).lines).toEqual(lines)
  })

  test('are the first five paragraphs', () => {
    const told = (count: number) => read(Array(count).fill('一\n\n---').join('\n\n')).told
    expect(told(5)).toEqual(['去掉了分隔线 5 处（第 2、4、6、8、10 段）'])
    expect(told(6)).toEqual(['去掉了分隔线 6 处（第 2、4、6、8、10 段等）'])
  })
})
