import { differences } from '../../../cloudfunctions/editor/compare'

jest.mock('wx-server-sdk', () => ({ init: () => undefined, database: () => ({ command: {} }) }))

const paragraph = (...spans: unknown[]) => ({ type: 'paragraph', spans })
const version = (changes: object) => ({
  title: '鲸落',
  teaser: '一头鲸。',
  channel: 'earth',
  column: 'ocean',
  blocks: [paragraph('第一段。'), paragraph('一头鲸沉到海底，会变成一片绿洲。'), paragraph('第三段。')],
  ...changes,
})

test('a changed field is named as editors know it, with what was removed and added', () => {
  expect(differences(version({}), version({ title: '鲸落与深海', column: 'weather' }))).toEqual([
    '标题　鲸落【增：与深海】',
    '栏目　【删：海洋】【增：气象】',
  ])
})

test('changed, added and removed lines of the text are told apart, with their place', () => {
  const after = [
    paragraph('开头新加的一段。'),
    paragraph('第一段。'),
    paragraph('一头鲸沉到', { text: '海床', bold: true }, '，会变成一片绿洲。'),
  ]
  expect(differences(version({}), version({ blocks: after }))).toEqual([
    '增　第 1 行　开头新加的一段。',
    '改　第 3 行　一头鲸沉到海【删：底】【增：床】，会变成一片绿洲。',
    '删　第三段。',
  ])
})

test('a line that has little in common with the one before it is another line; a very long one is cut', () => {
  const [old, long] = ['火山喷发了！', '长'.repeat(700)]
  const of = (text: string) => version({ blocks: [paragraph(text)] })
  expect(differences(of(old), of('一头鲸沉到海底。'))).toEqual([
    `删　${old}`,
    '增　第 1 行　一头鲸沉到海底。',
  ])
  const [, added = ''] = differences(of(old), of(long))
  expect(added).toMatch(/^增　第 1 行　长+…$/)
  expect(added).toHaveLength(601)
})

test('far from a change a long paragraph is left out', () => {
  const long = (word: string) =>
    version({ blocks: [paragraph(`${'长'.repeat(300)}${word}${'句'.repeat(300)}`)] })
  expect(differences(long('旧'), long('新'))).toEqual([
    `改　第 1 行　…${'长'.repeat(16)}【删：旧】【增：新】${'句'.repeat(16)}…`,
  ])
})

test('every kind of block is compared', () => {
  const blocks = (n: number) => [
    { type: 'heading', text: `标题${n}` },
    { type: 'quote', spans: [`引文${n}`] },
    { type: 'list', ordered: false, items: [['甲'], [`乙${n}`]] },
    { type: 'picture', src: 'cloud://a', width: 1, height: 1, alt: `图${n}` },
    { type: 'picture', src: 'cloud://b', width: 1, height: 1, alt: '图', credit: `摄影${n}` },
    { type: 'picture', src: 'cloud://c', width: 1, height: 1, alt: '图', caption: `说明${n}` },
    { type: 'table', head: ['表头'], rows: [[`格${n}`]] },
    { type: 'code', text: `行一\n行二${n}` },
  ]
  const lines = differences(version({ blocks: blocks(1) }), version({ blocks: blocks(2) }))
  expect(lines).toHaveLength(8)
  for (const line of lines) expect(line).toMatch(/【删：1】【增：2】/)
})

test('what only differs in marks, search terms or version has no difference to read', () => {
  const marked = [paragraph({ text: '第一段。', bold: true }), ...version({}).blocks.slice(1)]
  expect(differences(version({ terms: ['a'] }), version({ blocks: marked, terms: ['b'] }))).toEqual([])
})

test('every field of a version is compared under its Chinese name; times and tags as editors write them', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 27, hour))
  const full = {
    ...{
      title: '题',
      teaser: '导',
      channel: 'earth',
      column: 'ocean',
      source: '源',
      author: '者',
      editor: '编',
    },
    ...{
      tags: ['甲', '乙'],
      cover: { src: '/c.jpg', alt: '说' },
      credit: '图',
      shareCover: { src: '/s.jpg' },
    },
    ...{ relatedChosen: ['one', 'two'], topic: { title: '专' }, poll: 'pans' },
    ...{ publishedAt: at(1), offlineAt: at(2), corrected: { reason: '错字' } },
  }
  const words = [
    ...[
      '标题　题',
      '导语　导',
      '频道　地球',
      '栏目　海洋',
      '来源　源',
      '作者　者',
      '责编　编',
      '标签　甲、乙',
    ],
    ...[
      '封面　/c.jpg',
      '封面说明　说',
      '封面出处　图',
      '分享图　/s.jpg',
      '相关阅读　one、two',
      '专题　专',
      '云投　pans',
    ],
    ...['发布时间　2026-11-27 09:00', '下线时间　2026-11-27 10:00', '更正说明　错字'],
  ]
  const marked = (mark: string) => words.map(one => one.replace(/　(.+)$/, `　【${mark}：$1】`))
  expect(differences({}, full)).toEqual(marked('增'))
  expect(differences(full, {})).toEqual(marked('删'))
  expect(differences(full, full)).toEqual([])
  // What a later edition of the site has no name for is shown as it is stored.
  expect(differences({}, { channel: 'gone', column: 'old' })).toEqual([
    '频道　【增：gone】',
    '栏目　【增：old】',
  ])
})

test('text that is as long as what stands beside a change is shown whole', () => {
  const of = (beside: number, word: string) =>
    version({ blocks: [paragraph(`${'前'.repeat(beside)}${word}${'后'.repeat(beside)}`)] })
  const [whole] = differences(of(18, '旧'), of(18, '新'))
  expect(whole).toBe(`改　第 1 行　${'前'.repeat(18)}【删：旧】【增：新】${'后'.repeat(18)}`)
  const [cut] = differences(of(19, '旧'), of(19, '新'))
  expect(cut).toBe(`改　第 1 行　…${'前'.repeat(16)}【删：旧】【增：新】${'后'.repeat(16)}…`)
  const twice = (between: number, word: string) =>
    version({ blocks: [paragraph(`${word}${'中'.repeat(between)}${word}`)] })
  const [middle] = differences(twice(35, '旧'), twice(35, '新'))
  expect(middle).toBe(
    `改　第 1 行　【删：旧】【增：新】${'中'.repeat(16)}…${'中'.repeat(16)}【删：旧】【增：新】`,
  )
})

test('of more than two hundred differences the first are listed, and the others counted', () => {
  const many = (count: number, word: string) =>
    version({ blocks: Array.from({ length: count }, (_, n) => paragraph(`${word}${n}`)) })
  const added = (count: number) => differences(version({ blocks: [] }), many(count, '段'))
  expect(added(200)).toHaveLength(200)
  expect(added(201).slice(-2)).toEqual(['增　第 200 行　段199', '还有 1 处没有列出'])
})

test('the place of a changed line is its place in the newer text', () => {
  const lines = (...texts: string[]) => version({ blocks: texts.map(text => paragraph(text)) })
  const before = lines('甲甲甲甲', '不变的一行', '乙乙乙乙', '丙丙丙丙', '末尾的一行')
  const after = lines('不变的一行', '乙乙乙乙改', '末尾的一行', '再加的一行')
  expect(differences(before, after)).toEqual([
    '删　甲甲甲甲',
    '改　第 2 行　乙乙乙乙【增：改】',
    '删　丙丙丙丙',
    '增　第 4 行　再加的一行',
  ])
})

test('two long texts with nothing in common give a bounded answer in bounded time', () => {
  const text = (seed: number) =>
    Array.from({ length: 2_000 }, (_, n) =>
      paragraph(`${(seed * 7919 + n * 104_729).toString(36)}`.repeat(40)),
    )
  const begun = Date.now()
  const lines = differences(version({ blocks: text(1) }), version({ blocks: text(2) }))
  expect(Date.now() - begun).toBeLessThan(10_000)
  expect(lines.length).toBeLessThanOrEqual(201)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(700)
})
