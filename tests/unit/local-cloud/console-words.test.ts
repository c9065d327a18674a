import * as v from 'valibot'
import { CloudError } from '../../../local-cloud/cloud-error'
import { saidInChinese } from '../../../local-cloud/console/chinese-errors'
import { fieldWords } from '../../../local-cloud/console/field-words'
import {
  fromInput,
  instantOf,
  latestInput,
  toInput,
  written,
} from '../../../local-cloud/console/page/beijing'
import { namedValue, offeredIn, type Words } from '../../../local-cloud/console/page/field-words'
import { parsedObject } from '../../../local-cloud/console/page/parsed-object'
import { savedMarks } from '../../../local-cloud/console/saved-marks'
import { toMarkdown } from '../../../local-cloud/console/to-markdown'
import { channels } from '../../../src/site'

test.each<[code: string, message: string, said: string]>([
  [
    'DATABASE_REQUEST_FAILED',
    'E11000 duplicate key … index: _id_ dup key',
    '已经有这个 _id 的一行了，请换一个',
  ],
  [
    'DATABASE_REQUEST_FAILED',
    'E11000 duplicate key … index: subject dup key',
    '有一栏的内容不能和别的行相同',
  ],
  ['DATABASE_REQUEST_FAILED', 'LockBusy: a lock', '这一行正在被别人改，请过一会儿再试'],
  ['DATABASE_REQUEST_FAILED', 'malformed date: x', '没有这个日期，请写成 {"$date":"2026-11-20T01:30:00Z"}'],
  ['INVALID_PARAM', 'a dotted field', '有一栏的名字不能用：不能有 $ 和 .，也不能是 constructor'],
  ['INVALID_PARAM', 'too deeply nested', '嵌套太深'],
  ['INVALID_PARAM', 'larger than 16 MB', '这一行太大'],
  ['INVALID_PATH', '"../a" is not a cloud path', '文件名不能用，请改成字母和数字'],
  ['INVALID_PARAM', 'a row must be an object', '写法不对：要写成一个 JSON 对象 { … }'],
  ['INVALID_PARAM', 'malformed EJSON', '写法不对：要写成一个 JSON 对象 { … }'],
  ['DATABASE_COLLECTION_NOT_EXIST', 'x', '没有这个集合'],
  ['DATABASE_TRANSACTION_CONFLICT', 'x', '这一行正在被别人改，请过一会儿再试'],
  ['DATABASE_TRANSACTION_FAIL', 'x', '没有存上，请再试一次'],
  ['STORAGE_FILE_NONEXIST', 'x', '云存储里没有这个文件'],
  ['FUNCTION_NOT_FOUND', 'x', '没有这个云函数'],
  ['SYS_ERR', 'x', '没有存上：磁盘不让写'],
  ['CONFLICT', '这一行刚刚在别处改过', '这一行刚刚在别处改过'],
  ['OTHER', 'something else', '没有做成（something else）'],
])('%s %j is said in Chinese, under the same code', async (code, message, said) => {
  const failing = saidInChinese(() => Promise.reject(new CloudError(code, message)))
  await expect(failing({})).rejects.toMatchObject({ code, message: said })
})

test('an input of the wrong form is refused in Chinese; what nobody expected stays as it is', async () => {
  const parse = (schema: v.GenericSchema) => saidInChinese(body => v.parse(schema, body))
  await expect(parse(v.string())(7)).rejects.toMatchObject({
    code: 'INVALID_PARAM',
    message: expect.stringMatching(/^写法不对（Invalid type: .*）$/),
  })
  await expect(parse(v.string('要写成文字'))(7)).rejects.toMatchObject({
    code: 'INVALID_PARAM',
    message: '要写成文字',
  })
  const broken = new TypeError('x is not a function')
  await expect(saidInChinese(() => Promise.reject(broken))({})).rejects.toBe(broken)
  expect(await saidInChinese(body => body)({ a: 1 })).toEqual({ a: 1 })
})

test('the words that a field offers are those that editors may write; other spellings have their Chinese word', () => {
  const { drafts, topics, polls } = fieldWords() as Record<string, Words>
  expect(drafts?.status).toEqual({
    offered: ['草稿', '待审', '待发布', '待撤回'],
    names: {
      ...{ draft: '草稿', review: '待审', ready: '待发布', scheduled: '已定时', published: '已发布' },
      ...{ withdraw: '待撤回', withdrawn: '已撤回' },
    },
  })
  expect(topics?.status?.offered).toEqual(['草稿', '待发布', '待撤回'])
  expect(polls?.status).toEqual(topics?.status)
  expect(topics?.status?.names).not.toHaveProperty('review')
  expect(drafts?.aiNotice).toEqual({
    offered: ['无', '文字', '图片', '音频'],
    names: { none: '无', text: '文字', picture: '图片', audio: '音频' },
  })
  expect(drafts?.placement).toEqual({ offered: ['视觉焦点'], names: { focus: '视觉焦点' } })
  expect(polls?.choices).toEqual({ offered: ['单选', '多选'], names: { one: '单选', several: '多选' } })
})

test('a column is offered for its channel, however the channel is spelled, and for no other', () => {
  const words = fieldWords().drafts as Words
  const { life } = channels
  const columns = Object.values(life.columns)
  expect(words.channel?.offered).toEqual(Object.values(channels).map(({ label }) => label))
  expect(words.channel?.names.life).toBe(life.label)
  for (const written of ['life', life.label])
    expect(offeredIn(words, 'column', { channel: written })).toEqual(columns)
  for (const row of [{}, { channel: '没有的' }, { channel: 7 }])
    expect(offeredIn(words, 'column', row)).toEqual([])
  expect(words.column?.names.body).toBe(life.columns.body)
  expect(offeredIn(words, 'title', {})).toEqual([])
})

test.each([
  ['headings, and a line break in one', '<h2>甲<br>乙</h2>', '## 甲 乙'],
  ['a line break in a paragraph stays', '<p>甲<br>乙</p>', '甲\\\n乙'],
  ['lists and quotes', '<ul><li>甲</li><li>乙</li></ul><blockquote>丙</blockquote>', '- 甲\n- 乙\n\n> 丙'],
  ['numbered lists', '<ol><li>甲</li><li>乙</li></ol>', '1. 甲\n2. 乙'],
  [
    'bold that Word divides is one, beside other text',
    '<p>甲<b>乙</b><b>丙</b>丁<b>戊</b></p>',
    '甲**乙丙**丁**戊**',
  ],
  ['text beside bold is not joined to it', '<p><b>甲</b>乙<b>丙</b></p>', '**甲**乙**丙**'],
  ['bold inside a list', '<ul><li><b>甲</b><b>乙</b></li></ul>', '- **甲乙**'],
  ['a rule', '<p>甲</p><hr><p>乙</p>', '甲\n\n---\n\n乙'],
  ['shifted words', '<p>H<sub>2</sub>O<sup>+</sup></p>', 'H<sub>2</sub>O<sup>+</sup>'],
  ['deleted words', '<p>甲<del>乙</del>丙</p>', '甲~~乙~~丙'],
  [
    'a table',
    '<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr></table>',
    '| 甲 | 乙 |\n| - | - |\n| 1 | 2 |',
  ],
])('pasted HTML becomes Markdown: %s', (_what, html, markdown) => {
  expect(toMarkdown(html).trimEnd()).toBe(markdown)
})

test('a saved row has the marks of the real console’s forms', () => {
  expect(savedMarks(true, 5)).toEqual({ createdAt: 5, updatedAt: 5 })
  expect(savedMarks(false, 6)).toEqual({ updatedAt: 6 })
})

test.each([
  // Browsers say where; Node does not for a text that ends too early.
  ['', '这不是完整的 JSON。请检查引号、冒号和逗号，都要用英文的'],
  ['[]', '最外面要写一对大括号：{ … }'],
  ['null', '最外面要写一对大括号：{ … }'],
  ['7', '最外面要写一对大括号：{ … }'],
])('%j is no object, and the message says what to look for', (text, says) => {
  expect(() => parsedObject(text)).toThrow(new Error(says))
  expect(parsedObject('{"a":1}')).toEqual({ a: 1 })
})

test('times are Beijing’s in the form, to the minute or the second, and instants in the row', () => {
  const at = Date.UTC(2026, 10, 20, 1, 30)
  expect([toInput(at), toInput(at + 5_000), toInput(null)]).toEqual([
    '2026-11-20T09:30',
    '2026-11-20T09:30:05',
    '',
  ])
  expect([fromInput('2026-11-20T09:30'), fromInput('2026-11-20T09:30:05')]).toEqual([at, at + 5_000])
  expect([fromInput(''), fromInput('soon')]).toEqual([null, null])
  expect(fromInput(latestInput)).not.toBeNull()
  expect(written(at + 5_000)).toBe('2026-11-20 09:30')
  expect([instantOf(at), instantOf('2026/11/20 9:30'), instantOf({ $date: '2026-11-20T01:30:00Z' })]).toEqual(
    [at, at, at],
  )
  expect([instantOf('明天'), instantOf(undefined), instantOf({})]).toEqual([null, null, null])
})

test('only a text has another word', () => {
  const words = { offered: [], names: { draft: '草稿' } }
  expect(['draft', '草稿', '7', 7, undefined].map(value => namedValue(words, value))).toEqual([
    '草稿',
    '草稿',
    '7',
    7,
    undefined,
  ])
  expect(namedValue(undefined, 'draft')).toBe('draft')
})
