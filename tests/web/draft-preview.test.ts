import path from 'node:path'
import { built, putRows } from '../support/app-cloud'
import { draftRow, type Newsroom, startNewsroom } from '../support/newsroom'
import { request } from './request'

let newsroom: Newsroom
let address: string

beforeAll(async () => {
  await built('functions', 'stories', 'web')
  newsroom = await startNewsroom({ hostingFolder: path.resolve(__dirname, '../../dist/web') })
  await putRows(newsroom.cloud, 'drafts', [draftRow('whale')])
  const { lines } = await newsroom.panel({ action: 'preview', draft: 'whale' })
  address = lines.find(line => line.startsWith('网页'))?.slice(3) ?? ''
}, 300_000)
afterAll(() => newsroom?.cloud.stop())

const get = (asked: string, headers: Record<string, string> = {}) =>
  request(newsroom.cloud.url, asked, { headers })

test('a preview’s document is shown and stored nowhere', async () => {
  const answer = await get(address)
  expect(answer.status).toBe(200)
  expect(answer.body).toContain('鲸落为什么能养活深海')
  expect(answer.body).toContain('preview-mark')
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  expect(answer.headers).not.toHaveProperty('etag')
  expect(answer.body).toContain('<meta name="robots" content="noindex">')
  expect(answer.body).not.toMatch(/canonical|og:/)
  // Without the site's script, nothing on the page votes, shares or stores, and no reply lies in the document.
  expect(answer.body).not.toMatch(/assets\/site-\w+\.js|application\/json/)
  const [, scene = '-'] = address.split('scene=')
  expect(answer.body).not.toContain(scene.split('.')[1])
  const again = await get(address, { 'if-none-match': '*' })
  expect(again.status).toBe(200)
})

test('the address that a mini-code of the local cloud contains shows it, too', async () => {
  const [, scene] = address.split('scene=')
  const answer = await get(`/more/preview/index?scene=${scene}`)
  expect({ status: answer.status, shown: answer.body.includes('鲸落') }).toEqual({ status: 200, shown: true })
})

test('a sign at the end of a pasted link does no harm', async () => {
  expect((await get(`${address}。`)).status).toBe(200)
})

test('a wrong token, an unknown id, a broken link and an expired preview have one answer', async () => {
  const [id] = (address.split('scene=')[1] ?? '').split('.')
  const wrong = await Promise.all(
    [
      `/preview?scene=${id}.0123456789abcdef`,
      '/preview?scene=nothere123.0123456789abcdef',
      `/preview?scene=${id}`,
      '/preview',
    ].map(one => get(one)),
  )
  await newsroom.cloud.control('clock', { move: 24 * 3_600_000 + 1 })
  const answers = [...wrong, await get(address)]
  for (const { status, headers, body } of answers) {
    expect(status).toBe(404)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toContain('这个预览打不开')
    expect(body).toBe(answers[0]?.body)
  }
})
