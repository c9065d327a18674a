import { type Address, addressOf, readAddress } from '../../../cloudfunctions/web/read-address'

const cursor = 'abc-story00001-1x'
const lost: Address = { page: 'lost' }
const moved = (to: string): Address => ({ page: 'moved', to })

function read(address: string): Address {
  const [path = '', query = ''] = address.split('?')
  return readAddress(path, new Map(new URLSearchParams(query)))
}

const story = (id: string, moments = false) => ({ page: 'article' as const, id, moments })

describe('an address has one page', () => {
  test.each<[string, Address]>([
    ['/', { page: 'home' }],
    [`/?from=${cursor}`, { page: 'home', from: cursor }],
    ['/?from=', { page: 'home' }],
    ['/a/story00001', story('story00001')],
    ['/a/story00001?scene=1154', story('story00001', true)],
    ['/a/story00001?scene=1007', story('story00001')],
    ['/a/story001', story('story001')],
    ['/a/story0000012', story('story0000012')],
    ['/t/topic00001', { page: 'topic', id: 'topic00001' }],
    [`/t/topic00001?from=${cursor}`, { page: 'topic', id: 'topic00001', from: cursor }],
    ['/c/earth', { page: 'channel', channel: 'earth', column: '' }],
    ['/c/earth/ocean', { page: 'channel', channel: 'earth', column: 'ocean' }],
    [`/c/earth?from=${cursor}`, { page: 'channel', channel: 'earth', column: '', from: cursor }],
    ['/ranking', { page: 'ranking', mood: 'happy', span: '7d' }],
    ['/ranking?mood=sad&span=30d&from=20', { page: 'ranking', mood: 'sad', span: '30d', from: '20' }],
    ['/ranking?mood=x&span=y', { page: 'ranking', mood: 'happy', span: '7d' }],
    ['/search', { page: 'search', query: '' }],
    ['/search?q=%E9%B2%B8', { page: 'search', query: '鲸' }],
    [`/search?q=a&from=${cursor}`, { page: 'search', query: 'a', from: cursor }],
    ['/shelf', { page: 'shelf' }],
    ['/about', { page: 'about' }],
    ['/principles', { page: 'principles' }],
    ['/offline', { page: 'offline' }],
    ['/preview', { page: 'preview', scene: '' }],
    ['/preview?scene=draft00001.0123456789abcdef', { page: 'preview', scene: 'draft00001.0123456789abcdef' }],
    [
      '/preview?scene=draft00001.0123456789abcdef。',
      { page: 'preview', scene: 'draft00001.0123456789abcdef' },
    ],
    [`/c/earth?from=${cursor}。`, { page: 'channel', channel: 'earth', column: '', from: cursor }],
    ['/preview?scene=draft00001.0123', { page: 'preview', scene: '' }],
    [
      '/more/preview/index?scene=draft00001.0123456789abcdef',
      { page: 'preview', scene: 'draft00001.0123456789abcdef' },
    ],
  ])('%s', (address, page) => {
    expect(read(address)).toEqual(page)
  })

  test.each([
    ...['', 'a/story00001', '/x', '/%E0%A4%A', '/a/b/c/d', '/c', '/c/', '/c//ocean', '/favicon.png'],
    ...[
      '/a',
      '/a/story01',
      '/a/story00000123',
      '/a/Story00001',
      '/a/story00001/b',
      '/a/story00001X',
      '/a/story00001/'.repeat(9),
    ],
    ...['/t', '/t/topic1', '/t/topic00001/b', '/t/topic00001?from=<x>'],
    ...['/c', '/c/nowhere', '/c/constructor', '/c/earth/nowhere', '/c/earth/constructor', '/c/earth/ocean/x'],
    ...['/c//ocean', '/c/earth?from=<x>', '/?from=<x>', '/ranking?from=x', '/search?q=a&from=20'],
    ...['/ranking/x', '/search/x', '/shelf/x', '/about/x', '/principles/x', '/offline/x', '/preview/x'],
    ...['/pages/article/index', '/pages/article/index?id=x', '/more/topic/index', '/more/topic/index?id=x'],
    ...['/more/channel/index', '/more/channel/index?channel=x', '/more/channel/index?channel=earth&column=x'],
    ...['/pages/x', '/more/x/index', '/pages/home', '/pages/home/index/x'],
  ])('and %s has none', address => {
    expect(read(address)).toEqual(lost)
  })

  test('of 200 characters at most', () => {
    // Slashes at the end do not count as another page.
    expect(readAddress(`/about${'/'.repeat(194)}`, new Map())).toEqual(moved('/about'))
    expect(readAddress(`/about${'/'.repeat(195)}`, new Map())).toEqual(lost)
  })
})

test.each([
  ['/pages/home/index', '/'],
  ['/pages/ranking/index', '/ranking'],
  ['/pages/shelf/index', '/shelf'],
  ['/pages/article/index?id=story00001', '/a/story00001'],
  [
    '/pages/article/index?id=story00001&mark=abcdefghij&scene=1154&x=1',
    '/a/story00001?mark=abcdefghij&scene=1154',
  ],
  ['/pages/article/index?id=story00001&mark=bad&scene=1007', '/a/story00001'],
  ['/more/topic/index?id=topic00001', '/t/topic00001'],
  ['/more/channel/index?channel=earth', '/c/earth'],
  ['/more/channel/index?channel=earth&column=ocean&from=x', '/c/earth/ocean'],
  ['/more/search/index?q=%E9%B2%B8', '/search?q=%E9%B2%B8'],
  ['/more/about/index', '/about'],
  ['/more/principles/index', '/principles'],
  // Signs that people add when they pass a link on.
  ['/a/story00001。', '/a/story00001'],
  ['/a/story00001%20?mark=abcdefghij', '/a/story00001?mark=abcdefghij'],
  ['/a/story00001%0A', '/a/story00001'],
  ['/a/story00001%09', '/a/story00001'],
  ['/a/story00001%2520', '/a/story00001'],
  ['/a/story00001%25E3%2580%2582', '/a/story00001'],
  ['/t/topic00001，', '/t/topic00001'],
  ['/c/earth。', '/c/earth'],
  ['/c/earth/ocean%20', '/c/earth/ocean'],
  ['/ranking%EF%BC%8C?mood=sad', '/ranking?mood=sad'],
  ['/。', '/'],
  ['/more/channel/index?channel=earth。', '/c/earth'],
  ['/pages/article/index?id=story00001。', '/a/story00001'],
  // Other forms of an address: with a slash at the end, or escaped.
  ['/about/', '/about'],
  ['/%61bout', '/about'],
  ['/c/earth/', '/c/earth'],
  ['/search/?q=%E9%B2%B8&x=1', '/search?q=%E9%B2%B8'],
  [`/t/topic00001/?from=${cursor}`, `/t/topic00001?from=${cursor}`],
  ['/ranking/?mood=sad&span=30d&from=20', '/ranking?mood=sad&span=30d&from=20'],
  ['/a/story00001/?mark=abcdefghij&scene=1154', '/a/story00001?mark=abcdefghij&scene=1154'],
  ['//', '/'],
])('%s has moved to %s', (address, to) => {
  expect(read(address)).toEqual(moved(to))
})

test.each([
  '/',
  `/?from=${cursor}`,
  '/a/story00001',
  `/c/earth/ocean?from=${cursor}`,
  '/c/earth',
  `/t/topic00001?from=${cursor}`,
  '/ranking',
  '/ranking?from=20',
  '/ranking?mood=sad&span=30d&from=20',
  '/search',
  '/search?q=%E9%B2%B8',
  `/search?q=%E9%B2%B8&from=${cursor}`,
  '/shelf',
  '/about',
  '/principles',
  '/offline',
  '/preview',
])('search engines are told %s as the address of that page', address => {
  const page = read(address)
  expect(page.page === 'moved' ? '' : addressOf(page)).toBe(address)
})

test('how a page was opened, and what nobody may find, is no part of its address', () => {
  expect(addressOf(story('story00001', true))).toBe('/a/story00001')
  expect(addressOf({ page: 'preview', scene: 'draft00001.0123456789abcdef' })).toBe('/preview')
  expect(addressOf({ page: 'lost' })).toBe('/')
})
