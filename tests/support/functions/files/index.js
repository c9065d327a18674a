const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

const actions = {
  upload: async ({ path, text }) =>
    (await cloud.uploadFile({ cloudPath: path, fileContent: Buffer.from(text) })).fileID,
  download: async ({ id }) => (await cloud.downloadFile({ fileID: id })).fileContent.toString(),
  urls: async ({ ids }) => (await cloud.getTempFileURL({ fileList: ids })).fileList,
  remove: async ({ ids }) => (await cloud.deleteFile({ fileList: ids })).fileList,
}

exports.main = async ({ action, ...input }) => {
  try {
    return { ok: await actions[action](input) }
  } catch (error) {
    return { errCode: error.errCode, message: error.message }
  }
}
