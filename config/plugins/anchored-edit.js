/**
 * Each edit of a package's own file names the text that it expects. If a new version of the package contains another
 * text, the build stops; otherwise it would ship a half-edited file. Plain JavaScript, because webpack loads the loaders
 * that use it.
 */

/** How often an anchor occurs; a regular expression without `g` counts once at most. */
const countOf = (source, anchor) =>
  typeof anchor === 'string' ? source.split(anchor).length - 1 : Number(anchor.test(source))

/**
 * Replaces the one place that `anchor` (a text, or a regular expression without `g`) names. Throws an error that begins
 * with `owner` and names the file unless the place exists exactly once.
 */
function editOnce(source, { owner, file, anchor, replacement }) {
  const count = countOf(source, anchor)
  if (count !== 1) throw new Error(`${owner}: ${anchor} occurs ${count} times, not once, in ${file}`)
  return source.replace(anchor, typeof replacement === 'string' ? () => replacement : replacement)
}

/** Throws an error that begins with `owner` and names the file unless `found` holds. */
function expectFound(found, { owner, file, what }) {
  if (!found) throw new Error(`${owner}: ${what} not found in ${file}`)
}

module.exports = { editOnce, expectFound }
