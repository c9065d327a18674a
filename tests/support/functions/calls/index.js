const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

/** Calls another function and returns its result or its error. */
exports.main = async ({ name, data }) => {
  try {
    return { result: (await cloud.callFunction({ name, data })).result }
  } catch (error) {
    return { failed: { errCode: error.errCode, code: error.code, message: error.message } }
  }
}
