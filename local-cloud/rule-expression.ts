/**
 * The supported part of CloudBase's security rule expressions: literals, the names a rule may use and their fields, `==
 * != < <= > >= in && || !`, parentheses and lists. Anything else is refused when the rules are read, so that no rule
 * silently means something else here than in the real cloud.
 */
export type RuleScope = Readonly<Record<string, unknown>>
export type Rule = (scope: RuleScope) => boolean

const token =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<text>'[^'\\]*'|"[^"\\]*")|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|&&|\|\||[<>!()[\],.]))/y

const strength = new Map<string, number>(
  Object.entries({
    '||': 1,
    '&&': 2,
    '==': 3,
    '!=': 3,
    '<': 4,
    '<=': 4,
    '>': 4,
    '>=': 4,
    in: 4,
  }),
)

type Node = (scope: RuleScope) => unknown

/**
 * Compiles a rule: true, false, or an expression.
 * @param names the names that the expression may use, for example `auth` and `resource`
 * @throws SyntaxError saying what is not understood
 */
export function compileRule(rule: boolean | string, names: readonly string[]): Rule {
  if (typeof rule === 'boolean') return () => rule
  const tokens = tokenize(rule)
  let at = 0

  const peek = () => tokens[at]
  const take = (expected?: string): string => {
    const next = tokens[at]
    if (next === undefined || (expected !== undefined && next !== expected)) {
      throw new SyntaxError(
        `${JSON.stringify(rule)}: ${expected ?? 'something'} expected, found ${next ?? 'the end'}`,
      )
    }
    at += 1
    return next
  }

  function expression(weakest: number): Node {
    let left = operand()
    for (;;) {
      const operator = peek()
      const power = operator === undefined ? undefined : strength.get(operator)
      if (operator === undefined || power === undefined || power < weakest) return left
      at += 1
      left = combine(operator, left, expression(power + 1))
    }
  }

  function operand(): Node {
    const next = take()
    if (next === '!') {
      const inner = operand()
      return scope => !inner(scope)
    }
    if (next === '(') {
      const inner = expression(1)
      take(')')
      return fields(inner)
    }
    if (next === '[') {
      const items: Node[] = []
      while (peek() !== ']') {
        items.push(expression(1))
        if (peek() !== ']') take(',')
      }
      take(']')
      return scope => items.map(item => item(scope))
    }
    if (/^['"]/.test(next)) {
      const text = next.slice(1, -1)
      return () => text
    }
    if (/^\d/.test(next)) {
      const number = Number(next)
      return () => number
    }
    if (next === 'true') return () => true
    if (next === 'false') return () => false
    if (next === 'null' || next === 'undefined') return () => null
    if (!names.includes(next)) {
      throw new SyntaxError(`${JSON.stringify(rule)}: the local cloud does not know ${next} here`)
    }
    return fields(scope => scope[next])
  }

  function fields(object: Node): Node {
    if (peek() !== '.') return object
    at += 1
    const field = take()
    if (!/^[A-Za-z_]/.test(field) || peek() === '(') {
      throw new SyntaxError(`${JSON.stringify(rule)}: the local cloud does not know .${field}`)
    }
    return fields(scope => fieldOf(object(scope), field))
  }

  const whole = expression(1)
  if (at < tokens.length) throw new SyntaxError(`${JSON.stringify(rule)}: ${peek()} is too much`)
  return scope => whole(scope) === true
}

function tokenize(rule: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < rule.trimEnd().length) {
    const from = token.lastIndex
    const match = token.exec(rule)
    if (!match)
      throw new SyntaxError(
        `${JSON.stringify(rule)}: not understood from ${JSON.stringify(rule.slice(from))}`,
      )
    tokens.push(match[0].trim())
  }
  return tokens
}

function fieldOf(object: unknown, field: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, field)
    ? (object as Record<string, unknown>)[field]
    : undefined
}

/**
 * A missing field equals `null` if the rule compares it with `null`. Two missing fields are never equal: two unknown
 * users are not the same user.
 */
function equals(left: unknown, right: unknown): boolean {
  if (left === undefined && right === undefined) return false
  return (left ?? null) === (right ?? null)
}

function combine(operator: string, left: Node, right: Node): Node {
  switch (operator) {
    case '||':
      return scope => left(scope) === true || right(scope) === true
    case '&&':
      return scope => left(scope) === true && right(scope) === true
    case '==':
      return scope => equals(left(scope), right(scope))
    case '!=':
      return scope => !equals(left(scope), right(scope))
    case 'in':
      return scope => {
        const list = right(scope)
        return Array.isArray(list) && list.some(item => equals(left(scope), item))
      }
    default:
      return scope => ordered(operator, left(scope), right(scope))
  }
}

function ordered(operator: string, left: unknown, right: unknown): boolean {
  const comparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
  if (!comparable) return false
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}
