const { expectFound } = require('./anchored-edit')

/**
 * Empties the attribute lists of components that no page uses. The keys stay, because templates refer to a component by
 * its place in the sorted list.
 */
const lists = [
  // @tarojs/plugin-platform-weapp: `    Video: {` … `    },`
  { place: /^ {4}([A-Z]\w*): \{\n[^}]*^ {4}\}/gm, empty: name => `    ${name}: {}` },
  // @tarojs/shared: `const Video = Object.assign(…);` or `const Icon = {` … `};`
  {
    place: /^const ([A-Z]\w*) = (?:Object\.assign\(.*\)|\{\n[^}]*^\});$/gm,
    empty: name => `const ${name} = {};`,
  },
]

module.exports = function unusedComponentsLoader(source) {
  const { keep } = this.getOptions()
  const used = new Set(keep)
  let emptied = 0
  let shorter = source
  for (const { place, empty } of lists) {
    shorter = shorter.replace(place, (whole, name) => {
      if (used.has(name) || /^(View|Text|Image|Slot|Block)/.test(name)) return whole
      emptied++
      return empty(name)
    })
  }
  expectFound(emptied >= 20, { owner: 'unused components', file: this.resourcePath, what: 'component lists' })
  return shorter
}
