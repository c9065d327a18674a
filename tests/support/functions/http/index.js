const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

/** Returns the reply that `?reply=` names. Default: the event as JSON, with the context that the SDK sees. */
const replies = {
  text: () => 'plain text',
  nothing: () => null,
  gone: () => ({ statusCode: 410, headers: { 'Content-Type': 'text/html', ETag: '"1"' }, body: '<p>没有了' }),
  unchanged: () => ({ statusCode: 304, headers: { etag: '"1"' }, body: 'unwanted' }),
  done: () => ({ statusCode: 204, body: 'unwanted' }),
  moved: () => ({ statusCode: 301, headers: { location: '/a/1', connection: 'close' } }),
  bytes: () => ({
    statusCode: 200,
    headers: { 'content-type': 'image/png' },
    body: Buffer.from([0, 255, 128]).toString('base64'),
    isBase64Encoded: true,
  }),
  large: () => ({ statusCode: 200, body: 'x'.repeat(5 * 1024 * 1024) }),
  'too-large': () => ({ statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }),
  'split-header': () => ({ statusCode: 200, headers: { 'x-a': 'b\r\nset-cookie: c=d' }, body: '' }),
  'no-status': () => ({ statusCode: 'ok', body: '' }),
  'not-base64': () => ({ statusCode: 200, body: '<>', isBase64Encoded: true }),
  throws: () => {
    throw new Error('broken')
  },
}

exports.main = async event => {
  const reply = replies[event.queryStringParameters?.reply]
  return reply ? reply() : { event, context: cloud.getWXContext() }
}
