/**
 * Finds the asterisks that are signs of multiplication, as in `2*3*4` and `长9米*宽7米*高3米`. All others mark emphasis.
 */

/** Factors of a product that no other text needs to confirm. */
const quantity =
  '(?:长|宽|高|深|厚|底|边长|周长|半径|直径|面积|体积|密度|质量|重量|速度|加速度|时间|路程|距离|位移|力|力臂|功率|电压|电流|电阻|温度|浓度|比热|频率|波长|单价|价格|数量|人数|次数|天数|小时|系数|常数|比例|比例尺|折扣|π|(?<![0-9A-Za-z.])[0-9A-Za-z.]+)'
const product = new RegExp(`(?<![*\\\\])${quantity}(?:\\*${quantity})+(?!\\*)`, 'g')
const equation =
  /[=＝≈]\s{0,2}(?:[0-9A-Za-z.]+|\p{Script=Han}{1,4})(?:\*(?:[0-9A-Za-z.]+|\p{Script=Han}{1,4}))+(?!\*)/gu
const singleAsterisk = /(?<![*\\])\*(?!\*)/g

const figure =
  '(?:[-−－+＋±]?[¥￥$＄€√]?[0-9０-９][0-9０-９.．]{0,12}|[(（][0-9０-９.．+＋\\-−－×÷/ ]{1,20}[)）])'
const word = '\\p{Script=Han}{0,3}'
const isFactor = new RegExp(`^${word}${figure} ?[\\p{Script=Han}A-Za-z℃°%％‰²³/]{0,6}$`, 'u')
const endsInFactor = new RegExp(`${figure} ?[\\p{Script=Han}A-Za-z℃°%％‰²³/]{0,6}$`, 'u')
const beginsWithFactor = new RegExp(`^${word}${figure}`, 'u')
/** The longest factor in characters. */
const longest = 48
const unit =
  '(?:[a-zA-Zμµ]{1,4}[²³]?|℃|°|[%％‰]|(?:平方|立方)?[千厘毫分微纳公]?(?:米|克|升|里|斤|吨|秒|瓦|伏|安|焦|帕|赫)|光年|分钟|小时|个月|[两亩分时天周人个只件元角折倍次片粒颗瓶箱盒包袋张本支块条台辆层排行列圈步度组份头株棵班题成])'
const endsInUnit = new RegExp(`${figure} ?[万亿千百十]?(?:${unit}(?:/${unit})?)?$`, 'u')

/** Asterisks that stand one behind the other, each between two factors with figures. */
interface Product {
  /** The first asterisk's number among the single ones of the text, from 0. */
  from: number
  to: number
  /** Whether all of its factors have units that we know. */
  isCertain: boolean
}

function productsOf(parts: readonly string[]): Product[] {
  const products: Product[] = []
  for (const [at, before] of parts.slice(0, -1).entries()) {
    const end = before.slice(-longest)
    if (!endsInFactor.test(end) || !beginsWithFactor.test((parts[at + 1] ?? '').slice(0, longest))) continue
    const last = products.at(-1)
    const isCertain = endsInUnit.test(end)
    if (last?.to === at - 1 && before.length <= longest && isFactor.test(before)) {
      last.to = at
      last.isCertain &&= isCertain
    } else products.push({ from: at, to: at, isCertain })
  }
  return products
}

/**
 * Replaces the asterisks between factors with figures by `times`, or by `doubtful` in a product of several whose units we
 * do not know. One alone stays if another asterisk needs it as its partner.
 */
function markTimes(text: string, times: string, doubtful: string): string {
  const parts = text.split(singleAsterisk)
  if (parts.length < 2) return text
  const signs = new Map<number, string>()
  const alone = new Set<number>()
  for (const { from, to, isCertain } of productsOf(parts)) {
    if (from === to) alone.add(from)
    else for (let at = from; at <= to; at++) signs.set(at, isCertain ? times : doubtful)
  }
  const marks = parts.slice(0, -1).filter((before, at) => {
    const isBetweenSpaces = /(?:^|\s)$/.test(before) && /^\s/.test(parts[at + 1] ?? '')
    return !isBetweenSpaces && !signs.has(at) && !alone.has(at)
  })
  if (marks.length % 2 === 0) for (const at of alone) signs.set(at, times)
  return parts.reduce((joined, part, at) => `${joined}${signs.get(at - 1) ?? '*'}${part}`)
}

const escaped = (text: string): string => (text.includes('**') ? text : text.replace(singleAsterisk, '\\*'))

/** Escapes the signs of multiplication. One that is doubtful becomes a character reference, so that it is told. */
export const escapeSums = (text: string): string =>
  text.includes('*')
    ? markTimes(text.replace(product, escaped).replace(equation, escaped), '\\*', '&#42;')
    : text

/** The text with its signs of multiplication masked. */
export const withoutSums = (text: string): string =>
  markTimes(text.replace(product, '·').replace(equation, '·'), '·', '*')
