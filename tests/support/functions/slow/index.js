exports.main = async ({ ms, spin }) => {
  if (spin) for (;;);
  await new Promise(done => setTimeout(done, ms))
  return 'done'
}
