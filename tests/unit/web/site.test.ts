import { channels, filings } from '#site'
import type { FirstReply } from '../../../src/web/document-data'
import { type Asked, closeDocument, documentOf, openDocument } from '../../support/site-in-node'
import { standardArticle, standardFeed, standardMood, standardRelated } from '../../support/standard-article'
import { takeWebVersions } from '../../support/web-versions'

takeWebVersions()
afterAll(closeDocument)

const { id } = standardArticle
const address = `/a/${id}`
const opened = { article: standardArticle, mood: standardMood, related: standardRelated }
const replyTo = (key: string, endpoint: string, data: unknown): FirstReply => ({
  key,
  endpoint,
  reply: { ok: true, data },
})
const story = (data: unknown = opened) => replyTo(`story:${id}`, 'content/openArticle', data)
const home = (focus: object[] = [], items: object[] = standardFeed, next: string | null = null) =>
  replyTo('home', 'content/readHome', { focus, topics: [], feed: { items, next } })
const empty = { items: [], next: null }

/** The words and addresses of the links in the element that begins so. */
function waysIn(html: string, begin: string): string[][] {
  const [name] = begin.split(' ')
  const [part = ''] = new RegExp(`<${begin}.*?</${name}>`, 's').exec(html) ?? []
  return [...part.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, to = '', words = '']) => [
    words,
    to,
  ])
}

/** A page as the server draws it. */
function drawn(name: string, params: Record<string, string> = {}, replies: FirstReply[] = []) {
  const { html, head } = documentOf({ address: '/', page: { name, params }, replies })
  const texts = (pattern: RegExp) =>
    [...html.matchAll(pattern)].map(([, text = '']) => text.replace(/<[^>]+>/g, ''))
  return {
    html,
    head,
    headlines: texts(/<h1\b[^>]*>(.*?)<\/h1>/gs),
    /** The links that say that the reader is there. */
    current: texts(/<a\b[^>]*aria-current="page"[^>]*>(.*?)<\/a>/gs),
    links: texts(/<a\b[^>]*href="([^"]*)"/g),
  }
}

describe('a page of the site', () => {
  const ranking = replyTo('ranking:sad:30d', 'reactions/readRanking', { ...empty, updatedAt: null })
  test.each([
    ['home', {}, '科普云', ['首页'], '科普云：把科学讲明白', '把科学讲明白'],
    [
      'channel',
      { channel: 'earth', column: 'ocean' },
      '地球 · 海洋',
      ['地球', '海洋'],
      '地球 · 海洋',
      '地球频道的科普文章',
    ],
    ['channel', { channel: 'earth', column: '' }, '地球', ['地球', '全部'], '地球', '地球频道的科普文章'],
    [
      'ranking',
      { mood: 'sad', span: '30d' },
      '新闻表情排行',
      ['排行', '难过', '30天', '排行'],
      '新闻表情排行：难过 · 30天',
      '哪些文章让读者难过：30天的投票',
    ],
    ['search', { q: '日食' }, '搜索', [], '搜索：日食', undefined],
    ['search', {}, '搜索', [], '搜索', undefined],
    ['shelf', {}, '书架', ['书架', '书架'], '书架', undefined],
    ['about', {}, '关于科普云', [], '关于', '科普云：意见反馈、侵权投诉、隐私'],
    ['principles', {}, '采编和更正原则', [], '采编和更正原则', '科普云怎样选题、写作、审核和更正'],
    ['offline', {}, '没有网络', [], '没有网络', undefined],
    ['withdrawn', {}, '这篇文章已撤回', [], '文章已撤回', undefined],
    ['lost', { of: 'article' }, '没有找到这篇文章', [], '页面找不到了', undefined],
    ['lost', { of: 'topic' }, '没有找到这个专题', [], '页面找不到了', undefined],
    ['lost', { of: 'elsewhere' }, '这个页面找不到了', [], '页面找不到了', undefined],
    ['of next year', {}, '这个页面找不到了', [], '页面找不到了', undefined],
  ])(
    '%s %j has one headline, says where the reader is, and has a title of its own',
    (name, params, headline, current, title, words) => {
      const page = drawn(name, params, [ranking, home()])
      expect(page).toMatchObject({ headlines: [headline], current, head: { title } })
      expect(page.head.words).toBe(words)
      expect(page.html).toMatch(/<a class="site-skip" href="#text">.*<main id="text" tabindex="-1">/s)
      expect(page.links).toEqual(
        expect.arrayContaining(['/', '/c/earth', '/ranking', '/shelf', '/search', '/about']),
      )
      expect(waysIn(page.html, 'nav class="site-channels')).toEqual([
        ...[...Object.entries(channels).map(([key, { label }]) => [label, `/c/${key}`])],
        ...[['排行', '/ranking'] as const, ['书架', '/shelf'] as const],
      ])
      expect(waysIn(page.html, 'footer')).toEqual([
        ['首页', '/'],
        ['新闻表情排行', '/ranking'],
        ['书架', '/shelf'],
        ['搜索', '/search'],
        ['关于 · 反馈 · 侵权投诉', '/about'],
        [filings.icp, 'https://beian.miit.gov.cn/'],
        [
          filings.police,
          `https://beian.mps.gov.cn/#/query/webSearch?code=${filings.police.replace(/\D/g, '')}`,
        ],
      ])
      expect(waysIn(page.html, 'nav class="tabs')).toEqual(
        ['home', 'ranking', 'shelf'].includes(name)
          ? [
              ['首页', '/'],
              ['排行', '/ranking'],
              ['书架', '/shelf'],
            ]
          : [],
      )
      // Of two boxes for words, the search page has its own alone.
      expect(page.html.match(/<form\b/g)).toHaveLength(1)
      expect(page.html).toContain('maxLength="40"')
    },
  )

  test('of a story has the story’s own headline, title, description and picture, and the page after it nothing of them', () => {
    const cover = { src: 'cloud://kepu.local/封面 1.jpg', width: 3, height: 2, alt: '' }
    const page = drawn('article', { id }, [story({ ...opened, article: { ...standardArticle, cover } })])
    expect(page.headlines).toEqual([standardArticle.title])
    expect(page.head).toMatchObject({
      title: standardArticle.title,
      words: standardArticle.teaser,
      picture: '/storage/%E5%B0%81%E9%9D%A2%201.jpg',
    })
    expect(drawn('about').head.picture).toBeUndefined()
    // Nor the data: another document of the same address would show it as its own.
    expect(drawn('article', { id }).html).not.toContain(standardArticle.title)
  })

  test('in Moments leads nowhere, whatever it shows', () => {
    const moments = { scene: '1154' }
    for (const page of [
      drawn('article', { id, ...moments }, [story()]),
      drawn('withdrawn', { ...moments, reason: '来源有误' }),
      drawn('lost', { of: 'article', ...moments }),
    ]) {
      expect(page.links).toEqual([])
      // Nor are there words that lead on elsewhere.
      expect(page.html).not.toMatch(/<(header|footer|nav|form)\b|site-skip|搜索文章/)
      expect(page.html).toContain('<main>')
    }
  })

  test('for an address without a story offers ways on and the newest stories; one without a topic no stories', () => {
    const first = `/a/${standardFeed[0]?.id}`
    const gone = drawn('lost', { of: 'article' }, [home()])
    expect(gone.links).toEqual(expect.arrayContaining(['/c/life', first]))
    expect(drawn('lost', { of: 'topic' }, [home()]).links).not.toContain(first)
    const withdrawn = drawn('withdrawn', { reason: '来源有误' }, [home()])
    expect(withdrawn.html).toContain('撤回原因：来源有误')
    expect(withdrawn.links).toEqual(expect.arrayContaining(['/c/life', first]))
    expect(drawn('withdrawn').html).not.toContain('撤回原因')
  })

  test('for a draft has the ways through the site, and no tab bar', () => {
    const { name, params, key } = {
      name: 'draft-preview',
      params: { scene: 'draft00001.0123456789abcdef' },
      key: 'preview:',
    }
    const reply = replyTo(`${key}${params.scene}`, 'content/openPreview', {
      article: standardArticle,
      expiresAt: 2e12,
    })
    const page = drawn(name, params, [reply])
    expect(page.headlines).toEqual([standardArticle.title])
    expect(page.links).toEqual(expect.arrayContaining(['/', '/c/earth', '/about']))
    expect(page.html).not.toContain('class="tabs"')
  })
})

test.each([
  ['content/openArticle', opened],
  ['content/readHome', { focus: [], topics: [], feed: empty }],
  ['content/readFeed', empty],
  ['content/search', empty],
  ['content/readTopic', { topic: { id: 'topic00001', title: '', lead: '', publishedAt: 0 }, ...empty }],
  ['reactions/readPoll', { poll: null }],
  ['reactions/readRanking', { ...empty, updatedAt: null }],
])('a reply of %s in a document is used if it fits its contract', (endpoint, data) => {
  const { checkReplies } =
    require('../../../src/web/check-replies') as typeof import('../../../src/web/check-replies')
  const error = { code: 'unavailable' as const, message: '' }
  expect([
    checkReplies(replyTo('key', endpoint, data)),
    checkReplies(replyTo('key', endpoint, { ...data, topic: 7, article: 7, feed: 7, items: 7, poll: 7 })),
    checkReplies({ key: 'key', endpoint, reply: { ok: false, error } }),
  ]).toEqual([true, false, true])
})

describe('what a page draws', () => {
  const elements = () =>
    require('../../../src/web/components') as typeof import('../../../src/web/components')
  const html = (name: 'View' | 'Text' | 'Button' | 'Image' | 'ScrollView', props: object) => {
    const { renderToString } = require('react-dom/server') as typeof import('react-dom/server')
    const { createElement } = require('react') as typeof import('react')
    return renderToString(createElement(elements()[name] as never, props))
  }
  const press = () => undefined

  test.each([
    ['a box', 'View', { className: 'a', id: 'b' }, '<div id="b" class="a">x</div>'],
    ['text', 'Text', {}, '<span>x</span>'],
    [
      'a style as WeChat takes it',
      'View',
      { style: '--r: 0.5; margin-top:2px;broken' },
      '<div style="--r:0.5;margin-top:2px">x</div>',
    ],
    [
      'a headline',
      'Text',
      { 'aria-role': 'heading', className: 'head-title' },
      '<h1 class="head-title">x</h1>',
    ],
    [
      'the headline of a topic',
      'Text',
      { 'aria-role': 'heading', className: 'topic-title' },
      '<h1 class="topic-title">x</h1>',
    ],
    ['a heading', 'Text', { 'aria-role': 'heading', className: 'block-h2' }, '<h2 class="block-h2">x</h2>'],
    [
      'a button',
      'View',
      { 'aria-role': 'button', 'aria-label': '开' },
      '<button type="button" aria-label="开">x</button>',
    ],
    [
      'a choice',
      'View',
      { 'aria-role': 'radio', onClick: press },
      '<button type="button" role="radio" aria-checked="false">x</button>',
    ],
    [
      'the chosen one',
      'View',
      { 'aria-role': 'radio', 'aria-checked': 'true', onClick: press },
      '<button type="button" role="radio" aria-checked="true">x</button>',
    ],
    [
      'a choice of several',
      'View',
      { 'aria-role': 'checkbox', 'aria-checked': 'true', onClick: press },
      '<button type="button" aria-pressed="true">x</button>',
    ],
    [
      'a choice that this reader may not make',
      'View',
      { 'aria-role': 'radio' },
      '<div role="radio" aria-checked="false" aria-disabled="true">x</div>',
    ],
    [
      'one of several that this reader may not make',
      'View',
      { 'aria-role': 'checkbox', 'aria-checked': 'true' },
      '<div role="checkbox" aria-checked="true" aria-disabled="true">x</div>',
    ],
    ['choices', 'View', { 'aria-role': 'radiogroup' }, '<div role="radiogroup">x</div>'],
    [
      'a part of another role',
      'View',
      { 'aria-role': 'alert', 'aria-hidden': true },
      '<div aria-hidden="true" role="alert">x</div>',
    ],
    ['a button of WeChat', 'Button', { className: 'send' }, '<button type="button" class="send">x</button>'],
    ['a row that scrolls', 'ScrollView', { className: 'strip' }, '<div class="scroll-x strip">x</div>'],
  ] as const)('%s', (_, name, props, expected) => {
    expect(html(name, { ...props, children: 'x' })).toBe(expected)
  })

  test('a picture says what it shows, fills its box or fits it, and loads late where it is asked to', () => {
    expect(html('Image', { src: '/a.jpg', className: 'cover', 'aria-label': '鲸' })).toBe(
      '<img class="img cover" src="/a.jpg" alt="鲸"/>',
    )
    expect(html('Image', { src: '/a.jpg', mode: 'aspectFit', lazyLoad: true })).toBe(
      '<img class="img img--fit " src="/a.jpg" alt="" loading="lazy"/>',
    )
    expect(html('Image', { src: '', className: 'cover' })).toBe('<span class="img cover"></span>')
    expect(
      html('Image', {
        src: '/a.jpg',
        className: 'figure-picture',
        'aria-role': 'button',
        'aria-label': '图片：鲸',
        style: '--r:1',
      }),
    ).toBe(
      '<a class="figure-picture" style="--r:1" href="/a.jpg" aria-label="图片：鲸"><img class="img" src="/a.jpg" alt=""/></a>',
    )
  })

  test('of the carousel’s pictures, the first alone loads at once', () => {
    const focus = standardFeed
      .slice(0, 3)
      .map((one, n) => ({ ...one, cover: { src: `/focus-${n}.jpg`, width: 4, height: 3, alt: '' } }))
    const { html } = drawn('home', {}, [home(focus)])
    const lateOf = (n: number) =>
      /loading="lazy"/.test(html.match(new RegExp(`<img[^>]*focus-${n}[^>]*>`))?.[0] ?? '')
    expect([0, 1, 2].map(lateOf)).toEqual([false, true, true])
  })
})

describe('a document in the browser', () => {
  const article = (change: Partial<Asked> = {}, data: object = opened) =>
    openDocument({ address, page: { name: 'article', params: { id } }, replies: [story(data)], ...change })
  const preview = { page: { name: 'article', params: { id }, preview: true } }
  const pictures = ['一', '二'].map(n => ({
    type: 'picture',
    src: `/${n}.jpg`,
    width: 4,
    height: 3,
    alt: `图${n}`,
  }))
  const withPictures = {
    ...opened,
    article: { ...standardArticle, blocks: [...pictures, ...standardArticle.blocks] },
  }

  test('is hydrated as the server drew it, and asks the cloud for nothing that is in it', async () => {
    const page = await article()
    expect(page.did.complaints).toEqual([])
    expect(page.did.sent).toEqual([])
    expect(page.all('main h1').map(({ textContent }) => textContent)).toEqual([standardArticle.title])
  })

  test('of a reader with an identity asks for the reader’s own vote, signed in once', async () => {
    const own = { ...opened, mood: { ...standardMood, own: 'sad', wish: 3 } }
    const page = await article({ ...preview, answers: { openArticle: () => ({ ok: true, data: own }) } })
    expect(page.did.sent.map(({ to, body, headers }) => [to, body.data, headers.Authorization])).toEqual([
      ['anonymously', undefined, undefined],
      ['content', { articleId: id }, 'Bearer a-token'],
    ])
    expect(page.one('.mood-sad').getAttribute('aria-checked')).toBe('true')
    expect(page.stored('cloud-token')).toBe('a-token')
  })

  test('in Moments signs in as a guest who is nobody else here, and stores nothing of the reader', async () => {
    const page = await article({
      ...{
        address: `${address}?scene=1154`,
        page: { name: 'article', params: { id, scene: '1154' }, preview: true },
      },
      ...{ replies: [], stored: { 'cloud-token': 'a-reader' } },
    })
    expect(page.did.sent.map(({ to }) => to)).toEqual(['anonymously?as=guest', 'content'])
    expect([page.stored('cloud-token'), page.stored('cloud-token:guest')]).toEqual(['a-reader', 'a-token'])
  })

  test.each([
    ['that does not fit its contract', story({ ...opened, related: 'none' })],
    ['to something that the page does not know', { ...story(), endpoint: 'content/openAnything' }],
  ])('asks again for a reply %s', async (_, reply) => {
    const page = await article({ found: [reply] })
    expect(page.did.sent.map(({ body }) => body.action)).toContain('openArticle')
  })

  test('with the failure of a story says so, and asks nothing by itself', async () => {
    const error = { code: 'unavailable' as const, message: '' }
    const failed: FirstReply = { ...story(), reply: { ok: false, error } }
    const page = await article({ replies: [failed] })
    expect(page.words()).toContain('网络不太顺畅，请检查后重试')
    expect(page.did.sent).toEqual([])
  })

  test('lets arrow keys go round the moods and choose none', async () => {
    const page = await article({ ...preview, answers: { openArticle: () => ({ ok: true, data: opened }) } })
    const names = () => page.document.activeElement?.getAttribute('aria-label')?.slice(0, 2)
    page.one('.mood-happy').focus()
    const way: unknown[] = []
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'a']) {
      await page.press(page.document.activeElement as Element, key)
      way.push(names())
    }
    expect(way).toEqual(['难过', '点赞', '飘过', '开心', '飘过', '点赞', '点赞'])
    expect(page.did.sent.filter(({ body }) => body.action === 'setMood')).toEqual([])
  })

  test('enlarges the picture that was tapped, and gives the focus back', async () => {
    const page = await article({}, withPictures)
    const link = page.one('.figure-picture')
    for (const key of ['metaKey', 'ctrlKey', 'shiftKey', 'altKey']) await page.click(link, { [key]: true })
    expect(page.all('.overlay-pictures')).toEqual([])
    link.focus()
    await page.click(link)
    const box = page.one('.overlay-pictures')
    expect(box.getAttribute('aria-label')).toBe('图片')
    const shown = () =>
      page.all('.overlay-pictures img').map(one => [one.getAttribute('src'), one.getAttribute('alt')])
    expect(shown()).toEqual([
      ['/一.jpg', '图一'],
      ['/二.jpg', '图二'],
    ])
    expect(page.document.activeElement?.textContent).toBe('关闭')
    Object.defineProperty(box, 'clientWidth', { value: 400 })
    await page.click(page.one('.overlay-close', '下一张'))
    expect(box.scrollLeft).toBe(400)
    await page.press(box, 'ArrowLeft')
    expect(box.scrollLeft).toBe(0)
    await page.press(box, 'ArrowRight')
    await page.press(box, 'x')
    expect(box.scrollLeft).toBe(400)
    await page.click(page.one('.overlay-close', '上一张'))
    expect(box.scrollLeft).toBe(0)
    // This browser has no <dialog>: Esc is ours.
    await page.press(page.window, 'x')
    expect(page.all('.overlay-pictures')).toHaveLength(1)
    await page.press(page.window, 'Escape')
    expect(page.all('.overlay-pictures')).toEqual([])
    expect(page.document.activeElement).toBe(link)
    await page.click(link)
    await page.click(page.one('.overlay-pictures'))
    expect(page.all('.overlay-pictures')).toEqual([])
  })

  test('shows one picture without ways to another', async () => {
    const [picture] = pictures
    const page = await article(
      {},
      { ...opened, article: { ...standardArticle, blocks: [picture, ...standardArticle.blocks] } },
    )
    await page.click(page.one('.figure-picture'))
    expect(page.all('.overlay-pictures button').map(({ textContent }) => textContent)).toEqual(['关闭'])
  })

  test('offers to load a picture again that fails, and one that failed before the script came', async () => {
    const failed = (window: typeof globalThis) =>
      Object.defineProperties(window.HTMLImageElement.prototype, {
        complete: { get: () => true },
        naturalWidth: {
          get(this: HTMLImageElement) {
            return this.src.includes('%E4%B8%80') ? 0 : 400
          },
        },
      })
    const page = await article({ before: failed }, withPictures)
    expect(page.all('.figure-picture--away').map(({ textContent }) => textContent)).toEqual([
      '[ 图一 ]\n图片没有加载出来，点此重试',
    ])
    await page.later(() => page.one('.figure-picture img').dispatchEvent(new page.window.Event('error')))
    expect(page.all('.figure-picture--away')).toHaveLength(2)
  })

  test('tells the reader in words that go away, the last ones alone', async () => {
    const page = await article()
    jest.useFakeTimers()
    await page.click(page.one('.action', '收藏'))
    const toasts = () => page.all('.overlay-toast').map(one => [one.getAttribute('role'), one.textContent])
    expect(toasts()).toEqual([['status', '已收藏，可在书架里找到']])
    jest.advanceTimersByTime(1_000)
    await page.click(page.one('.action', '收藏'))
    expect(toasts()).toEqual([['status', '已取消收藏']])
    jest.advanceTimersByTime(1_499)
    expect(toasts()).toHaveLength(1)
    jest.advanceTimersByTime(1)
    expect(toasts()).toEqual([])
    jest.useRealTimers()
  })

  test('asks before it clears, and takes only 清空 for a yes', async () => {
    const rows = [{ ...standardFeed[0], at: 1 }]
    const page = await openDocument({
      address: '/shelf',
      page: { name: 'shelf' },
      stored: { 'shelf-favourites': rows },
    })
    const ask = () => page.click(page.one('button', '清空收藏'))
    const kept = () => page.stored('shelf-favourites')
    const box = () => page.all('[role=dialog]')
    await ask()
    expect(box()[0]?.getAttribute('aria-label')).toBe('清空全部收藏？')
    expect(box()[0]?.hasAttribute('open')).toBe(true)
    // A key that is pressed once too often does no harm.
    expect(page.document.activeElement?.textContent).toBe('取消')
    await page.click(page.one('.overlay-text'))
    expect(box()).toHaveLength(1)
    for (const no of [
      () => page.click(page.one('.overlay-modal')),
      () => page.press(page.window, 'Escape'),
      () => page.click(page.one('.overlay-button', '取消')),
    ]) {
      await no()
      expect([box().length, kept()]).toEqual([0, rows])
      await ask()
    }
    await page.click(page.one('.overlay-button--confirm', '清空'))
    expect([box().length, kept()]).toEqual([0, undefined])
    expect(page.words()).toContain('还没有收藏')
  })

  test('leaves a dialog to the browser that has one: its Esc is a no, and closes it once', async () => {
    const opened = jest.fn()
    const rows = [{ ...standardFeed[0], at: 1 }]
    const page = await openDocument({
      ...{ address: '/shelf', page: { name: 'shelf' }, stored: { 'shelf-favourites': rows } },
      before: window => Object.assign(window.HTMLElement.prototype, { showModal: opened }),
    })
    const button = page.one('button', '清空收藏')
    button.focus()
    await page.click(button)
    const [box] = page.all('.overlay-modal')
    expect([opened.mock.calls.length, box?.hasAttribute('open'), box?.hasAttribute('role')]).toEqual([
      ...[1, false, false],
    ])
    const esc = new page.window.Event('cancel', { cancelable: true })
    await page.later(() => box?.dispatchEvent(esc))
    expect([esc.defaultPrevented, page.all('.overlay-modal'), page.stored('shelf-favourites')]).toEqual([
      ...[true, [], rows],
    ])
    expect(page.document.activeElement).toBe(button)
  })

  test('turns the carousel picture by picture, from the first to the last', async () => {
    const focus = standardFeed
      .slice(0, 3)
      .map((one, n) => ({ ...one, cover: { src: `/focus-${n}.jpg`, width: 4, height: 3, alt: '' } }))
    const page = await openDocument({ address: '/', page: { name: 'home' }, replies: [home(focus)] })
    const row = page.one('.swiper-row')
    Object.defineProperty(row, 'clientWidth', { value: 390 })
    const state = () => [
      row.scrollLeft,
      page.all('.swiper-dot').map(({ className }) => className.endsWith('--on')),
      page.all('.swiper-turn').map(turn => (turn as HTMLButtonElement).disabled),
    ]
    const turn = async (name: string) => {
      await page.click(page.one(`[aria-label=${name}]`))
      await page.later(() => row.dispatchEvent(new page.window.Event('scroll')))
      return state()
    }
    expect(page.did.sent).toEqual([])
    expect(state()).toEqual([0, [true, false, false], [true, false]])
    expect(await turn('下一张')).toEqual([390, [false, true, false], [false, false]])
    expect(await turn('下一张')).toEqual([780, [false, false, true], [false, true]])
    expect(await turn('上一张')).toEqual([390, [false, true, false], [false, false]])
  })

  test('draws a poster once at a time, and says if its script does not come', async () => {
    const page = await article()
    const scripts = () => page.all('script[data-mark]') as HTMLScriptElement[]
    await page.click(page.one('.share-row-way', '生成海报'))
    await page.click(page.one('.share-row-way', '生成海报'))
    expect(scripts().map(({ src, dataset }) => [src, /^[0-9a-z]{10}$/.test(dataset.mark ?? '')])).toEqual([
      ['http://site.example/assets/poster.js', true],
    ])
    await page.later(() => scripts()[0]?.dispatchEvent(new page.window.Event('error')))
    expect(scripts()).toEqual([])
    expect(page.words()).toContain('没能生成海报，请稍后再试')
  })

  test('sends the votes that wait on the phone', async () => {
    const waiting = { subject: 'other00001', wanted: 'like', revision: 7, at: Date.now(), basedOn: [0] }
    const copy = { ...opened, article: { ...standardArticle, id: 'other00001' } }
    const rows = [{ key: 'article:other00001', at: Date.now(), size: 9_000 }]
    const mood = { ...standardMood, canVote: true, own: 'like', wish: 7 }
    const page = await openDocument({
      ...{ address: '/about', page: { name: 'about', preview: true } },
      ...{
        stored: {
          'mood-votes': [waiting],
          cache: { version: 1, rows },
          'cache:article:other00001': copy,
        },
        answers: { setMood: () => ({ ok: true, data: mood }) },
      },
    })
    await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
    const votes = page.did.sent.filter(({ body }) => body.action === 'setMood').map(({ body }) => body.data)
    expect(votes).toEqual([{ articleId: 'other00001', mood: 'like', wish: 7, basedOn: [0], epoch: 0 }])
    expect(page.stored('mood-votes')).toBeUndefined()
    // The copy that is read without a network has the vote, too.
    expect(page.stored('cache:article:other00001')).toEqual({ ...copy, mood })
  })

  describe('a poster', () => {
    /** The script of a poster, on a canvas that remembers what is drawn: `paper` is the colour behind all, 'w×h' a picture. */
    async function drawPoster(mark: string, change: Partial<Asked> = {}) {
      const cover = { src: '/cover.jpg', width: 3, height: 2, alt: '' }
      const shareCover = { src: '/share.jpg', width: 3, height: 2, alt: '' }
      const page = await article(change, { ...opened, article: { ...standardArticle, cover, shareCover } })
      const [dark, loaded, drawn]: [
        Set<() => void>,
        string[],
        { paper: string; pictures: object[]; dots: number },
      ] = [new Set(), [], { paper: '', pictures: [], dots: 0 }]
      const context = {
        ...{
          fillStyle: '',
          scale() {},
          fillText() {},
          drawImage: (picture: object) => drawn.pictures.push(picture),
        },
        measureText: (text: string) => ({ width: text.length * 10 }),
        fillRect(x: number, y: number) {
          if (x === 0 && y === 0) Object.assign(drawn, { paper: this.fillStyle, pictures: [], dots: 0 })
          else drawn.dots++
        },
      }
      const own = page.document.body.appendChild(page.document.createElement('script'))
      own.dataset.mark = mark
      Object.defineProperty(page.document, 'currentScript', { value: own })
      Object.assign(page.window.HTMLCanvasElement.prototype, {
        getContext: () => context,
        toDataURL: () => `data:image/png;base64,${drawn.paper}`,
      })
      Object.assign(globalThis, {
        Image: class {
          onload() {}
          onerror() {}
          set src(src: string) {
            loaded.push(src)
            void Promise.resolve().then(() => (src.includes('share') ? this.onload() : this.onerror()))
          }
        },
        matchMedia: () => ({
          matches: change.isDark ?? false,
          addEventListener: (_: string, run: () => void) => dark.add(run),
          removeEventListener: (_: string, run: () => void) => dark.delete(run),
        }),
      })
      await page.later(() => void require('../../../src/web/poster'))
      return { ...page, own, loaded, drawn, dark }
    }

    test('has the picture for sharing, is named after its story, and leaves nothing behind', async () => {
      const { own, loaded, drawn, dark, ...page } = await drawPoster('0123456789')
      expect([loaded, drawn.pictures.length, drawn.paper]).toEqual([['/share.jpg'], 1, '#fbfaf7'])
      expect(drawn.dots).toBeGreaterThan(200)
      const words = `海报：${standardArticle.title}`
      expect(page.one('[role=dialog]').getAttribute('aria-label')).toBe(words)
      const [image, link] = [page.one('.overlay-modal img'), page.one('a.overlay-button', '下载海报')]
      expect([image.getAttribute('alt'), link.getAttribute('download')]).toEqual([words, `${id}.png`])
      const light = 'data:image/png;base64,#fbfaf7'
      expect([image.getAttribute('src'), link.getAttribute('href')]).toEqual([light, light])
      // The system turns dark while the poster is open.
      page.document.documentElement.classList.add('look--dark')
      for (const run of dark) await page.later(run)
      const again = 'data:image/png;base64,#141414'
      expect([image.getAttribute('src'), link.getAttribute('href')]).toEqual([again, again])
      await page.click(page.one('button.overlay-button', '关闭'))
      expect([page.all('[role=dialog]').length, own.isConnected, dark.size]).toEqual([0, false, 0])
    })

    test.each([
      ['a dark system', { isDark: true }, undefined, '#141414'],
      ['浅色, chosen on a dark system', { isDark: true }, 'look--light', '#fbfaf7'],
      ['深色, chosen on a light system', {}, 'look--dark', '#141414'],
    ])('is as dark as the page: %s', async (_, change, chosen, paper) => {
      const before = (window: typeof globalThis) =>
        chosen && window.document.documentElement.classList.add(chosen)
      const { drawn } = await drawPoster('0123456789', { ...change, before })
      expect(drawn.paper).toBe(paper)
    })

    test('is not drawn for a mark that is none, nor where the document has no story', async () => {
      const none = await drawPoster('short')
      expect([none.own.isConnected, none.all('[role=dialog], .overlay-toast')]).toEqual([false, []])
      const without = await drawPoster('0123456789', { found: [] })
      expect([without.own.isConnected, without.all('[role=dialog]')]).toEqual([false, []])
      expect(without.words()).toContain('没能生成海报，请稍后再试')
    })
  })

  test('is counted as opened by the mark of its address', async () => {
    const page = await article({ address: `${address}?from=a&mark=0123456789` })
    await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
    const openings = page.did.sent.filter(({ body }) => body.action === 'recordOpening')
    expect(openings.map(({ body }) => body.data)).toMatchObject([
      { articleId: id, mark: '0123456789', way: 'link' },
    ])
  })

  describe('without a network', () => {
    const offline = (where: string, stored: Record<string, unknown> = {}) =>
      openDocument({ address: where, page: { name: 'offline', preview: true }, stored })
    const index = { version: 1, rows: [{ key: `article:${id}`, at: Date.now(), size: 9_000 }] }
    const copy = { cache: index, [`cache:article:${id}`]: opened }
    const read = { ...standardFeed[1], id, title: standardArticle.title }

    test('a story that this browser has is shown at its address, under its own title', async () => {
      const page = await offline(`${address}/`, copy)
      expect(page.all('h1').map(({ textContent }) => textContent)).toEqual([standardArticle.title])
      expect(page.document.title).toBe(standardArticle.title)
    })

    test('the shelf is shown at its address', async () => {
      const page = await offline('/shelf/')
      expect([page.document.title, page.all('h1').length]).toEqual(['书架', 1])
      expect(page.words()).toContain('还没有收藏')
    })

    test.each(['/a/other00001', '/a/'])(
      'at %s the stories that can be read are listed, the last one read first, each once',
      async where => {
        const other = { ...standardFeed[2], id: 'other00002', at: 5 }
        const rows = [...index.rows, { key: 'article:other00002', at: 1, size: 1 }]
        const page = await offline(where, {
          ...{ ...copy, cache: { ...index, rows } },
          'shelf-history': [{ ...read, at: 2 }, other, { ...other, id: 'uncached01' }],
          'shelf-favourites': [{ ...read, at: 9 }],
        })
        expect(page.document.title).toBe('没有网络')
        const links = page.all('.offline-list a')
        expect(links.map(link => link.getAttribute('href'))).toEqual(['/a/other00002', address])
        expect(links.filter(link => link.textContent?.includes('离线可读'))).toHaveLength(2)
        expect(page.words()).toContain('下面的文章存在这台设备上')
      },
    )

    test('a browser that has none says so, and loads the page again at a tap and when the network is back', async () => {
      const page = await offline('/')
      expect(page.words()).toContain('还没有可以离线读的文章')
      await page.click(page.one('button', '再试一次'))
      await page.later(() => page.window.dispatchEvent(new page.window.Event('online')))
      expect(page.did.went).toEqual(['reload', 'reload'])
    })

    test('the document of /offline itself is as the server drew it', async () => {
      const page = await openDocument({ address: '/offline', page: { name: 'offline' } })
      expect(page.did.complaints).toEqual([])
      expect(page.words()).toContain('还没有可以离线读的文章')
    })

    test.each([
      ['withdrawn', {}],
      ['lost', { of: 'article' }],
    ])(
      'a story that the site answered as %s is no longer kept, and no other is dropped',
      async (name, params) => {
        const kept = { ...copy, 'cache:article:other00001': opened }
        const page = await openDocument({ address, page: { name, params }, stored: kept })
        expect(page.stored(`cache:article:${id}`)).toBeUndefined()
        expect(page.stored('cache:article:other00001')).toEqual(opened)
      },
    )
  })

  test('wears the look that its reader chooses, there or in another tab', async () => {
    const page = await openDocument({ address: '/shelf', page: { name: 'shelf' } })
    const { documentElement } = page.document
    const worn = () => [
      ...documentElement.className.split(' ').filter(name => name.startsWith('look--')),
      documentElement.style.getPropertyValue('--scale'),
    ]
    await page.click(page.one('input[value=dark]'))
    await page.click(page.one('input[value=large]'))
    expect(worn()).toEqual(['look--dark', '1.15'])
    page.window.localStorage.setItem('look', '{"data":{"theme":"light","size":"care"}}')
    const stored = Object.assign(new page.window.Event('storage'), { key: 'look' })
    await page.later(() => page.window.dispatchEvent(stored))
    expect(worn()).toEqual(['look--light', 'look--care', '1.5'])
  })

  test.each([
    [{ items: 44, top: 900 }, 'manual', [900]],
    [null, 'auto', []],
  ])(
    'to which the reader comes back with %j in its history is restored by hand only if its list had grown',
    async (state, way, scrolled) => {
      const page = await openDocument({
        ...{ address: '/', page: { name: 'home' }, replies: [home()] },
        before: window => window.history.replaceState(state, ''),
      })
      expect([page.window.history.scrollRestoration, page.did.scrolled.slice(0, 1)]).toEqual([way, scrolled])
    },
  )

  test('asks for its service worker once it has loaded', async () => {
    const register = jest.fn(() => Promise.reject(new Error('blocked')))
    const page = await article({
      before: window =>
        Object.defineProperty(window.navigator, 'serviceWorker', { value: { register }, configurable: true }),
    })
    await page.later(() => page.window.dispatchEvent(new page.window.Event('load')))
    expect(register).toHaveBeenCalledWith('/sw.js', { updateViaCache: 'all' })
  })
})
