import { CloudError } from '../cloud-error'
import type { Command } from '../control'

/** Chinese texts for editors in place of the cloud's messages, which are for developers. */

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text)

/** Texts by a part of the message, for codes with several causes. */
const byMessage: readonly [RegExp, string][] = [
  [/E11000.*index: _id_/, '已经有这个 _id 的一行了，请换一个'],
  [/E11000/, '有一栏的内容不能和别的行相同'],
  [/LockBusy/, '这一行正在被别人改，请过一会儿再试'],
  [/malformed date/, '没有这个日期，请写成 {"$date":"2026-11-20T01:30:00Z"}'],
  [
    /dollar \(\$\) prefixed|dotted field|field name/,
    '有一栏的名字不能用：不能有 $ 和 .，也不能是 constructor',
  ],
  [/nested/, '嵌套太深'],
  [/larger than/, '这一行太大'],
  [/is not a cloud path/, '文件名不能用，请改成字母和数字'],
  [/malformed EJSON|must be an object|not JSON/, '写法不对：要写成一个 JSON 对象 { … }'],
]

const byCode: Readonly<Record<string, string>> = {
  DATABASE_COLLECTION_NOT_EXIST: '没有这个集合',
  DATABASE_TRANSACTION_CONFLICT: '这一行正在被别人改，请过一会儿再试',
  DATABASE_TRANSACTION_FAIL: '没有存上，请再试一次',
  STORAGE_FILE_NONEXIST: '云存储里没有这个文件',
  FUNCTION_NOT_FOUND: '没有这个云函数',
  SYS_ERR: '没有存上：磁盘不让写',
}

function inChinese(error: unknown): unknown {
  if (error instanceof Error && error.name === 'ValiError')
    return new CloudError(
      'INVALID_PARAM',
      isChinese(error.message) ? error.message : `写法不对（${error.message}）`,
    )
  if (!(error instanceof CloudError) || isChinese(error.message)) return error
  const said = byMessage.find(([pattern]) => pattern.test(error.message))?.[1] ?? byCode[error.code]
  return new CloudError(error.code, said ?? `没有做成（${error.message}）`)
}

/** Wraps a command so that its errors are in Chinese. */
export const saidInChinese =
  (command: Command): Command =>
  async body => {
    try {
      return await command(body)
    } catch (error) {
      throw inChinese(error)
    }
  }
