const { parse } = require('acorn')
const { expectFound } = require('./anchored-edit')

/**
 * Takes out of React's reconciler the branches for features that this mini-program does not use: kinds of elements,
 * hooks and lifecycle methods. A feature stays if a source file imports or names it. config/plugins/README.md says what
 * this saves.
 */

/** Kinds of elements: the word that makes one, React's numbers for them (ReactWorkTags.js), and the symbol. */
const kinds = [
  { word: 'createPortal', tags: [4], symbol: 'react.portal' },
  { word: 'StrictMode', tags: [8], symbol: 'react.strict_mode' },
  { word: 'Consumer', tags: [9], symbol: 'react.context' },
  { word: 'forwardRef', tags: [11], symbol: 'react.forward_ref' },
  { word: 'Profiler', tags: [12], symbol: 'react.profiler' },
  // A dehydrated boundary is 18; its content is hidden as 22 or 23.
  { word: 'Suspense', tags: [13, 18, 22, 23], symbol: 'react.suspense' },
  { word: 'Suspense', tags: [], symbol: 'react.offscreen' },
  { word: 'lazy', tags: [16], symbol: 'react.lazy' },
  { word: 'SuspenseList', tags: [19], symbol: 'react.suspense_list' },
  // 17 exists only in roots of React 17; the others are experiments.
  { word: undefined, tags: [17, 21, 24, 25] },
]

const hooks = [
  'useDebugValue',
  'useDeferredValue',
  'useId',
  'useImperativeHandle',
  'useMutableSource',
  'useReducer',
  'useTransition',
]

/** Static and instance members of classes. */
const members = [
  'childContextTypes',
  'componentWillMount',
  'componentWillReceiveProps',
  'componentWillUpdate',
  'contextType',
  'contextTypes',
  'getChildContext',
  'getDerivedStateFromProps',
  'getSnapshotBeforeUpdate',
  'isPureReactComponent',
  'shouldComponentUpdate',
  'UNSAFE_componentWillMount',
  'UNSAFE_componentWillReceiveProps',
  'UNSAFE_componentWillUpdate',
]

const owner = 'absent features'

const isMember = (node, name) =>
  node.type === 'MemberExpression' && !node.computed && node.property.name === name

/** Whether control never goes on from a statement to the next one. */
const leaves = statement =>
  /^(Return|Break|Continue|Throw)Statement$/.test(statement?.type) ||
  (statement?.type === 'BlockStatement' && leaves(statement.body.at(-1)))

/** The variables that hold symbols, by the symbols' names. */
function symbolVariables(tree) {
  const found = new Map()
  for (const statement of tree) {
    for (const { id, init } of statement.declarations ?? []) {
      if (init?.type === 'CallExpression' && isMember(init.callee, 'for'))
        found.set(init.arguments[0].value, id.name)
    }
  }
  return found
}

/**
 * `imported` holds what our sources import from React, `named` their words, `bridge` the words of Taro's bridge to
 * React. Returns the shortened source; the minifier drops the functions that nothing calls any more.
 */
module.exports = function withoutAbsentFeatures(source, { imported, named, bridge }, file) {
  const isUsed = word => imported.includes(word)
  const isNamed = word => isUsed(word) || named.includes(word) || bridge.includes(word)
  const tree = parse(source, { ecmaVersion: 2022 })
  const body = tree.body.at(-1).expression.right.body.body
  const variables = symbolVariables(body)
  const absent = kinds.filter(({ word }) => !isUsed(word))
  const tags = new Set(absent.flatMap(kind => kind.tags))
  const symbols = new Set(absent.map(kind => variables.get(kind.symbol)))
  symbols.delete(undefined)
  const absentHooks = new Set(hooks.filter(hook => !isNamed(hook)))
  const absentMembers = new Set(members.filter(member => !isNamed(member)))
  // Suspense catches promises that components throw; without it a promise is an error like any other.
  const catchesPromises = isUsed('Suspense')

  const edits = []
  const counts = { tag: 0, symbol: 0, hook: 0, member: 0, mode: 0, promise: 0 }
  const replace = (kind, node, text) => {
    counts[kind]++
    edits.push({ start: node.start, end: node.end, text })
  }
  const isAbsentTag = node => node.type === 'Literal' && tags.has(node.value)
  const isAbsentSymbol = node => node.type === 'Identifier' && symbols.has(node.name)

  function dropCases({ discriminant, cases }) {
    const isAbsent = isMember(discriminant, 'tag') ? isAbsentTag : isAbsentSymbol
    // Cases that share statements: labels without statements, and the one that has them.
    let group = []
    let before
    for (const one of cases) {
      group.push(one)
      if (one.consequent.length === 0 && one !== cases.at(-1)) continue
      const dropped = group.filter(label => label.test && isAbsent(label.test))
      const isEntered = before !== undefined && !leaves(before)
      if (dropped.length === group.length && !isEntered) {
        for (const label of group) replace('tag', label, '')
      } else {
        for (const label of dropped) {
          const end = label.consequent[0]?.start ?? label.end
          // The statements stay, under the group's other labels.
          const labelled = label === one && dropped.length < group.length
          if (!labelled) replace('tag', { start: label.start, end }, '')
        }
        before = one.consequent.at(-1)
      }
      group = []
    }
  }

  function visit(node, parent, role) {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, parent, role)
      return
    }
    if (typeof node?.type !== 'string') return
    const { type, operator, left, right } = node
    if (type === 'BinaryExpression' && /^[!=]==$/.test(operator)) {
      const tag =
        (isAbsentTag(left) && isMember(right, 'tag')) || (isAbsentTag(right) && isMember(left, 'tag'))
      if (tag || isAbsentSymbol(left) || isAbsentSymbol(right)) {
        replace(tag ? 'tag' : 'symbol', node, operator === '===' ? '!1' : '!0')
        return
      }
      if (
        !catchesPromises &&
        left.value === 'function' &&
        right.operator === 'typeof' &&
        isMember(right.argument, 'then')
      ) {
        replace('promise', node, '!1')
        return
      }
    }
    // Taro creates a concurrent root, and every fiber inherits its mode.
    if (type === 'BinaryExpression' && operator === '&' && isMember(left, 'mode') && right.value === 1) {
      replace('mode', node, '1')
      return
    }
    if (type === 'SwitchStatement') dropCases(node)
    if (type === 'ObjectExpression' && node.properties.some(({ key }) => key?.name === 'readContext')) {
      const stays = node.properties.filter(({ key }) => !absentHooks.has(key.name))
      if (stays.length < node.properties.length) {
        replace('hook', node, `{${stays.map(({ start, end }) => source.slice(start, end)).join()}}`)
        return
      }
    }
    if (type === 'MemberExpression' && !node.computed && absentMembers.has(node.property.name)) {
      expectFound(role !== 'left', { owner, file, what: `reading of ${node.property.name}` })
      replace('member', node, '(void 0)')
      return
    }
    for (const [key, child] of Object.entries(node)) if (typeof child === 'object') visit(child, node, key)
  }
  visit(body, tree, '')
  if (catchesPromises) counts.promise++
  for (const [kind, count] of Object.entries(counts)) expectFound(count > 0, { owner, file, what: kind })

  // Of edits within another one, only the outer one counts.
  edits.sort((one, other) => one.start - other.start || other.end - one.end)
  let text = ''
  let at = 0
  for (const { start, end, text: replacement } of edits) {
    if (start < at) continue
    text += source.slice(at, start) + replacement
    at = end
  }
  return text + source.slice(at)
}
