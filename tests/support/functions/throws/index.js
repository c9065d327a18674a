exports.main = async ({ how }) => {
  if (how === 'text') throw 'only text'
  if (how === 'exit') process.exit(3)
  if (how === 'later') {
    setTimeout(() => {
      throw new Error('thrown later')
    }, 0)
    await new Promise(() => {})
  }
  throw new TypeError('broken on purpose')
}
