const url = require('node:url')

exports.main = async () => {
  // Node 24 reports this as deprecated. The cloud's Node does not.
  console.log('parsed', url.parse('http://127.0.0.1/').hostname)
  return null
}
