const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV, timeout: 1500 })

const notes = () => cloud.database().collection('notes')

const actions = {
  add: async ({ id }) => (await notes().add({ data: { _id: id } }))._id,
  count: async () => (await notes().count()).total,
  mixed: async ({ id }) => {
    await notes().add({ data: { _id: id } })
    const [one] = (await notes().limit(2).get()).data
    await cloud.database().runTransaction(async transaction => {
      await transaction
        .collection('notes')
        .doc(one._id)
        .update({ data: { seen: true } })
    })
    return cloud.callFunction({ name: 'echo', data: {} }).then(({ result }) => Boolean(result))
  },
}

exports.main = async ({ action, ...input }) => {
  try {
    return { ok: await actions[action](input) }
  } catch (error) {
    return { errCode: error.errCode, code: error.code, message: error.message }
  }
}
