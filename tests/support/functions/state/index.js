let runs = 0
let running = 0

exports.main = async ({ ms = 0 }) => {
  runs += 1
  running += 1
  const seen = {
    runs,
    running,
    today: new Date().toISOString(),
    now: Date.now(),
    isDate: new Date() instanceof Date,
  }
  if (ms > 0) await new Promise(done => setTimeout(done, ms))
  running -= 1
  return seen
}
