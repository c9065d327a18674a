import { isSameValue, plainCell, readCell, safeCell, writeCell } from '#shared/transfer/cells'
import { decodeText } from '#shared/transfer/decode-text'
import { plainValue, writtenValue } from '#shared/transfer/plain-value'
import { entriesOf, isWrittenByUs, orderedFields, type TableField } from '#shared/transfer/table-model'
import { rowWriter } from '#shared/transfer/write-rows'

const now = Date.UTC(2026, 10, 1)
const words: TableField = { type: 'array', items: { type: 'string', maxLength: 20 } }
const sentences: TableField = { type: 'array', items: { type: 'string', maxLength: 21 } }
const objects: TableField = { type: 'array', items: { type: 'object' } }
const object: TableField = { type: 'object' }
const text: TableField = { type: 'string' }
const number: TableField = { type: 'number' }
const truth: TableField = { type: 'boolean' }
const time: TableField = { type: 'number', format: 'datetime' }
const morning = Date.UTC(2026, 10, 20, 1, 30)

test.each<[string, TableField, unknown]>([
  [' 题 ', text, ' 题 '],
  ['', text, ''],
  [' 12.5 ', number, 12.5],
  ['-3', number, -3],
  ['0', number, 0],
  [' ', number, null],
  ['TRUE', truth, true],
  [' 是 ', truth, true],
  ['1', truth, true],
  ['False', truth, false],
  ['否', truth, false],
  ['0', truth, false],
  ['', truth, false],
  ['', time, 0],
  ['2026-11-20 09:30', time, morning],
  ['', words, []],
  [' 海洋、月球，潮汐; 鲸 ', words, ['海洋', '月球', '潮汐', '鲸']],
  ['甲，乙\n\n 丙 \n', sentences, ['甲，乙', '丙']],
  ['["甲、乙"]', words, ['甲、乙']],
  ['[ "甲" ]', words, ['甲']],
  ['[]', words, []],
  ['[1] Smith, 2015\n[2] 甲、乙', sentences, ['[1] Smith, 2015', '[2] 甲、乙']],
  ['', objects, []],
  ['[{"key":"a"}]', objects, [{ key: 'a' }]],
  ['', object, null],
  [' {"a":1} ', object, { a: 1 }],
])('the cell %j of a field %j is read as %j', (cell, field, value) => {
  expect(readCell(cell, field, now)).toEqual(value)
})

test.each<[string, TableField, string]>([
  ['十', number, '要写成数字'],
  ['Infinity', number, '要写成数字'],
  ['也许', truth, '要写成 是 或 否'],
  ['10', truth, '要写成 是 或 否'],
  ['不是', truth, '要写成 是 或 否'],
  ['昨天', time, '看不懂这个时间，请写成北京时间，如 2026-11-20 09:30'],
  ['甲、乙', objects, '这一格要写成 JSON'],
  ['["甲", "乙"', words, '这一格要写成 JSON'],
  ['{"a":1}', objects, '这一格要写成 JSON 数组'],
  ['[1]', object, '这一格要写成 JSON 对象'],
])('the cell %j of a field %j is refused: %s', (cell, field, told) => {
  expect(() => readCell(cell, field, now)).toThrow(told)
})

test.each<[unknown, TableField, string]>([
  [undefined, text, ''],
  [null, words, ''],
  ['题', text, '题'],
  [7, text, '7'],
  [0, number, '0'],
  [false, truth, 'false'],
  [morning, time, '2026-11-20 09:30'],
  [morning + 5_000, time, '2026-11-20 09:30:05'],
  [new Date(morning), time, '2026-11-20 09:30'],
  [0, time, ''],
  ['某一天', time, '某一天'],
  [['海洋', '月球'], words, '海洋、月球'],
  [['甲，乙', '丙'], sentences, '甲，乙\n丙'],
  [['海 洋'], words, '["海 洋"]'],
  [['甲\n乙'], sentences, '["甲\\n乙"]'],
  [['[1] Smith, 2015', '[2] 甲、乙'], sentences, '[1] Smith, 2015\n[2] 甲、乙'],
  [['[7]'], words, '["[7]"]'],
  [['["甲'], words, '["[\\"甲"]'],
  [[7], words, '[7]'],
  [[], words, ''],
  [{ at: new Date(morning) }, object, '{"at":{"$date":"2026-11-20T01:30:00.000Z"}}'],
])('%j in a field %j is written as %j', (value, field, cell) => {
  expect(writeCell(value, field, now)).toBe(cell)
})

test('what spreadsheets would run is written as text, and read back as it was', () => {
  const run = ['=1+1', '+1', '-1', '@a', '＝1', '＋1', '－1', '＠a', '\t=1', '\r=1', '\n=1', "'=1", "''-1"]
  for (const cell of run) expect([safeCell(cell), plainCell(safeCell(cell))]).toEqual([`'${cell}`, cell])
  for (const cell of ['题', "'旅行者'号", 'a=1', '', '1-1'])
    expect([safeCell(cell), plainCell(cell)]).toEqual([cell, cell])
})

test.each<[unknown, unknown, TableField | undefined, boolean]>([
  [morning, '2026-11-20 09:30', time, true],
  [morning, '2026-11-20 09:31', time, false],
  [0, '', time, true],
  ['某天', '某天 ', time, false],
  [['海洋', '月球'], ' 海洋，月球', words, true],
  [['海洋', '月球'], '月球、海洋', words, false],
  ['海洋、月球', '海洋 月球', words, true],
  ['海洋、月球', '海洋 月球', text, false],
  ['海洋、月球', '海洋 月球', undefined, false],
  ['["a"]', ['a'], words, false],
  [['[1] 甲', '乙'], '[1] 甲\n乙 ', sentences, true],
  [{ a: [1] }, { a: [1] }, undefined, true],
])('%j and %j in a field %j mean the same: %j', (a, b, field, isSame) => {
  expect([isSameValue(a, b, field, now), isSameValue(b, a, field, now)]).toEqual([isSame, isSame])
})

describe('extended JSON', () => {
  test.each<[unknown, unknown]>([
    [{ $date: '2026-11-20T01:30:00Z' }, new Date(morning)],
    [{ $date: '2026-11-20T09:30+08:00' }, new Date(morning)],
    [{ $date: '2026-11-20T09:30:00.000+0800' }, new Date(morning)],
    [{ $date: morning }, new Date(morning)],
    [{ $date: { $numberLong: String(morning) } }, new Date(morning)],
    [{ $numberDouble: 1.5 }, 1.5],
    [{ $oid: 'c0ffee' }, 'c0ffee'],
    [
      [{ a: [{ $numberInt: '1' }] }, null, 'x'],
      [{ a: [1] }, null, 'x'],
    ],
  ])('%j is %j', (written, value) => expect(plainValue(written)).toEqual(value))

  test.each<[unknown, string]>([
    [{ $date: '2026-11-20' }, '日期要写成'],
    [{ $date: '2026-11-20T01:30:00' }, '日期要写成'],
    [{ $date: '2026-02-29T01:30:00Z' }, '没有这个日期'],
    [{ $date: '2026-11-20T25:30:00Z' }, '没有这个日期'],
    [{ $date: '2026-13-20T01:30:00Z' }, '没有这个日期'],
    [{ $date: 8.7e15 }, '没有这个日期'],
    [{ $date: 'x' }, '日期要写成'],
    [{ $date: true }, '数字写错了'],
    [{ $numberLong: null }, '数字写错了'],
    [{ $oid: 7 }, '不能用这个名字：$oid'],
    [{ $numberInt: '1', more: 1 }, '不能用这个名字：$numberInt'],
    [{ a: { $set: 1 } }, '不能用这个名字：$set'],
    [{ 'a.b': 1 }, '不能用这个名字：a.b'],
    [JSON.parse('{"__proto__":1}'), '不能用这个名字：__proto__'],
    [{ constructor: 1 }, '不能用这个名字：constructor'],
    [{ [`$${'x'.repeat(60)}`]: 1 }, `不能用这个名字：$${'x'.repeat(39)}`],
  ])('%j is refused: %s', (written, told) =>
    expect(() => plainValue(written)).toThrow(new RegExp(`^${told.replaceAll('$', '\\$')}.*$`)),
  )

  test('thirty levels deep is read, one more is refused, and a wrapper that stays is left alone', () => {
    const deep = (levels: number): unknown => (levels === 0 ? {} : [deep(levels - 1)])
    expect(plainValue(deep(30))).toEqual(deep(30))
    expect(() => plainValue(deep(31))).toThrow('嵌套太深')
    const kept = { $binary: { base64: '' } }
    expect(plainValue({ a: kept }, new Set(['$binary']))).toEqual({ a: kept })
    expect(() => plainValue({ a: kept })).toThrow('不能用这个名字：$binary')
  })

  test('is written so that it reads back equal', () => {
    const row = { at: new Date(morning), list: [new Date(0), 'x', 1, null], deep: { a: { b: true } } }
    expect(plainValue(JSON.parse(JSON.stringify(writtenValue(row))))).toEqual(row)
  })
})

describe('the encoding of a file', () => {
  const read = async (bytes: readonly number[][], most = 100) => {
    const open = async function* () {
      for (const piece of bytes) yield Uint8Array.from(piece)
    }
    let all = ''
    for await (const piece of decodeText(open, { bytes: most, rows: 1 })) all += piece
    return all
  }
  const utf8 = [...new TextEncoder().encode('潮汐')]

  test('is recognised by a mark, or by what the bytes can be, also where a letter lies across pieces', async () => {
    expect(await read([[], utf8.slice(0, 2), utf8.slice(2)])).toBe('潮汐')
    expect(await read([[0xef, 0xbb, 0xbf, ...utf8]])).toBe('潮汐')
    expect(await read([[0xff, 0xfe, 0x6e], [0x6f]])).toBe('潮')
    expect(await read([[0xfe, 0xff, 0x6f, 0x6e]])).toBe('潮')
    expect(
      await read([
        [0xb3, 0xb1],
        [0xcf, 0xab],
      ]),
    ).toBe('潮汐')
    // GB18030's four bytes.
    expect(await read([[0x81, 0x30, 0x81, 0x30]])).toBe('\x80')
  })

  test('that no decoder takes, and a file of no bytes or too many, are refused in Chinese', async () => {
    await expect(read([[0xff, 0xff, 0xff]])).rejects.toThrow(
      '看不懂文件的编码，请存成 UTF-8 的 CSV 或 JSON Lines',
    )
    await expect(read([[0xff, 0xfe, 0x00, 0xd8]])).rejects.toThrow('看不懂文件的编码')
    await expect(read([[], []])).rejects.toThrow('文件是空的')
    expect(await read([utf8], utf8.length)).toBe('潮汐')
    await expect(read([utf8.slice(0, 3), utf8.slice(3)], utf8.length - 1)).rejects.toThrow(
      '文件太大，最多 0 MB',
    )
  })
})

describe('a table', () => {
  const model = {
    title: '表',
    properties: {
      second: { type: 'number', title: '第二', 'x-index': 2 },
      unplaced: { type: 'string' },
      first: { type: 'string', title: '第一', 'x-index': 1 },
      ours: { type: 'string', title: '结果', description: '系统写的：结果。', 'x-index': 3 },
    },
  }

  test('has its columns in the order of the form, and a line for each row, quoted where it must be', () => {
    const { head, line } = rowWriter('csv', model, now)
    expect(head).toBe('\uFEFF_id,unplaced,第一,第二,结果\r\n')
    expect(line({ _id: 'a', first: '一,二', second: -2, ours: '他说"好"' })).toBe(
      'a,,"一,二",-2,"他说""好"""\r\n',
    )
    expect(line({ _id: '-b', first: ' 空格', unplaced: '两\n行' })).toBe(`'-b,"两\n行"," 空格",,\r\n`)
    expect(line({ _id: 'c', first: '空格 ', ours: '=1' })).toBe(`c,,"空格 ",,'=1\r\n`)
    expect(rowWriter('jsonl', model, now).head).toBe('')
    expect(rowWriter('csv', null, now).line({ _id: 'a', at: new Date(0), _openid: 'x' })).toBe(
      '{"_id":"a","at":{"$date":"1970-01-01T00:00:00.000Z"}}\n',
    )
  })

  test('tells the fields that programs write', () => {
    expect(orderedFields(model).map(([key]) => [key, isWrittenByUs(model, key)])).toEqual([
      ['unplaced', false],
      ['first', false],
      ['second', false],
      ['ours', true],
    ])
    expect([isWrittenByUs(model, 'checked'), isWrittenByUs(model, 'nowhere')]).toEqual([true, false])
  })

  test('splits words at any separator and sentences only at line breaks', () => {
    expect(entriesOf('甲、乙，丙,丁；戊;己 庚\n辛', words)).toEqual([...'甲乙丙丁戊己庚辛'])
    expect(entriesOf('、甲、、', words)).toEqual(['甲'])
    expect(entriesOf(' 甲、乙 \n\n丙，丁', sentences)).toEqual(['甲、乙', '丙，丁'])
    expect(entriesOf('甲、乙\n丙', { items: { type: 'string' } })).toEqual(['甲、乙', '丙'])
  })
})
