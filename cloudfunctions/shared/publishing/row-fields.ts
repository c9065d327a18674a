import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { withoutUnseen } from '../unseen-characters'
import { cleanPieces, plainText } from './body/spans'
import { pictureAddress } from './pictures/own-picture'
import { readTime, timeFault } from './read-time'

/** Schemas of fields that editors write in rows. Their messages are in Chinese and begin with the field's label. */

/** A text as a single line without invisible characters and HTML tags. A remaining `<` cannot open a tag. */
export const lineOf = (written: string): string =>
  plainText(cleanPieces([{ text: withoutUnseen(written).text, marks: {} }]).pieces)

/**
 * How many characters a field may be written with, white space and tags included. More are refused before they are read:
 * a row may hold millions of them.
 */
const writtenAtMost = 20_000

/** Markdown, which only the body has. */
const markdown = /\*\*[^*]+\*\*|__[^_]+__|`[^`]+`|\]\(|^\s*#{1,6}\s/

/** What the editor of a text, or of a list of texts, is told about what readers will see of it. */
export function textReminders(label: string, value: unknown): string[] {
  const texts = [value]
    .flat()
    .filter((one): one is string => typeof one === 'string' && one.length <= writtenAtMost)
  const seen = texts.map(withoutUnseen)
  const tags = seen.some(({ text }) => cleanPieces([{ text, marks: {} }]).tags > 0)
  return [
    ...(seen.some(({ removed }) => removed > 0) ? [`${label}：去掉了看不见的字符`] : []),
    ...(tags ? [`${label}：去掉了HTML 标签，请看看文字对不对`] : []),
    ...(texts.some(text => markdown.test(text))
      ? [`${label}：不认 Markdown 的标记，读者会原样看到，请删去`]
      : []),
  ]
}

const tooLong = (label: string, longest: number): string => `${label}：最多 ${longest} 个字，请改短`
const tooLongOf = (label: string, longest: number): string => `${label}：每个最多 ${longest} 个字，请改短`

/** Whether an editor left a field empty: forms write null, "", 0 or [] then. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0)

export const textField = (label: string, longest: number, clean = lineOf) =>
  v.pipe(
    v.nullish(v.string(`${label}：要写成文字`), ''),
    v.maxLength(Math.max(longest, writtenAtMost), tooLong(label, longest)),
    v.transform(clean),
    v.maxLength(longest, tooLong(label, longest)),
  )

export const requiredField = (label: string, longest: number, clean = lineOf) =>
  v.pipe(textField(label, longest, clean), v.minLength(1, `${label}：还没有填写，请写上`))

/** Cleans a text and removes the word that the page itself writes before it: 图：图：林海. */
export const withoutWord =
  (word: string, clean = lineOf) =>
  (text: string): string =>
    clean(text).replace(new RegExp(`^${word} {0,9}[：:] {0,9}`), '')

/** A word of a list, empty for none. `values` holds what each spelling means, `shown` what the message offers. */
export const wordField = (label: string, values: ReadonlyMap<string, string>, shown: readonly string[]) =>
  v.pipe(
    textField(label, 40),
    v.check(
      value => value === '' || values.has(value),
      `${label}：没有这个选项，请从 ${shown.join('、')} 中选`,
    ),
    v.transform(value => values.get(value) ?? ''),
  )

/** A list, written as an array or as one text. Omits empty entries and duplicates. */
export const listField = (label: string, separators: RegExp, most: number, longest: number) =>
  v.pipe(
    v.nullish(
      v.union([v.string(), v.array(v.string())], `${label}：要写成文字，多个之间用顿号或换行隔开`),
      '',
    ),
    v.transform(value => (typeof value === 'string' ? value.split(separators) : value)),
    v.check(values => values.every(one => one.length <= writtenAtMost), tooLongOf(label, longest)),
    v.transform(values => [...new Set(values.map(lineOf).filter(Boolean))]),
    v.maxLength(most, `${label}：最多 ${most} 个，请删去一些`),
    v.check(values => values.every(one => one.length <= longest), tooLongOf(label, longest)),
  )

/** The address of one picture. A form writes it as a list of one. */
export const pictureField = (label: string) =>
  v.pipe(
    v.nullish(v.union([v.string(), v.array(v.string())], `${label}：要写成一个图片地址`), ''),
    v.transform(value =>
      (typeof value === 'string' ? [value] : value)
        .map(one => withoutUnseen(one).text.trim())
        .filter(Boolean),
    ),
    v.maxLength(1, `${label}：只能有一张，请删去其余的`),
    v.transform(([address = '']) => address),
    v.check(
      address => address === '' || (pictureAddress.test(address) && address.length <= 2_000),
      ({ input }) =>
        /^(?:cloud|https):\/\/.*\s/.test(input)
          ? `${label}：图片地址里有空格，请给文件改名、重新上传，再写新的地址`
          : `${label}：请写 cloud:// 或 https:// 开头的图片地址`,
    ),
  )

/** A place on the home page, counted from 1; null where the editor chose none. Also read from text. */
export const orderField = (label: string, most: number) => {
  const message = `${label}：请写 1 到 ${most} 的整数`
  return v.pipe(
    v.nullish(v.union([v.number(), v.string()], message), ''),
    v.transform(written => String(written).trim()),
    v.maxLength(writtenAtMost, message),
    v.transform(written => withoutUnseen(written).text.normalize('NFKC').trim()),
    v.check(
      written =>
        written === '' || (/^\d{1,3}$/.test(written) && Number(written) >= 1 && Number(written) <= most),
      message,
    ),
    v.transform(written => (written === '' ? null : Number(written))),
  )
}

/** A time in any form that readTime knows (ms), null where it is empty. Adds a problem where it is none. */
export function timeOf(label: string, value: unknown, now: number, problems: string[]): number | null {
  const time = readTime(value, now)
  if (time !== undefined) return time
  problems.push(`${label}：${timeFault(value, now)}`)
  return null
}

/** SHA-256 of a value's JSON text; a date becomes its ISO text. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url')

/** Hash of some fields of a row. */
export const hashOfFields = (row: Readonly<Record<string, unknown>>, names: readonly string[]): string =>
  digestOf(names.map(field => row[field] ?? null))
