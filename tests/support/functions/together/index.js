const cloud = require('wx-server-sdk')
const required = require('node:process')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

let runs = 0

exports.main = async ({ note, ms }) => {
  runs += 1
  process.env.NOTE = note
  await new Promise(done => setTimeout(done, ms))
  console.log(note)
  return { runs, openid: cloud.getWXContext().OPENID, note: process.env.NOTE, required: required.env.NOTE }
}
