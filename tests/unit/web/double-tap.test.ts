import { closeDocument, openDocument } from '../../support/site-in-node'
import { standardFeed } from '../../support/standard-article'
import { takeWebVersions } from '../../support/web-versions'

takeWebVersions()
afterAll(closeDocument)

/** A home page with the script of its head, whose reader tapped a link `since` ms ago, maybe on the page before. */
async function homeAfter(since: number | undefined) {
  const home = {
    key: 'home',
    endpoint: 'content/readHome',
    reply: { ok: true, data: { focus: [], topics: [], feed: { items: standardFeed, next: null } } },
  } as const
  const page = await openDocument({
    address: '/',
    page: { name: 'home', list: '/' },
    replies: [home],
    before: window => {
      if (since !== undefined) window.sessionStorage.setItem('tapped', String(Date.now() - since))
      require('../../../src/web/head')
    },
  })
  const entry = page.one('a.feed-item')
  /** Whether the browser goes where a tap leads that the reader made `ago` ms before the document learnt of it. */
  const follows = (more: MouseEventInit & { pointerType?: string } = {}, ago = 0) => {
    const { pointerType = 'touch', ...init } = more
    const tap = new page.window.MouseEvent('click', { bubbles: true, cancelable: true, detail: 1, ...init })
    Object.defineProperties(tap, {
      pointerType: { value: pointerType },
      timeStamp: { value: performance.now() - ago },
    })
    return entry.dispatchEvent(tap)
  }
  return follows
}

test.each<[string, number | undefined, boolean]>([
  ['the first', undefined, true],
  ['the second of a double tap, on the page that has arrived', 90, false],
  ['the second of a slow one', 250, false],
  ['a deliberate one', 450, true],
])('of taps on links, %s', async (_, since, followed) => {
  expect((await homeAfter(since))()).toBe(followed)
})

test('three taps at once open one page, and a tap that waits for a busy document counts from when it was made', async () => {
  const follows = await homeAfter(undefined)
  expect([follows(), follows(), follows()]).toEqual([true, false, false])
  expect((await homeAfter(900))({}, 700)).toBe(false)
})

test.each([
  ['a key', { detail: 0 }],
  ['a mouse', { pointerType: 'mouse' }],
  ['a click for another tab', { ctrlKey: true }],
  ['a click for another tab on a Mac', { metaKey: true }],
])('%s is followed at once', async (_, more) => {
  expect((await homeAfter(50))(more)).toBe(true)
})

test('the second click of a mouse’s double click is not', async () => {
  expect((await homeAfter(50))({ pointerType: 'mouse', detail: 2 })).toBe(false)
})
