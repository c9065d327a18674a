const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

let runs = 0

exports.main = async event => {
  runs += 1
  await new Promise(done => setTimeout(done, 150))
  return { event, runs, context: cloud.getWXContext() }
}
