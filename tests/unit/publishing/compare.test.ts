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
