const { parse } = require('acorn')
const withoutAbsentFeatures = require('./absent-features')
const { editOnce, expectFound } = require('./anchored-edit')

/**
 * Takes out of Taro's and React's own files what this mini-program never runs. config/plugins/README.md lists what each
 * edit saves. Every edit names the text it expects (anchored-edit.js).
 */
const owner = 'lean runtime'

/** Webpack keeps every export of a module required as `const { a } = require(b)`, but only `a` of `require(b).a`. */
const namedRequire = [
  ["const { hooks } = require('@tarojs/runtime')", "const hooks = require('@tarojs/runtime').hooks"],
]

/** No page reads `location` or `history`: WeChat does the routing. */
const noAddressBar = [
  ["import { History } from './history.js';", ''],
  ["import { Location } from './location.js';", ''],
  ['this.location = new Location({ window: this });', ''],
  ['this.history = new History(this.location, { window: this });', ''],
  ['this.initEvent();', ''],
  [/^ {4}initEvent\(\) \{\n[\s\S]*?^ {4}\}\n/m, ''],
]

/**
 * A style property is registered when it is first set, as for CSS variables; the list of all CSS properties is removed.
 */
const stylesOnDemand = [
  [
    // In `setProperty`; the other methods convert the name too.
    /(else \{\n\s*)propertyName = toCamelCase\(propertyName\);/,
    (_whole, opening) => `${opening}this.setCssVariables(propertyName = toCamelCase(propertyName));`,
  ],
  ["import { styleProperties } from './style_properties.js';", "const styleProperties = ['display'];"],
]

/** The renderer's half of it: an unregistered property must go through `setProperty`. */
const setPropertyOnly = [
  [
    /style\[key\] =\s*(isNumber\(value\)[\s\S]*?: value);\n/,
    (_whole, value) => `style.setProperty(key, ${value});\n`,
  ],
]

/** What Taro tells React about its host never changes. As literals, these let the minifier drop whole branches. */
const hostFacts = {
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,
  supportsMicrotasks: true,
  supportsTestSelectors: false,
}

/** Exports of the reconciler that Taro's renderer does not call become expressions without effect. */
function callableOnly(source, { called }, file) {
  expectFound(called.includes('createContainer'), { owner, file, what: 'calls of the reconciler' })
  let dropped = 0
  const shorter = source.replace(/\bexports\.(\w+)=/g, (whole, name) => {
    if (called.includes(name)) return whole
    dropped++
    return 'void '
  })
  expectFound(dropped >= 20, { owner, file, what: 'exports of the reconciler' })
  return shorter
}

/**
 * Replaces every read of a fact's variable by the fact, because the minifier does not fold a `var` that inner functions
 * read. React's own `isHydrating` is one of them: it only turns true where hydration is supported.
 */
function withHostFacts(source, _options, file) {
  const values = new Map()
  const learn = (what, place, value) => {
    const [, name] = source.match(place) ?? []
    expectFound(name, { owner, file, what })
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
    // A second variable with that name would mean something else.
    if (
      isWrite ||
      (role === 'argument' && parent.type === 'UpdateExpression') ||
      (isDeclared && declared.has(node.name))
    )
      throw new Error(`${owner}: ${node.name} of the reconciler is more than a fact of the host`)
    if (isDeclared) declared.add(node.name)
    else reads.push(node)
  }
  visit(parse(source, { ecmaVersion: 2022 }), null, '')
  return reads
    .sort((one, other) => other.start - one.start)
    .reduce((text, { name, start, end }) => text.slice(0, start) + values.get(name) + text.slice(end), source)
}

/**
 * Taro gives every page an `onPageScroll`, so each step of a scroll crosses to the logic for nothing (WeChat docs,
 * 性能与体验: no onPageScroll that does nothing). Unless a page asks for it, no page gets one.
 */
function quietScroll(source, { named }, file) {
  const handler = /'onPageScroll',\s*/
  if (named.includes('usePageScroll') || named.includes('onPageScroll')) {
    expectFound(handler.test(source), { owner, file, what: 'list of page handlers' })
    return source
  }
  return editOnce(source, { owner, file, anchor: handler, replacement: '' })
}

const replacing = pairs => (source, _options, file) =>
  pairs.reduce((text, [anchor, replacement]) => editOnce(text, { owner, file, anchor, replacement }), source)

/** Every edit: its name, the end of the paths of the files it changes, and the change. */
const edits = [
  ['named-require', /\/taro\/index\.js$/, replacing(namedRequire)],
  ['no-address-bar', /\/runtime\/dist\/bom\/window\.js$/, replacing(noAddressBar)],
  ['styles-on-demand', /\/runtime\/dist\/dom\/style\.js$/, replacing(stylesOnDemand)],
  ['styles-on-demand', /\/react\/dist\/react\.esm\.js$/, replacing(setPropertyOnly)],
  ['callable-only', /\/react-reconciler\.production\.min\.js$/, callableOnly],
  ['host-facts', /\/react-reconciler\.production\.min\.js$/, withHostFacts],
  ['absent-features', /\/react-reconciler\.production\.min\.js$/, withoutAbsentFeatures],
  ['quiet-scroll', /\/shared\/dist\/(shared\.esm|runtime-hooks)\.js$/, quietScroll],
]

/** `without` names edits to leave out: tests/bench/lean-runtime.ts measures what each one saves. */
module.exports = function leanRuntimeLoader(source) {
  const options = this.getOptions()
  const file = this.resourcePath.replaceAll('\\', '/')
  return edits
    .filter(([name, files]) => files.test(file) && !options.without?.includes(name))
    .reduce((text, [, , edit]) => edit(text, options, file), source)
}

module.exports.editNames = [...new Set(edits.map(([name]) => name))]
