const { editOnce } = require('./anchored-edit')

const anchor = "apis.delete('lanDebug');"
const guard = 'apis.forEach(key => { try { void wx[key] } catch (_) { apis.delete(key) } });'

/** Puts the guard where Taro drops the one key that it knows to throw. */
module.exports = function singlePageGuardLoader(source) {
  const file = this.resourcePath
  return editOnce(source, { owner: 'single-page guard', file, anchor, replacement: anchor + guard })
}
