import { createHash } from 'node:crypto'
import { isForeign, nameOfKey } from '../../../cloudfunctions/editor/keys'

const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')
const configure = (keys: unknown) => {
  process.env.EDITOR_KEYS = typeof keys === 'string' ? keys : JSON.stringify(keys)
}
afterEach(() => {
  delete process.env.EDITOR_KEYS
})

test('a key names its editor, whichever of the keys it is', () => {
  configure({ 王编辑: hashOf('first'), 李编辑: hashOf('second').toUpperCase(), 张编辑: hashOf('third') })
  expect(['first', 'second', 'third', 'fourth', ''].map(nameOfKey)).toEqual([
    ...['王编辑', '李编辑', '张编辑'],
    ...[null, null],
  ])
})

test.each([
  ['no keys', undefined],
  ['an empty text', ''],
  ['no JSON', '{'],
  ['a key that is written itself', { 王编辑: 'first' }],
  [
    'a hash that is cut off, beside a whole one',
    { 王编辑: hashOf('first'), 李编辑: hashOf('second').slice(1) },
  ],
  ['a hash with more than a hash', { 王编辑: `${hashOf('first')}0` }],
])('nobody is an editor where EDITOR_KEYS holds %s', (_what, keys) => {
  if (keys !== undefined) configure(keys)
  expect(nameOfKey('first')).toBeNull()
})

test('whatever a client, a timer or another function calls is foreign, also at the end of a chain', () => {
  for (const source of ['wx_client', 'wx_devtools', 'wx_localdebug', 'wx_http', 'wx_trigger', 'scf'])
    expect([source, `wx_unknown,${source}`, `wx_unknown, ${source} `].map(isForeign)).toEqual([
      true,
      true,
      true,
    ])
  for (const source of ['wx_paycallback', 'wx_crawler']) expect(isForeign(source)).toBe(true)
  expect(['', 'wx_unknown', 'wx_unknown,wx_unknown'].map(isForeign)).toEqual([false, false, false])
})
