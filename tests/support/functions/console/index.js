exports.main = async ({ word }) => {
  console.log('said', word, { deep: { er: 1 } })
  console.error('and an error')
  return null
}
