import { type StoryRow, storyRow } from './app-cloud'

/** A story that is hard to draw, and what a reader must still see of it. */
export interface HardStory {
  what: string
  row: StoryRow
  /** Texts that must be on the page, including the last text of the body. */
  shows: string[]
}

const paragraph = (...spans: unknown[]) => ({ type: 'paragraph', spans })
const picture = (src: string, more: Record<string, unknown> = {}) => ({
  type: 'picture',
  src,
  width: 1200,
  height: 675,
  alt: '示意图',
  ...more,
})

/** A picture of one pixel, for stories whose pictures are not available. */
export const onePoint = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** An address and a word that no engine breaks by itself. */
const longAddress = 'https://commons.wikimedia.org/wiki/File:Champagne_vent_white_smokers.jpg'
const longWord = 'Pneumonoultramicroscopicsilicovolcanoconiosis'

const title120 = '一篇标题写满一百二十个字的稿子，'.repeat(8).slice(0, 119).concat('完')

/** Every kind of block, a correction, a cover. Pictures are those of the sample stories. */
export const everyKind: StoryRow = storyRow('everykind1', 90_000, {
  title: '一篇什么都有的稿子',
  teaser: '段落、小标题、图片、引文、列表、表格和公式各一样。',
  channel: 'frontier',
  column: 'physics',
  tags: ['肥皂泡'],
  author: '科普云编辑部',
  editor: '科普云前沿组',
  cover: { src: '/pictures/soap-bubble-colours.jpg', width: 1600, height: 900, alt: '一只肥皂泡' },
  credit: '科普云绘',
  corrected: { at: { $date: '2026-03-04T01:05:00.000Z' }, reason: '正文第二段的波长写错了，应为532纳米。' },
  blocks: [
    paragraph('肥皂泡的', { text: '颜色', bold: true }, '不是', { text: '染料', italic: true }, '。'),
    { type: 'heading', text: '两束反射光' },
    paragraph('参看', { text: '另一篇', story: 'linked0001' }, '里的说法。'),
    picture('/pictures/soap-bubble-colours-2.jpg', { caption: '两个表面各反射一束光', credit: '科普云绘' }),
    { type: 'quote', spans: ['看见黑斑，泡的寿命只剩几秒。'] },
    { type: 'list', ordered: true, items: [['蘸一点水'], ['轻轻吹']] },
    {
      type: 'table',
      head: ['厚度', '颜色'],
      rows: [
        ['100纳米', '绿'],
        ['30纳米', '黑'],
      ],
    },
    { type: 'code', text: '2nd = (m + 1/2)λ' },
    paragraph('全文到此为止。'),
  ],
})

/** Bad input that reaches a page: published, accepted by the contract, and hard to draw. */
export const hardStories: HardStory[] = [
  {
    what: '2,000 blocks',
    row: storyRow('hard000001', 1, {
      title: '两千段的长文',
      blocks: Array.from({ length: 2000 }, (_, index) =>
        index % 50 === 49
          ? { type: 'heading', text: `第${(index + 1) / 50}节` }
          : paragraph(`第${index}段。`, { text: '重点', bold: true }, '在这里。'),
      ),
    }),
    shows: ['第0段。', '第1998段。', '第40节'],
  },
  {
    what: 'a paragraph of 4,000 characters without a space',
    row: storyRow('hard000002', 2, {
      title: '没有空格的长段',
      blocks: [paragraph('W'.repeat(4000)), paragraph('长'.repeat(4000)), paragraph('长段之后。')],
    }),
    shows: ['WWWWWWWW', '长段之后。'],
  },
  {
    what: 'pictures that are missing, broken or as tall as a tower',
    row: storyRow('hard000003', 3, {
      title: '图片都坏了',
      cover: { src: '/pictures/no-such-cover.jpg', width: 1200, height: 675, alt: '不在的封面' },
      blocks: [
        paragraph('图片之前。'),
        picture('/pictures/no-such-picture.jpg', { alt: '不在的图' }),
        picture('not an address at all', { alt: '', caption: '没有地址的图' }),
        picture('/pictures/soap-bubble-colours.jpg', { width: 10, height: 60_000, alt: '一座塔' }),
        picture('cloud://nowhere/no-such-file.png', { alt: '不在云里的图' }),
        paragraph('图片之后。'),
      ],
    }),
    shows: ['图片之前。', '没有地址的图', '图片没有加载出来，点此重试', '图片之后。'],
  },
  {
    what: 'no teaser, no column, no cover, no author, no tags',
    row: (() => {
      const { teaser, column, author, tags, ...bare } = storyRow('hard000004', 4, { title: '光秃秃的稿子' })
      return bare
    })(),
    shows: ['光秃秃的稿子', '正文。\n[ 责编：编辑 ]'],
  },
  {
    what: 'a title of 120 characters',
    row: storyRow('hard000005', 5, { title: title120 }),
    shows: [title120, '正文。'],
  },
  {
    what: 'emoji and rare characters',
    row: storyRow('hard000006', 6, {
      title: '👩‍🚀𠮷野家的𪚥字与🇨🇳',
      teaser: '𠀀𠮷𪚥🧑🏽‍🔬é',
      blocks: [
        paragraph('扩展B：𠀀𠮷𪚥；', { text: '👩‍👩‍👧‍👦', bold: true }, '；é与é；\u0000零与\uFFFD。'),
        { type: 'heading', text: '🧪𫍯' },
        paragraph('孤零零的半个字符：\uD842。'),
        paragraph('稀字到此。'),
      ],
    }),
    shows: ['👩‍🚀𠮷野家的𪚥字与🇨🇳', '𠀀𠮷𪚥', '👩‍👩‍👧‍👦', '稀字到此。'],
  },
  {
    what: 'fragments written from right to left',
    row: storyRow('hard000007', 7, {
      title: '阿拉伯语的 الجبر 是“代数”的来历',
      blocks: [
        paragraph(
          '“代数”一词来自 ',
          { text: 'الجبر والمقابلة', bold: true },
          ' 这本书，',
          '\u202E倒过来\u202C',
          '也读得通。',
        ),
        paragraph('עברית'),
        { type: 'table', head: ['语言', '写法'], rows: [['阿拉伯语', 'الجبر']] },
        paragraph('从右往左的到此。'),
      ],
    }),
    shows: ['الجبر', '从右往左的到此。'],
  },
  {
    what: 'markup, templates and addresses in its text',
    row: storyRow('hard000008', 8, {
      title: '<b>{{标题}}</b> & "引号"',
      teaser: '<script>alert(1)</script>',
      source: '<i>来源</i>',
      blocks: [
        paragraph('<img src=x onerror=alert(1)> &amp; {{1+1}} %E4%BD'),
        { type: 'code', text: 'if (a < b && c > d) {\n  return "</view>"\n}' },
        { type: 'list', ordered: false, items: [['<li>一</li>']] },
        paragraph('标记到此。'),
      ],
    }),
    shows: ['<b>{{标题}}</b> & "引号"', '<img src=x onerror=alert(1)> &amp; {{1+1}} %E4%BD', '标记到此。'],
  },
  {
    what: 'a long address or a long word in every place',
    row: storyRow('hard000010', 10, {
      title: `标题${longWord}`,
      teaser: `提要${longAddress}`,
      source: longWord.repeat(2),
      author: longWord.repeat(2),
      editor: longAddress,
      cover: { src: '/pictures/whale-fall.jpg', width: 1200, height: 675, alt: longAddress },
      credit: longAddress,
      corrected: { at: { $date: '2026-03-04T01:05:00.000Z' }, reason: `出处应为${longAddress}。` },
      topic: { id: 'longtopic1', title: longWord.repeat(2) },
      blocks: [
        picture('/pictures/whale-fall.jpg', { caption: longAddress, credit: longWord.repeat(2) }),
        { type: 'heading', text: `什么是${longWord}` },
        { type: 'quote', spans: [longAddress] },
        { type: 'list', ordered: true, items: [[longAddress], [{ text: longWord.repeat(2), code: true }]] },
        { type: 'table', head: [longWord, '二'], rows: [[longAddress, longWord]] },
        { type: 'code', text: longAddress },
        paragraph({ text: longAddress, bold: true }),
        paragraph('长词到此。'),
      ],
    }),
    shows: [longAddress, `什么是${longWord}`, '长词到此。'],
  },
  {
    what: 'blocks that are empty',
    row: storyRow('hard000009', 9, {
      title: '空空的块',
      blocks: [
        paragraph(),
        paragraph(''),
        { type: 'heading', text: '' },
        { type: 'list', ordered: true, items: [] },
        { type: 'list', ordered: true, items: [[]] },
        { type: 'table', head: [], rows: [] },
        { type: 'table', head: ['甲', '乙'], rows: [['只有一格'], ['一', '二', '三']] },
        { type: 'code', text: '' },
        { type: 'quote', spans: [] },
        paragraph('空块到此。'),
      ],
    }),
    shows: ['只有一格', '空块到此。'],
  },
]

const textAround = '一段平常的话。'

/** Stories with one odd thing each, which a reader must not notice. */
export const oddStories = {
  /** The same hard break on its own, and where WeChat gets one rich text of many blocks. */
  hardBreak: storyRow('hardbreak1', -9, {
    corrected: { at: { $date: '2026-03-04T01:05:00.000Z' }, reason: '改了\n两处' },
    blocks: [
      paragraph('床前明月光，\n疑是地上霜。'),
      { type: 'heading', text: '静夜\n思' },
      { type: 'table', head: ['上\n句', '下句'], rows: [['举头\n望明月', '低头']] },
      picture('http://[', { alt: '', caption: '月\n亮' }),
    ],
  }),
  lateHardBreak: storyRow('hardbreak2', -8, {
    blocks: [
      ...Array.from({ length: 900 }, () => paragraph(textAround)),
      paragraph('举头望明月，\n低头思故乡。'),
    ],
  }),
  /** Lowered and raised text, and a list that goes on at 7; on its own and as rich text. */
  shifted: storyRow('shifted001', -10, {
    blocks: [
      paragraph('CO', { text: '2', sub: true }, '和10', { text: '−9', sup: true }, '米'),
      { type: 'list', ordered: true, start: 7, items: [['第七条'], ['第八条']] },
      ...Array.from({ length: 820 }, () => paragraph('一段。')),
      paragraph('末段的H', { text: '2', sub: true }, 'O'),
      { type: 'list', ordered: true, start: 9, items: [['第九条']] },
    ],
  }),
  samePicture: storyRow('samepic001', -7, {
    blocks: [
      picture('/pictures/soap-bubble-colours.jpg', { alt: '图一' }),
      picture('/pictures/whale-fall.jpg', { alt: '图二' }),
      picture('/pictures/soap-bubble-colours.jpg', { alt: '图三' }),
      paragraph(textAround),
    ],
  }),
  noProtocol: storyRow('protorel01', -6, {
    cover: { src: '//pictures.example/a.jpg', width: 1200, height: 675, alt: '示意图' },
    blocks: [paragraph(textAround)],
  }),
  inCloud: storyRow('cloudcover', -5, {
    cover: { src: 'cloud://env.1234/covers/封面 b.jpg', width: 1200, height: 675, alt: '示意图' },
    blocks: [paragraph(textAround)],
  }),
  /** Addresses that no URL parser takes. */
  badAddress: storyRow('badaddress', -4, {
    focus: true,
    cover: { src: 'http://[', thumb: 'https://%', width: 1200, height: 675, alt: '示意图' },
    blocks: [picture('http://a b:99999/', { alt: '' }), paragraph(textAround)],
  }),
  /** Its quotation cannot be drawn by a build with `breakQuotes`. */
  quoted: storyRow('quoted0001', -3, {
    blocks: [paragraph('引文之前。'), { type: 'quote', spans: ['引文'] }, paragraph('引文之后。')],
  }),
}

/** Plants a render error in a bundle: quotations throw when they are drawn. */
export const breakQuotes = (code: string): string =>
  code.replace(
    /case"quote":return(?=\([^;]{0,60}className:"block-quote")/,
    'case"quote":throw Error("planted");return',
  )
