const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

exports.main = async ({ api, input }) => {
  try {
    const [group, name] = api.split('.')
    const result = await cloud.openapi[group][name](input)
    return result.buffer
      ? { contentType: result.contentType, base64: result.buffer.toString('base64') }
      : result
  } catch (error) {
    return { errCode: error.errCode, errMsg: error.errMsg ?? error.message }
  }
}
