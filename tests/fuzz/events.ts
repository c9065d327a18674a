import fc, { type Arbitrary } from 'fast-check'

/** The parts of a valibot schema that say which values it accepts. */
interface Schema {
  type: string
  expression?: unknown
  requirement?: unknown
  entries?: Record<string, Schema>
  item?: Schema
  items?: Schema[]
  options?: (Schema | string | number)[]
  literal?: unknown
  wrapped?: Schema
  key?: Schema
  value?: Schema
  pipe?: Schema[]
}

/** Values that some code somewhere mistakes for something else. */
const hostile: unknown[] = [
  ...[null, true, 0, -1, 1.5, -0, 1e308, 2 ** 53, 8.64e15 + 1],
  ...['', ' ', '\u0000', '\ud800', '__proto__', 'constructor', 'toString', 'a.b', '$where', '%00', '../..'],
  ...['𠮷'.repeat(40), '题'.repeat(2_000), 'a'.repeat(20_000), '\u202e', '<script>', '{"$ne":1}', 'NaN'],
  ...[{}, [], [[]], [null], { $ne: null }, { $gt: '' }, { $where: '1' }, { $regex: '.*' }, { $inc: 1 }],
  ...[{ $date: 0 }, { $oid: '0'.repeat(24) }, { toString: 1 }, { length: 1e9 }],
  ...[Array.from({ length: 2_000 }, () => 'x'), { constructor: { prototype: { polluted: true } } }],
]

/** Of the pattern of a schema, as far as fast-check understands it. */
function matching(pattern: RegExp): Arbitrary<string> {
  // fast-check knows no lookahead; the function still checks the value.
  const source = pattern.source.replace(/\(\?!(?:[^()]|\([^()]*\))*\)/g, '')
  return fc.stringMatching(new RegExp(source, pattern.flags))
}

function limitsOf(checks: readonly Schema[]): { min?: number; max?: number } {
  const limits: { min?: number; max?: number } = {}
  for (const { type, requirement } of checks) {
    if (typeof requirement !== 'number') continue
    if (/^min_/.test(type)) limits.min = requirement
    if (/^max_/.test(type)) limits.max = requirement
  }
  return limits
}

/** Values that a schema of the contract accepts. */
function valid(schema: Schema): Arbitrary<unknown> {
  const checks = schema.pipe?.slice(1) ?? []
  const { min, max } = limitsOf(checks)
  switch (schema.type) {
    case 'object':
    case 'loose_object':
    case 'strict_object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.entries ?? {}).map(([key, entry]) => [key, valid(entry)])),
      )
    case 'string': {
      const pattern = checks.find(({ type }) => type === 'regex')?.requirement
      return pattern instanceof RegExp
        ? matching(pattern)
        : fc.string({ unit: 'grapheme', minLength: min ?? 0, maxLength: Math.min(max ?? 60, 200) })
    }
    case 'number':
      return fc.integer({ min: min ?? -(2 ** 53 - 1), max: Math.min(max ?? 2 ** 53 - 1, 2 ** 53 - 1) })
    case 'boolean':
      return fc.boolean()
    case 'literal':
      return fc.constant(schema.literal)
    case 'picklist':
      return fc.constantFrom(...(schema.options ?? []))
    case 'nullable':
    case 'nullish':
      return fc.oneof(valid(schema.wrapped as Schema), fc.constant(null))
    case 'optional':
      return fc.oneof(valid(schema.wrapped as Schema), fc.constant(undefined))
    case 'array':
      return fc.array(valid(schema.item as Schema), {
        minLength: min ?? 0,
        maxLength: Math.min(max ?? 6, 12),
      })
    case 'tuple':
      return fc.tuple(...(schema.items ?? []).map(valid))
    case 'union':
    case 'variant':
      return fc.oneof(...((schema.options ?? []) as Schema[]).map(valid))
    case 'record':
      return fc.dictionary(fc.string(), valid(schema.value as Schema), { maxKeys: 4 })
    case 'unknown':
      return fc.jsonValue()
    default:
      throw new Error(`The fuzzer does not know schemas of the type ${schema.type}: teach it.`)
  }
}

const trouble: Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostile) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
)

/** Replaces one field of an input, adds one that it does not have, or replaces all of it. */
function damaged(input: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.tuple(input, trouble, fc.nat(), fc.nat(20)).map(([value, bad, at, how]) => {
    if (how === 0 || typeof value !== 'object' || value === null) return bad
    const keys = Object.keys(value)
    const key =
      how <= 3 || keys.length === 0
        ? ['$where', 'openid', '__proto__', 'more'][at % 4]
        : keys[at % keys.length]
    return Object.fromEntries([...Object.entries(value), [key, bad]])
  })
}

/**
 * What a caller may send to an action: a third well-formed by the schema, the rest damaged. `known` replaces some ids by
 * those of documents that exist, so that calls get past the first lookup.
 */
export function eventsOf(
  action: string,
  input: unknown,
  known: Readonly<Record<string, readonly unknown[]>>,
): Arbitrary<object> {
  const sound = fc.tuple(valid(input as Schema), fc.nat(), fc.boolean()).map(([value, at, knows]) =>
    !knows || typeof value !== 'object' || value === null
      ? value
      : Object.fromEntries(
          Object.entries(value).map(([key, one]) => {
            const ids = known[key]
            return [key, ids && one !== undefined ? ids[at % ids.length] : one]
          }),
        ),
  )
  const data = fc.oneof({ weight: 1, arbitrary: sound }, { weight: 2, arbitrary: damaged(sound) })
  return fc.oneof(
    { weight: 19, arbitrary: data.map(one => ({ action, data: one })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(data, trouble)
        .map(([one, bad]) => ({ action, data: one, userInfo: bad, source: bad })),
    },
  )
}

/** Paths and query strings of the site, a third of them its own. */
export const addresses: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      '/',
      '/article/',
      '/channel/',
      '/topic/',
      '/search',
      '/ranking',
      '/preview',
      '/feed',
      '/sitemap',
      '/x',
    ),
    fc.oneof(
      fc.constantFrom(
        '',
        'earth',
        'earth/ocean',
        '.xml',
        '/..',
        '%',
        '%00',
        '%E0%A4%A',
        '//evil.example',
        '.php',
      ),
      fc.stringMatching(/^[0-9a-z]{8,12}(-[0-9a-z]{10})?$/),
      fc.webSegment(),
      fc.string({ unit: 'binary', maxLength: 80 }).map(encodeURIComponentSafely),
    ),
    fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map(query => `?${query}`),
      fc.constant('?q=%ff&q=1&cursor=__proto__'),
    ),
  )
  .map(parts => parts.join(''))

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}

/** What an editor's key may send to the panel, and nonsense. */
export const panelEvents = (key: string, drafts: readonly string[]): Arbitrary<object> =>
  fc.record(
    {
      action: fc.constantFrom(
        ...[
          'check',
          'publish',
          'withdraw',
          'preview',
          'history',
          'compare',
          'restore',
          'stats',
          'import',
          'export',
        ],
      ),
      key: fc.oneof({ weight: 9, arbitrary: fc.constant(key) }, { weight: 1, arbitrary: trouble }),
      draft: fc.oneof(fc.constantFrom(...drafts), trouble),
      collection: fc.oneof(fc.constantFrom('drafts', 'topics', 'polls'), trouble),
      version: fc.oneof(fc.integer({ min: 0, max: 3 }), trouble),
      from: fc.oneof(fc.integer({ min: 0, max: 3 }), trouble),
      to: fc.oneof(fc.integer({ min: 0, max: 3 }), trouble),
      reason: fc.oneof(fc.string(), trouble),
      file: fc.oneof(fc.constant('cloud://local.x/a.csv'), trouble),
      mode: fc.oneof(fc.constantFrom('insert', 'upsert'), trouble),
      format: fc.oneof(fc.constantFrom('csv', 'jsonl'), trouble),
      write: fc.oneof(fc.boolean(), trouble),
      after: trouble,
    },
    { requiredKeys: ['action', 'key'] },
  )
