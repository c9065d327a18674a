const { parse } = require('acorn')

/**
 * Takes out of Taro's and React's own files what this mini-program never runs. Every edit names the text it expects: a
 * version that is written otherwise stops the build instead of shipping half an edit.
 */
const anywhere = text => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))

/** Webpack keeps every export of a module required as `const { a } = require(b)`, but only `a` of `require(b).a`. */
const namedRequire = [
  ["const { hooks } = require('@tarojs/runtime')", "const hooks = require('@tarojs/runtime').hooks"],
]

/** No page reads location or history: the router is WeChat's. Nothing of ours makes a URL. */
const noAddressBar = [
  ["import { History } from './history.js';", ''],
  ["import { Location } from './location.js';", ''],
  ['this.location = new Location({ window: this });', ''],
  ['this.history = new History(this.location, { window: this });', ''],
  ['this.initEvent();', ''],
  [/^ {4}initEvent\(\) \{\n[\s\S]*?^ {4}\}\n/m, ''],
]

/** An <a> is an element of the web; here a link is a view that is tapped. */
const noAnchors = [
  ["import { AnchorElement } from './anchor-element.js';", ''],
  [/case nodeName === A:\s*element = new AnchorElement\(\);\s*break;/, ''],
]

/** Styles come to know a property when it is first set, as they do CSS variables, not from a list of all of CSS. */
const stylesOnDemand = [
  [
    'propertyName = toCamelCase(propertyName);',
    'this.setCssVariables(propertyName = toCamelCase(propertyName));',
  ],
  ["import { styleProperties } from './style_properties.js';", "const styleProperties = ['display'];"],
]

const setPropertyOnly = [
  [
    /style\[key\] =\s*(isNumber\(value\)[\s\S]*?: value);\n/,
    (_whole, value) => `style.setProperty(key, ${value});\n`,
  ],
]

/** What Taro's host tells React about itself never changes: as literals these let whole branches fall away. */
const hostFacts = {
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,
  supportsMicrotasks: true,
  supportsTestSelectors: false,
}

const edits = {
  'taro/index.js': namedRequire,
  'runtime/dist/bom/window.js': noAddressBar,
  'runtime/dist/dom/document.js': noAnchors,
  'runtime/dist/dom/style.js': stylesOnDemand,
  'react/dist/react.esm.js': setPropertyOnly,
}

/** Exports of the reconciler that Taro's renderer does not call become expressions without effect. */
function callableOnly(source, called) {
  if (!called.includes('createContainer')) throw new Error('lean runtime: calls of the reconciler not found')
  let dropped = 0
  const shorter = source.replace(/\bexports\.(\w+)=/g, (whole, name) => {
    if (called.includes(name)) return whole
    dropped++
    return 'void '
  })
  if (dropped < 20) throw new Error('lean runtime: exports of the reconciler not found')
  return shorter
}

/**
 * Writes each fact wherever its variable is read: the minifier does not fold a `var` that inner functions read. React's
 * own `isHydrating` is one of them, for it only turns true where hydration is supported.
 */
function withHostFacts(source) {
  const values = new Map()
  const learn = (what, place, value) => {
    const [, name] = source.match(place) ?? []
    if (!name) throw new Error(`lean runtime: ${what} not found in the reconciler`)
    values.set(name, value)
    return name
  }
  for (const [fact, value] of Object.entries(hostFacts)) {
    learn(fact, new RegExp(`[ ,\\n]([\\w$]+)=\\$\\$\\$hostConfig\\.${fact}\\b`), value)
  }
  const isHydrating = learn('isHydrating', /\b[\w$]+&&\(\w+=\w+=null,\w+=(\w+)=!1\)/, false)
  const declared = new Set()
  const reads = []
  const visit = (node, parent, role) => {
    if (Array.isArray(node)) for (const item of node) visit(item, parent, role)
    if (typeof node?.type !== 'string') return
    if (node.type !== 'Identifier') {
      for (const [key, child] of Object.entries(node)) if (typeof child === 'object') visit(child, node, key)
      return
    }
    if (!values.has(node.name)) return
    if (!parent.computed && (role === 'property' || role === 'key')) return
    const isWrite = parent.type === 'AssignmentExpression' && role === 'left'
    if (isWrite && node.name === isHydrating) return
    const isDeclared = role === 'id' || role === 'params' || role === 'param'
    // A second variable of that name would be another thing.
    if (
      isWrite ||
      (role === 'argument' && parent.type === 'UpdateExpression') ||
      (isDeclared && declared.has(node.name))
    )
      throw new Error(`lean runtime: ${node.name} of the reconciler is more than a fact of the host`)
    if (isDeclared) declared.add(node.name)
    else reads.push(node)
  }
  visit(parse(source, { ecmaVersion: 2022 }), null, '')
  return reads
    .sort((one, other) => other.start - one.start)
    .reduce((text, { name, start, end }) => text.slice(0, start) + values.get(name) + text.slice(end), source)
}

/** What the host does not offer is undefined anyway; said so, the code that would call it is not kept. */
function withoutAbsentHost(source, provided) {
  return source.replace(/\$\$\$hostConfig\.(\w+)/g, (whole, name) =>
    provided.includes(name) ? whole : 'void 0',
  )
}

/** Keeps of `new Set(['addCard', …])` the interfaces that our sources name. */
function namedApis(source, named) {
  const list = /const needPromiseApis = new Set\(\[([^\]]*)\]\);/
  if (!list.test(source)) throw new Error('lean runtime: list of interfaces not found')
  return source.replace(list, (_whole, names) => {
    const kept = [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name).filter(name => named.includes(name))
    return `const needPromiseApis = new Set(${JSON.stringify(kept)});`
  })
}

/**
 * Taro gives every page an `onPageScroll`: each step of a scroll then crosses to the logic for nothing (WeChat docs,
 * 性能与体验: no onPageScroll that does nothing). Without a page that asks for it, no page gets one.
 */
function quietScroll(source, named) {
  const handler = /'onPageScroll',\s*/
  if (!handler.test(source)) throw new Error('lean runtime: list of page handlers not found')
  return named.includes('usePageScroll') || named.includes('onPageScroll')
    ? source
    : source.replace(handler, '')
}

module.exports = function leanRuntimeLoader(source) {
  const { named, called, provided } = this.getOptions()
  const file = this.resourcePath.replaceAll('\\', '/')
  const key = Object.keys(edits).find(end => file.endsWith(`/${end}`))
  let lean = source
  for (const [anchor, replacement] of key ? edits[key] : []) {
    const place = typeof anchor === 'string' ? anywhere(anchor) : anchor
    if (!place.test(lean)) throw new Error(`lean runtime: ${anchor} not found in ${file}`)
    lean = lean.replace(place, replacement)
  }
  if (file.endsWith('/react-reconciler.production.min.js')) {
    lean = withoutAbsentHost(withHostFacts(callableOnly(lean, called)), provided)
  }
  if (/(shared\.esm|native-apis|runtime-utils|weapp\/dist\/runtime)\.js$/.test(file))
    lean = namedApis(lean, named)
  if (/\/shared\/dist\/(shared\.esm|runtime-hooks)\.js$/.test(file)) lean = quietScroll(lean, named)
  return lean
}
