import fc from 'fast-check'
import type { Article, Block } from '#contract/article'
import { bodyOf } from '#features/reading/body-of'
import { batchBlocks, batchesOf, type Piece, piecesOf } from '../../../src/features/reading/body-pieces'
import { foldAt, weightOf } from '../../../src/features/reading/fold-at'

const paragraph = (length: number): Block => ({ type: 'paragraph', spans: ['文'.repeat(length)] })
const table = (columns: number, rows: number): Block => ({
  type: 'table',
  head: Array.from({ length: columns }, () => '一'),
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => '一')),
})
const heading: Block = { type: 'heading', text: '小标题' }

const text = fc.string({ unit: 'grapheme', maxLength: 200 })
const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 5, arbitrary: text.map((words): Block => ({ type: 'paragraph', spans: [words] })) },
  text.map((words): Block => ({ type: 'paragraph', spans: [{ text: words, bold: true as const }, words] })),
  text.map((words): Block => ({ type: 'heading', text: words })),
  fc
    .array(text, { maxLength: 5 })
    .map((items): Block => ({ type: 'list', ordered: true, items: items.map(item => [item]) })),
  fc.constant<Block>({ type: 'picture', src: '/p.png', width: 4, height: 3, alt: '' }),
)
const blocksIn = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + ('block' in piece ? 1 : piece.blocks), 0)

describe('the fold', () => {
  test('a story of a few screens is shown whole', () => {
    expect(foldAt(Array.from({ length: 10 }, () => paragraph(120)))).toBeNull()
    expect(foldAt([])).toBeNull()
    expect(foldAt([paragraph(4000)])).toBeNull()
  })

  test('a long story shows its beginning and names the rest', () => {
    const fold = foldAt(Array.from({ length: 25 }, () => paragraph(130)))
    expect(fold).toEqual({ at: 10, rest: 60 })
  })

  test.each([
    ['two thousand characters', Array.from({ length: 20 }, () => paragraph(100)), { at: 8, rest: 60 }],
    ['one character less', [...Array.from({ length: 19 }, () => paragraph(100)), paragraph(99)], null],
    ['a quarter left to read', [paragraph(1_500), paragraph(500)], { at: 1, rest: 25 }],
    ['less than a quarter left', [paragraph(1_503), paragraph(500)], null],
  ])('a story of %s', (_, blocks, fold) => {
    expect(foldAt(blocks)).toEqual(fold)
  })

  test('of two sub-headings above the fold, none stays there', () => {
    const title: Block = { type: 'heading', text: '题'.repeat(55) }
    const [above, behind] = [7, 12].map(length => Array.from({ length }, () => paragraph(100)))
    expect(foldAt([...(above ?? []), title, title, ...(behind ?? [])])).toEqual({ at: 7, rest: 65 })
  })

  test('a sub-heading is never the last block above the fold, and a section that is nearly over is shown to its end', () => {
    const filler = Array.from({ length: 9 }, () => paragraph(100))
    const alone = [...filler, heading, ...filler, ...filler]
    const cut = foldAt(alone)
    expect(alone[(cut?.at ?? 0) - 1]).not.toEqual(heading)
    const ending = [...Array.from({ length: 12 }, () => paragraph(100)), heading, ...filler, ...filler]
    expect(foldAt(ending)?.at).toBe(12)
    // Of 3,200 characters the fold shows 1,281 at least: thirteen paragraphs.
    const foldBefore = (paragraphs: number) => {
      const all = Array.from({ length: 32 }, () => paragraph(100))
      return foldAt([...all.slice(0, paragraphs), heading, ...all.slice(paragraphs)])
    }
    expect([13, 14, 15, 16].map(foldBefore)).toEqual([
      { at: 13, rest: 59 },
      { at: 14, rest: 56 },
      { at: 15, rest: 53 },
      { at: 13, rest: 59 },
    ])
  })

  test('a story whose rest is short is shown whole', () => {
    // One long paragraph brings the reader far: what is left is 20 % of the story.
    expect(foldAt([paragraph(700), paragraph(1_700), paragraph(600)])).toBeNull()
  })

  test('a fold always leaves a beginning and a rest, and its percentage is the size of the rest', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 120 }), blocks => {
        const fold = foldAt(blocks)
        if (!fold) return
        expect(fold.at).toBeGreaterThan(0)
        expect(fold.at).toBeLessThan(blocks.length)
        const weights = blocks.map(weightOf)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const rest = weights.slice(fold.at).reduce((sum, weight) => sum + weight, 0)
        expect(fold.rest).toBe(Math.round((rest / total) * 100))
        expect(fold.rest).toBeGreaterThanOrEqual(25)
      }),
    )
  })
})

describe('a body in pieces', () => {
  test('no block is lost or moved, wherever the fold is', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 200 }), fc.nat(200), (blocks, at) => {
        const fold = Math.min(at, blocks.length)
        const [front, back] = piecesOf(blocks, fold)
        expect(blocksIn(front)).toBe(fold)
        expect(blocksIn(back)).toBe(blocks.length - fold)
        expect(batchesOf(front, 5).flat()).toEqual(front)
        expect(batchesOf(back, 0).flat()).toEqual(back)
      }),
    )
  })

  test('no piece of a very long story reaches across the fold', () => {
    const long = Array.from({ length: 1_000 }, () => paragraph(20))
    for (const foldedAt of [500, 830, 851]) {
      const [front, back] = piecesOf(long, foldedAt)
      expect([blocksIn(front), blocksIn(back)]).toEqual([foldedAt, 1_000 - foldedAt])
    }
  })

  test('two thousand blocks become few pieces, in updates of at most sixty blocks', () => {
    const [pieces] = piecesOf(Array.from({ length: 2000 }, () => paragraph(120)))
    expect(pieces.length).toBeLessThan(440)
    for (const batch of batchesOf(pieces, 5)) expect(blocksIn(batch)).toBeLessThanOrEqual(batchBlocks)
  })

  test.each([
    ['twenty thousand characters', 0, paragraph(1_000), 45, [20, 20, 5]],
    ['sixty blocks', 0, paragraph(10), 130, [60, 60, 10]],
    ['its first screen', 5, paragraph(10), 130, [5, 60, 60, 5]],
    ['one block, however long', 0, paragraph(30_000), 3, [1, 1, 1]],
    ['one long block with the headline', 5, paragraph(20_000), 3, [1, 1, 1]],
    ['a few tables of many cells', 0, table(6, 10), 9, [4, 4, 1]],
  ])('an update has at most %s', (_, first, block, count, expected) => {
    const pieces = Array.from({ length: count }, () => ({ block }))
    expect(batchesOf(pieces, first).map(batch => batch.length)).toEqual(expected)
  })

  test('the pictures of a story leave less room for single blocks', () => {
    const picture: Block = { type: 'picture', src: '/p.png', width: 4, height: 3, alt: '' }
    const lastAfter = (pictures: number) =>
      piecesOf([...Array.from({ length: pictures }, () => picture), paragraph(10)])[0].at(-1)
    expect(lastAfter(199)).toEqual({ block: paragraph(10) })
    expect(lastAfter(200)).toMatchObject({ blocks: 1 })
  })

  test('an update of very long paragraphs stays far below WeChat’s limit', () => {
    const [pieces] = piecesOf(Array.from({ length: 300 }, () => paragraph(4000)))
    for (const batch of batchesOf(pieces, 5)) {
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(200_000)
    }
  })

  test('in a very long story a link to another story still opens it', () => {
    const linked: Block = { type: 'paragraph', spans: ['参看', { text: '另一篇', story: 'other00001' }] }
    const [pieces] = piecesOf([...Array.from({ length: 600 }, () => paragraph(40)), linked, paragraph(40)])
    expect(pieces).toContainEqual({ block: linked })
    // There is a limit: in a story of nothing but links, links are joined too.
    const [many] = piecesOf(Array.from({ length: 2000 }, () => linked))
    expect(many.length).toBeLessThan(300)
  })

  test('the text of a story cannot become markup in a rich text', () => {
    const [pieces] = piecesOf(
      Array.from(
        { length: 900 },
        (): Block => ({ type: 'paragraph', spans: ['<img src=x onerror=alert(1)>&'] }),
      ),
    )
    const last = pieces[pieces.length - 1]
    expect(last && 'html' in last && last.html).toContain('&lt;img src=x onerror=alert(1)&gt;&amp;')
    expect(last && 'html' in last && last.html).not.toContain('<img')
  })

  test('very long paragraphs of a very long story stay far below the limit too', () => {
    const [pieces] = piecesOf(Array.from({ length: 700 }, () => paragraph(4000)))
    expect(pieces.some(piece => 'html' in piece)).toBe(true)
    for (const batch of batchesOf(pieces, 5)) {
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(200_000)
    }
  })

  test('a rich text shows each kind of block and each mark, with the lines that its author wrote', () => {
    const filler = Array.from({ length: 400 }, () => paragraph(1))
    const htmlOf = (block: Block) => {
      const [pieces] = piecesOf([...filler, block])
      const last = pieces.at(-1)
      return last && 'html' in last ? last.html : last
    }
    const marked = (marks: object): Block => ({ type: 'paragraph', spans: ['平', { text: '字', ...marks }] })
    const p = (html: string) => `<p class="block-p">${html}</p>`
    expect(
      [
        marked({ bold: true }),
        marked({ italic: true }),
        marked({ code: true }),
        marked({ sub: true }),
        marked({ sup: true }),
        marked({ bold: true, italic: true }),
        { type: 'paragraph', spans: ['一行\n一行', { text: '一\n二', bold: true }] } as Block,
        { type: 'quote', spans: ['引<文>'] } as Block,
        { type: 'heading', text: '小"标题"\n两行' } as Block,
        { type: 'code', text: 'if (a < b)\n  c()\nd' } as Block,
        { type: 'list', ordered: true, start: 3, items: [['三'], ['四']] } as Block,
        { type: 'list', ordered: true, items: [['一']] } as Block,
        { type: 'list', ordered: false, items: [['条']] } as Block,
      ].map(htmlOf),
    ).toEqual([
      p('平<b>字</b>'),
      p('平<i>字</i>'),
      p('平<code>字</code>'),
      p('平<sub>字</sub>'),
      p('平<sup>字</sup>'),
      p('平<b><i>字</i></b>'),
      p('一行<br>一行<b>一<br>二</b>'),
      '<div class="block-quote">引&lt;文&gt;</div>',
      '<h2 class="block-h2">小&quot;标题&quot;<br>两行</h2>',
      '<div class="block-code">if (a &lt; b)<br>  c()<br>d</div>',
      p('3. 三') + p('4. 四'),
      p('1. 一'),
      p('· 条'),
    ])
    // Pictures and tables are no text.
    const picture: Block = { type: 'picture', src: '/p.png', width: 4, height: 3, alt: '' }
    const table: Block = { type: 'table', head: ['a'], rows: [['b']] }
    expect([picture, table].map(htmlOf)).toEqual([{ block: picture }, { block: table }])
  })

  test('links in lists and quotes of a very long story still open, those in other text are none', () => {
    const filler = Array.from({ length: 400 }, () => paragraph(1))
    const link = { text: '另一篇', story: 'other00001' }
    const isSingle = (block: Block) => 'block' in (piecesOf([...filler, block])[0].at(-1) ?? {})
    expect(
      [
        { type: 'list', ordered: false, items: [['甲'], [link]] } as Block,
        { type: 'quote', spans: [link] } as Block,
        { type: 'list', ordered: false, items: [['甲'], [{ text: '乙', bold: true }]] } as Block,
        { type: 'quote', spans: [{ text: '乙', bold: true }] } as Block,
      ].map(isSingle),
    ).toEqual([true, true, false, false])
  })
})

test.each<[string, Block, number]>([
  ['a paragraph', { type: 'paragraph', spans: ['一二', { text: '三', bold: true }] }, 3],
  ['a quote', { type: 'quote', spans: ['一二'] }, 2],
  ['a heading', { type: 'heading', text: '一二三' }, 3],
  ['code', { type: 'code', text: 'x = 1' }, 5],
  ['a list, whose every line takes room', { type: 'list', ordered: true, items: [['一'], ['二三']] }, 23],
  ['a table, whose every row takes room', { type: 'table', head: ['一', '二'], rows: [['三', '四五']] }, 25],
  ['a picture', { type: 'picture', src: '/p.png', width: 4, height: 3, alt: '一二' }, 100],
])('the fold counts %s by its text', (_, one, weight) => {
  expect(weightOf(one)).toBe(weight)
})

describe('the cover of a story', () => {
  const cover = { src: '/cover.jpg', width: 4, height: 3, alt: '鲸' }
  const picture = { type: 'picture', ...cover } as const
  const words: Block = { type: 'paragraph', spans: ['正文'] }
  const body = (change: Partial<Article>) => bodyOf({ blocks: [words], ...change } as Article)

  test('comes first, with its credit, unless the text shows the same picture', () => {
    expect(body({ cover })).toEqual([picture, words])
    expect(body({ cover, credit: '某人' })).toEqual([{ ...picture, credit: '某人' }, words])
    expect(body({})).toEqual([words])
    const other = { ...picture, src: '/other.jpg' }
    expect(body({ cover, blocks: [words, other] })).toEqual([picture, words, other])
    const same = { ...picture, caption: '图说' }
    expect(body({ cover, blocks: [words, same] })).toEqual([words, same])
  })
})
