/** Never answers, so the cloud ends it at its timeout. */
exports.main = () => new Promise(() => {})
