const anchor = "apis.delete('lanDebug');"
const guard = 'apis.forEach(key => { try { void wx[key] } catch (_) { apis.delete(key) } });'

/** Puts the guard where Taro drops the one key it knows to throw; a Taro that moved it must not build silently. */
module.exports = function singlePageGuardLoader(source) {
  if (!source.includes(anchor)) throw new Error(`single-page guard: anchor not found in ${this.resourcePath}`)
  return source.replace(anchor, anchor + guard)
}
