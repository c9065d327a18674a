exports.main = async ({ size, memory }) => {
  const hoard = []
  while (memory) hoard.push(new Array(1e6).fill(Math.random()))
  return '语'.repeat(size)
}
