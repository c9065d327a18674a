const url = require('node:url')

exports.main = async () => {
  // Node 24 reports it as deprecated, the cloud's does not.
  console.log('parsed', url.parse('http://127.0.0.1/').hostname)
  return null
}
