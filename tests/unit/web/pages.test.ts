import { site } from '#site'
import type { FirstReply } from '../../../src/web/document-data'
import { type Asked, closeDocument, documentOf, elementsOf, openDocument } from '../../support/site-in-node'
import { standardArticle, standardFeed, standardMood, standardRelated } from '../../support/standard-article'
import { takeWebVersions } from '../../support/web-versions'

takeWebVersions()
afterAll(closeDocument)

const { id } = standardArticle
const replyTo = (key: string, endpoint: string, data: unknown): FirstReply => ({
  key,
  endpoint,
  reply: { ok: true, data },
})
const ok = (data: object) => () => ({ ok: true, data })
const away = () => ({ ok: false, error: { code: 'unavailable', message: '' } })
const first = 'k1standard-std1000000-1st'
const second = 'k1standard-std1000007-2nd'
const home = (items: object[], next: string | null, more: object = {}) =>
  replyTo('home', 'content/readHome', { focus: [], topics: [], feed: { items, next }, ...more })
const openHome = (reply: FirstReply, change: Partial<Asked> = {}) =>
  openDocument({ address: '/', page: { name: 'home', list: '/' }, replies: [reply], ...change })
const openStory = (blocks: object[], more: object = {}, change: Partial<Asked> = {}) =>
  openDocument({
    address: `/a/${id}`,
    page: { name: 'article', params: { id } },
    replies: [
      replyTo(`story:${id}`, 'content/openArticle', {
        article: { ...standardArticle, blocks, ...more },
        mood: standardMood,
        related: standardRelated,
      }),
    ],
    ...change,
  })
const textOf = (elements: readonly Element[]) => elements.map(({ textContent }) => textContent)

describe('a story’s text on the site', () => {
  const other = 'std0000002'
  const marked = {
    type: 'paragraph',
    spans: [
      '平的',
      { text: '粗', bold: true },
      { text: '斜', italic: true },
      { text: '码', code: true },
      { text: '下', sub: true },
      { text: '上', sup: true },
      { text: '粗斜', bold: true, italic: true },
      { text: '码粗', bold: true, code: true },
      { text: '另一篇', story: other },
      { text: '粗的一篇', bold: true, story: other },
    ],
  }
  const blocks = [
    { type: 'heading', text: '小标题' },
    { type: 'heading', text: ' ' },
    marked,
    { type: 'quote', spans: ['引文'] },
    { type: 'list', ordered: true, start: 3, items: [['三'], ['四']] },
    { type: 'list', ordered: true, items: [['一']] },
    { type: 'list', ordered: false, items: [['条'], [{ text: '粗条', bold: true }]] },
    {
      type: 'table',
      head: ['深度', '温度'],
      rows: [
        ['2500 米', '350 ℃'],
        ['海面', '20 ℃'],
      ],
    },
    { type: 'code', text: 'x = 1\ny = 2' },
    { type: 'picture', src: '/p.jpg', width: 4, height: 3, alt: '鲸', caption: '图说', credit: '某人' },
  ]

  test('has each kind of block as the element that reader modes and screen readers know', async () => {
    const page = await openStory(blocks)
    expect(page.did.complaints).toEqual([])
    const body = (selector: string) => textOf(page.all(`.article-body ${selector}`))
    expect(body('h2')).toEqual(['小标题'])
    expect(body('blockquote')).toEqual(['引文'])
    expect(body('pre')).toEqual(['x = 1\ny = 2'])
    expect(body('ol li')).toEqual(['3.三', '4.四', '1.一'])
    expect(page.all('ol').map(list => list.getAttribute('start'))).toEqual(['3', null])
    expect(body('ul li')).toEqual(['·条', '·粗条'])
    // The first line of a list has the distance to what stands before it.
    expect(page.all('.block-li').map(({ className }) => className.includes('--first'))).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
    // A number says something; a dot is for the eye alone.
    expect(page.all('.block-li-mark').map(mark => mark.getAttribute('aria-hidden'))).toEqual([
      null,
      null,
      null,
      'true',
      'true',
    ])
    expect(body('thead th[scope=col]')).toEqual(['深度', '温度'])
    expect(page.all('tbody tr').map(row => textOf(Array.from(row.children)))).toEqual([
      ['2500 米', '350 ℃'],
      ['海面', '20 ℃'],
    ])
    expect(body('.figure-caption')).toEqual(['图说　图：某人'])
  })

  test('shows each mark of a word, alone and together, and a link with its marks', async () => {
    const page = await openStory([marked])
    const inText = (selector: string) =>
      page.all(`.block-p ${selector}`).map(one => [one.textContent, one.className])
    expect(inText('strong')).toEqual([
      ['粗', 'block-bold'],
      ['粗斜', 'block-bold block-italic'],
    ])
    expect(inText('em')).toEqual([['斜', 'block-italic']])
    expect(inText('code')).toEqual([
      ['码', 'block-mono'],
      ['码粗', 'block-bold block-mono'],
    ])
    expect([inText('sub'), inText('sup')]).toEqual([[['下', 'block-sub']], [['上', 'block-sup']]])
    expect(
      page.all('.block-p a').map(one => [one.textContent, one.className, one.getAttribute('href')]),
    ).toEqual([
      ['另一篇', 'block-link', `/a/${other}`],
      ['粗的一篇', 'block-link block-bold', `/a/${other}`],
    ])
    expect(page.one('.block-p').textContent).toBe('平的粗斜码下上粗斜码粗另一篇粗的一篇')
  })

  test('in Moments has the words of a link without the link', async () => {
    const page = await openDocument({
      address: `/a/${id}?scene=1154`,
      page: { name: 'article', params: { id, scene: '1154' } },
      replies: [
        replyTo(`story:${id}`, 'content/openArticle', {
          article: { ...standardArticle, blocks: [marked] },
          mood: { ...standardMood, canVote: false },
          related: standardRelated,
        }),
      ],
    })
    expect(page.all('main a')).toEqual([])
    expect(page.one('.block-p').textContent).toContain('另一篇粗的一篇')
    expect(textOf(page.all('.related-item'))).toEqual(standardRelated.map(({ title }) => title))
  })

  test('hides what is behind the fold until a tap, and shows it again to a reader who comes back', async () => {
    const page = await openStory(standardArticle.blocks)
    const fold = () => page.one('.article-fold')
    expect(fold().textContent).toMatch(/^阅读剩余全文（\d+%）$/)
    expect(textOf(page.all('.article-body p'))).toHaveLength(standardArticle.blocks.length)
    expect(page.all('.article-behind p').length).toBeGreaterThan(5)
    await page.click(fold())
    expect([page.all('.article-behind').length, fold().textContent, fold().className]).toEqual([
      ...[0, ''],
      'article-fold article-fold--open',
    ])
    const state = page.window.history.state as object
    expect(state).toMatchObject({ unfolded: true })
    const back = await openStory(
      standardArticle.blocks,
      {},
      { before: ({ history }) => history.replaceState(state, '') },
    )
    expect(back.all('.article-behind')).toEqual([])
  })
})

describe('the end of a list on the site', () => {
  const [a, b, c] = [standardFeed.slice(0, 5), standardFeed.slice(5, 8), standardFeed.slice(8, 10)]
  const end = (page: Awaited<ReturnType<typeof openDocument>>) => page.one('.feed-end')

  test('is a link to the next page that loads in place, but not with a key that opens it elsewhere', async () => {
    const pages = [
      { items: b, next: second },
      { items: c, next: null },
    ]
    const page = await openHome(home(a, first), { answers: { readFeed: () => ok(pages.shift() ?? {})() } })
    expect([end(page).textContent, end(page).getAttribute('href')]).toEqual(['加载更多', `/?from=${first}`])
    for (const key of ['metaKey', 'ctrlKey', 'shiftKey', 'altKey'])
      await page.click(end(page), { [key]: true })
    expect(page.did.sent).toEqual([])
    await page.click(end(page))
    expect(page.all('.feed-item')).toHaveLength(8)
    expect(end(page).getAttribute('href')).toBe(`/?from=${second}`)
    await page.click(end(page))
    expect([page.all('.feed-item').length, end(page).textContent]).toEqual([10, '没有更多了'])
    expect(page.did.sent.flatMap(({ body }) => (body.action === 'readFeed' ? [body.data] : []))).toEqual([
      { cursor: first },
      { cursor: second },
    ])
    expect(page.all('a.feed-end')).toEqual([])
  })

  test('says while it loads, and after a failure what helps, at the same address', async () => {
    let answer: (reply: unknown) => void = () => {}
    const page = await openHome(home(a, first), {
      answers: {
        readFeed: () =>
          new Promise(done => {
            answer = done
          }),
      },
    })
    await page.click(end(page))
    expect([end(page).tagName, end(page).textContent]).toEqual(['DIV', '正在加载…'])
    await page.later(() => answer(away()))
    expect([end(page).textContent, end(page).getAttribute('href')]).toEqual([
      expect.stringMatching(/，点此再试$/),
      `/?from=${first}`,
    ])
    await page.click(end(page))
    await page.later(() => answer({ ok: true, data: { items: b, next: null } }))
    expect(end(page).textContent).toBe('没有更多了')
  })

  test('of a channel leads on in the channel', async () => {
    const page = await openDocument({
      address: '/c/earth/ocean',
      page: { name: 'channel', params: { channel: 'earth', column: 'ocean' }, list: '/c/earth/ocean' },
      replies: [replyTo('channel:earth/ocean', 'content/readFeed', { items: a, next: first })],
    })
    expect(end(page).getAttribute('href')).toBe(`/c/earth/ocean?from=${first}`)
  })
})

describe('home on the site', () => {
  const cover = { src: '/large.jpg', thumb: '/small.jpg', width: 4, height: 3, alt: '图' }

  test('has its parts in order, and a story without summary or picture has no empty ones', async () => {
    const items = [
      { ...standardFeed[0], cover },
      { ...standardFeed[4], teaser: '', cover: { ...cover, thumb: undefined } },
      { ...standardFeed[9], cover: undefined },
    ]
    const focus = [
      { ...standardFeed[1], cover, correctedAt: 1 },
      { ...standardFeed[2], cover },
    ]
    const topics = [{ id: 'topic00001', title: '一个专题', lead: '', cover }]
    const page = await openHome(home(items, null, { focus, topics }))
    const alone = drawn('home', {}, [home(items, null, { focus: focus.slice(1) })])
    const dots = [page.all('.swiper-dot').length, alone.all('.swiper-dot, .swiper-turn').length]
    expect(dots).toEqual([2, 0])
    const rows = page.all('.feed-item')
    expect(rows.map(row => row.getAttribute('href'))).toEqual(items.map(item => `/a/${item.id}`))
    expect(rows.map(row => row.querySelectorAll('.feed-item-teaser').length)).toEqual([1, 0, 1])
    expect(rows.map(row => row.querySelector('img')?.getAttribute('src'))).toEqual([
      '/small.jpg',
      '/large.jpg',
      undefined,
    ])
    expect(page.all('.focus-item').map(one => one.getAttribute('aria-label'))).toEqual([
      `${standardFeed[1]?.title}，有更正`,
      standardFeed[2]?.title,
    ])
    expect(page.one('.strip-item').getAttribute('href')).toBe('/t/topic00001')
    // A small picture is enough for a topic; the carousel shows the large one.
    const sourceOf = (selector: string) => page.one(selector).getAttribute('src')
    expect([sourceOf('.strip-picture'), sourceOf('.focus-picture')]).toEqual(['/small.jpg', '/large.jpg'])
    expect(page.one('.home-ranking').getAttribute('href')).toBe('/ranking')
    expect(textOf(page.all('.home-list h2'))).toEqual(['推荐阅读'])
  })

  test('without stories says so under the page’s own headline, and has no empty parts', async () => {
    const page = await openHome(home([], null))
    expect(textOf(page.all('.state h2, .state-hint'))).toEqual([
      '还没有文章',
      '编辑正在准备，过一会儿再来看看',
    ])
    expect(page.all('.home-heading, .home-ranking, .focus, .state-action, .feed-end')).toEqual([])
  })

  test('that did not load offers to load again, and then has its stories', async () => {
    const error = { code: 'unavailable' as const, message: '' }
    const page = await openHome(
      { key: 'home', endpoint: 'content/readHome', reply: { ok: false, error } },
      { answers: { readHome: ok({ focus: [], topics: [], feed: { items: standardFeed, next: null } }) } },
    )
    expect(page.one('.state h2').textContent).toBe('网络不太顺畅，请检查后重试')
    await page.click(page.one('button.state-action', '重新加载'))
    expect(page.all('.feed-item')).toHaveLength(standardFeed.length)
  })
})

describe('a choice on the site', () => {
  const rows = [{ ...standardFeed[0], at: 1 }]
  const shelf = (change: Partial<Asked> = {}) =>
    openDocument({
      address: '/shelf',
      page: { name: 'shelf' },
      stored: { 'shelf-history': rows },
      ...change,
    })
  const checked = (page: Awaited<ReturnType<typeof openDocument>>) =>
    page
      .all('.segments')
      .map(group => [
        group.getAttribute('aria-label'),
        Array.from(group.querySelectorAll<HTMLInputElement>('input')).find(input => input.checked)?.value,
        textOf(Array.from(group.querySelectorAll('.segment--on'))),
      ])

  test('is a group of radio buttons with its name; the chosen one is checked, and a tap chooses', async () => {
    const page = await shelf()
    expect(page.did.complaints).toEqual([])
    expect(checked(page)).toEqual([
      ['书架', 'favourites', ['收藏']],
      ['字号', 'standard', ['标准']],
      ['外观', 'system', ['跟随系统']],
    ])
    await page.click(page.one('input[value=history]'))
    expect(checked(page)[0]).toEqual(['书架', 'history', ['看过']])
    expect(textOf(page.all('.feed-item-title'))).toEqual([standardFeed[0]?.title])
    await page.click(page.one('input[value=dark]'))
    expect(checked(page)[2]).toEqual(['外观', 'dark', ['深色']])
    expect(page.stored('look')).toMatchObject({ theme: 'dark', size: 'standard' })
  })
})

describe('the guide to sharing on the site', () => {
  const agent = (userAgent: string) => ({
    before: (window: typeof globalThis) =>
      Object.defineProperty(window.navigator, 'userAgent', { value: userAgent, configurable: true }),
  })
  const open = async (change: Partial<Asked> = {}) => {
    const page = await openStory(standardArticle.blocks.slice(0, 2), {}, change)
    const button = page.one('.action--send', '分享')
    button.focus()
    await page.click(button)
    return { page, button, focused: () => page.document.activeElement?.textContent }
  }
  const sheet = (page: Awaited<ReturnType<typeof openDocument>>) => page.all('.share-sheet')

  test('takes the focus, keeps it between its buttons, and gives it back at Esc', async () => {
    const { page, button, focused } = await open()
    expect(page.one('[role=dialog]').getAttribute('aria-label')).toBe('分享这篇文章')
    expect(page.one('.share-sheet').textContent).toContain('请使用浏览器分享功能进行分享')
    expect(page.all('.share-sheet-arrow')).toEqual([])
    const way = [focused()]
    for (let times = 0; times < 3; times++) {
      await page.press(page.window, 'Tab')
      way.push(focused())
    }
    expect(way).toEqual(['复制链接', '关闭', '复制链接', '关闭'])
    await page.press(page.window, 'x')
    expect([focused(), sheet(page).length]).toEqual(['关闭', 1])
    await page.press(page.window, 'Escape')
    expect([sheet(page).length, page.document.activeElement]).toEqual([0, button])
    // Keys belong to the page again.
    button.blur()
    await page.press(page.window, 'Tab')
    expect(page.document.activeElement).toBe(page.document.body)
  })

  test.each(['.share-sheet-row:last-child', '.share-sheet'])('closes at a tap on %s', async target => {
    const { page } = await open()
    await page.click(page.one(target))
    expect(sheet(page)).toEqual([])
  })

  test('in WeChat points to WeChat’s menu', async () => {
    const { page } = await open(agent('MicroMessenger/8.0'))
    expect(page.one('.share-sheet').textContent).toContain('点击右上角')
    expect(page.all('.share-sheet-arrow')).toHaveLength(1)
  })

  test.each([
    ['copies the story’s link with a mark of its own, and says so', true, '链接已复制'],
    ['says what helps if the browser lets nothing be copied', false, '没能复制，请长按地址栏复制'],
  ])('%s', async (_, lets, words) => {
    const copied: string[] = []
    const writeText = (text: string) =>
      lets ? Promise.resolve(copied.push(text)) : Promise.reject(new Error())
    const { page } = await open({
      before: window =>
        Object.defineProperty(window.navigator, 'clipboard', { value: { writeText }, configurable: true }),
    })
    await page.click(page.one('.share-sheet-row', '复制链接'))
    expect(page.one('.overlay-toast').textContent).toBe(words)
    await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
    const shares = page.did.sent.flatMap(({ body }) => (body.action === 'recordShare' ? [body.data] : []))
    expect(shares).toMatchObject([{ articleId: id, channel: 'link' }])
    if (lets)
      expect(copied).toEqual([`http://site.example/a/${id}?mark=${(shares[0] as { mark: string }).mark}`])
  })
})

describe('searching on the site', () => {
  const found = (items: object[], more: object = {}) =>
    replyTo('search:鲸', 'content/search', { items, next: null, ...more })
  const open = (q: string, replies: FirstReply[] = [], change: Partial<Asked> = {}) =>
    openDocument({
      address: q ? `/search?q=${q}` : '/search',
      page: { name: 'search', params: { q } },
      replies,
      ...change,
    })
  const type = (page: Awaited<ReturnType<typeof openDocument>>, words: string) => {
    const box = page.one('.search-box-input') as HTMLInputElement
    return page.later(() => {
      Object.getOwnPropertyDescriptor(page.window.HTMLInputElement.prototype, 'value')?.set?.call(box, words)
      box.dispatchEvent(new page.window.Event('input', { bubbles: true }))
    })
  }
  /** Sends the form, and tells whether the browser would leave the page. */
  const send = async (page: Awaited<ReturnType<typeof openDocument>>) => {
    const submit = new page.window.Event('submit', { bubbles: true, cancelable: true })
    await page.later(() => page.one('form.search-box').dispatchEvent(submit))
    return submit.defaultPrevented ? 'stays' : 'leaves'
  }

  test('opens the address of what was typed, without spaces around it, and remembers it', async () => {
    const page = await open('')
    expect(page.html).toMatch(/<input[^>]* autofocus/i)
    const form = page.one('form.search-box')
    const box = page.one('.search-box-input') as HTMLInputElement
    // Without script the browser itself goes there.
    expect([form.getAttribute('action'), box.name, box.maxLength]).toEqual(['/search', 'q', 40])
    await type(page, '  黑洞 ')
    expect(await send(page)).toBe('stays')
    expect(page.did.went).toEqual([`/search?q=${encodeURIComponent('黑洞')}`])
    expect(page.stored('recent-searches')).toEqual(['黑洞'])
  })

  test('for nothing opens nothing', async () => {
    const page = await open('')
    await type(page, '   ')
    await send(page)
    expect([page.did.went, page.stored('recent-searches')]).toEqual([[], undefined])
  })

  test('is begun anew by the button that clears the box', async () => {
    const item = { ...standardFeed[0], marks: { title: [], teaser: [] } }
    const page = await open('鲸', [found([item], { total: 1 })])
    expect(page.html).not.toMatch(/<input[^>]* autofocus/i)
    const before = page.window.history.length
    await type(page, '鲸鱼')
    expect(page.all('.found')).toHaveLength(1)
    await page.click(page.one('.search-box-clear'))
    expect(page.all('.found, .search-box-clear')).toEqual([])
    expect(page.window.location.search).toBe('')
    // Going back leads to the page before, not to the same one.
    expect(page.window.history.length).toBe(before)
    expect(page.all('.search-column').length).toBeGreaterThan(5)
  })
})

describe('reading a story on the site', () => {
  const place = (top: number, whole: boolean) => ({ id, top, whole, at: Date.now() })
  const watching = (page: Awaited<ReturnType<typeof openDocument>>, selector: string) => {
    const found = page.did.watched.filter(
      ({ isOver, elements }) => !isOver && elements.some(one => one.matches(selector)),
    )
    expect(found).toHaveLength(1)
    return found[0] as (typeof found)[0]
  }
  const { blocks } = standardArticle

  test('shows its title above the text while the headline is out of sight at the top', async () => {
    const page = await openStory(blocks.slice(0, 2))
    const bar = () => page.one('.reading-bar').className.includes('--on')
    expect(page.one('.reading-bar').textContent).toBe(`正在阅读：${standardArticle.title}`)
    const seen: boolean[] = []
    for (const [ratio, top] of [
      [1, 100],
      [0, 900],
      [0, -40],
      [0.2, -10],
    ] as const) {
      await page.later(() => watching(page, '.head-title').see(ratio, top))
      seen.push(bar())
    }
    expect(seen).toEqual([false, false, true, false])
  })

  test.each([
    ['when the moods come near', 0.1, 900, true],
    ['after a jump beyond them', 0, -1, true],
    ['and not before', 0, 900, false],
  ])('asks for the lists below a story %s, once', async (_, ratio, top, asks) => {
    const own = { ...standardFeed[0], id }
    const cover = { src: '/large.jpg', width: 4, height: 3, alt: '图' }
    const list = {
      focus: [{ ...standardFeed[1], cover }],
      topics: [{ id: 'topic00001', title: '一个专题', lead: '' }],
      feed: { items: [own, ...standardFeed.slice(2, 5)], next: null },
    }
    const page = await openStory(blocks.slice(0, 2), {}, { answers: { readHome: ok(list) } })
    const near = watching(page, '.moods')
    expect(near.options?.rootMargin).toBe('0px 0px 300px 0px')
    await page.later(() => near.see(ratio, top))
    expect(page.did.sent.flatMap(({ body }) => (body.action === 'readHome' ? [body.data] : []))).toEqual(
      asks ? [{ without: id }] : [],
    )
    if (!asks) return
    expect(near.isOver).toBe(true)
    expect(textOf(page.all('.more-title'))).toEqual(['视觉焦点', '推荐阅读'])
    expect(textOf(page.all('.strip-title, .focus-title'))).toEqual([standardFeed[1]?.title, '一个专题'])
    // Never the story itself.
    expect(page.all('.feed-item').map(row => row.getAttribute('href'))).toEqual(
      standardFeed.slice(2, 5).map(item => `/a/${item.id}`),
    )
  })

  test('has no headline for a carousel below it that has no pictures', async () => {
    const topics = [{ id: 'topic00001', title: '一个专题', lead: '' }]
    const list = { focus: [], topics, feed: { items: standardFeed.slice(2, 5), next: null } }
    const page = await openStory(blocks.slice(0, 2), {}, { answers: { readHome: ok(list) } })
    await page.later(() => watching(page, '.moods').see(0.1, 900))
    expect(textOf(page.all('.more-title, .strip-heading'))).toEqual(['独家策划', '推荐阅读'])
    expect(page.all('.focus')).toEqual([])
  })

  test('goes on where the reader left it, behind the fold too, and says so', async () => {
    const page = await openStory(blocks, {}, { stored: { 'reading-places': [place(4_000, true)] } })
    await page.later(() => new Promise(done => setTimeout(done, 5)))
    expect(page.did.scrolled).toEqual([4_000])
    expect(page.all('.article-behind')).toEqual([])
    expect(page.one('.overlay-toast').textContent).toBe('已回到上次读到的地方')
  })

  test.each([
    ['before the fold, where the fold was closed', [], false, 1_500],
    ['after the fold was opened', ['.article-fold'], true, 1_500],
  ])('stores how far it was read %s', async (_, taps, whole, top) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    try {
      const page = await openStory(blocks)
      for (const target of taps) await page.click(page.one(target))
      Object.assign(globalThis, { scrollY: top })
      await page.later(() => watching(page, '.block-p').see(0.5, 10))
      await page.later(() => jest.advanceTimersByTime(999))
      await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
      expect(page.stored('reading-places')).toBeUndefined()
      await page.later(() => watching(page, '.block-p').see(0.5, 10))
      await page.later(() => jest.advanceTimersByTime(1_000))
      await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
      expect(page.stored('reading-places')).toMatchObject([{ id, top, whole }])
    } finally {
      jest.useRealTimers()
    }
  })

  test.each([
    ['forgets the place of a story read to its end', ['.article-fold'], []],
    ['keeps it if the end is in sight behind a closed fold', [], [{ id, top: 2_000 }]],
  ])('%s', async (_, taps, kept) => {
    const page = await openStory(blocks, {}, { stored: { 'reading-places': [place(2_000, false)] } })
    for (const target of taps) await page.click(page.one(target))
    await page.later(() => watching(page, '.related').see(0.5, 600))
    await page.later(() => page.window.dispatchEvent(new page.window.Event('pagehide')))
    expect(page.stored('reading-places')).toMatchObject(kept)
    expect(page.stored('reading-places')).toHaveLength(kept.length)
  })

  test('has the lists below it at once for a reader who comes back to them', async () => {
    const page = await openStory(
      blocks.slice(0, 2),
      {},
      {
        before: ({ history }) => history.replaceState({ items: 3, top: 5_000 }, ''),
        answers: { readHome: ok({ focus: [], topics: [], feed: { items: standardFeed, next: null } }) },
      },
    )
    expect(page.all('.feed-item')).toHaveLength(standardFeed.length)
  })

  test('leads from the links at its end to the poll', async () => {
    const page = await openStory(blocks.slice(0, 2), { poll: 'poll000001' })
    expect(page.all('.poll--some')).toEqual([])
    await page.click(page.one('button.article-link', '云投'))
    expect(page.did.scrolled).toEqual([-48])
    const none = await openStory(blocks.slice(0, 2))
    expect(none.all('button.article-link, .poll')).toEqual([])
  })
})

describe('deleting one’s votes', () => {
  const open = (answers: Asked['answers'] = {}) =>
    openDocument({ address: '/about', page: { name: 'about', preview: true }, answers })
  const button = (page: Awaited<ReturnType<typeof openDocument>>) => page.one('button.about-action')
  const asked = (page: Awaited<ReturnType<typeof openDocument>>) =>
    page.did.sent.flatMap(({ body }) => (body.action === 'forgetReader' ? [body.data] : []))
  const agree = (page: Awaited<ReturnType<typeof openDocument>>) =>
    page.click(page.one('.overlay-button--confirm', '删除'))

  test('is done only after a yes, call by call until all are gone, and says how many', async () => {
    const replies = [
      { done: false, removed: 30, epoch: 7 },
      { done: true, removed: 4, epoch: 7 },
    ]
    const page = await open({ forgetReader: () => ({ ok: true, data: replies.shift() }) })
    expect(button(page).textContent).toBe('删除我的全部投票')
    await page.click(button(page))
    expect(page.one('[role=dialog]').textContent).toContain('计数随之减少，不能恢复')
    await page.click(page.one('.overlay-button', '取消'))
    expect([asked(page), page.all('.overlay-toast').length]).toEqual([[], 0])
    await page.click(button(page))
    await agree(page)
    await page.later()
    expect(asked(page)).toEqual([{ after: 0 }, { continues: 7 }])
    expect(page.one('.overlay-toast').textContent).toBe('已删除 34 票')
    expect(button(page).textContent).toBe('删除我的全部投票')
  })

  test('says that it goes on, and does not begin twice', async () => {
    let answer: (reply: unknown) => void = () => {}
    const page = await open({
      forgetReader: () =>
        new Promise(done => {
          answer = done
        }),
    })
    await page.click(button(page))
    await agree(page)
    expect(button(page).textContent).toBe('正在删除…')
    await page.click(button(page))
    expect(page.all('[role=dialog]')).toEqual([])
    await page.later(() => answer({ ok: true, data: { done: true, removed: 0 } }))
    expect(page.one('.overlay-toast').textContent).toBe('没有您的投票')
    expect(button(page).textContent).toBe('删除我的全部投票')
  })

  test('says that it failed, and can be tried again', async () => {
    const page = await open({ forgetReader: away })
    await page.click(button(page))
    await agree(page)
    await page.later()
    expect(page.one('.overlay-toast').textContent).toBe('网络不太顺畅，请检查后重试')
    expect(button(page).textContent).toBe('删除我的全部投票')
  })

  test('is not offered to visitors, who have none', async () => {
    const page = drawn('about', {})
    expect(page.all('button.about-action')).toEqual([])
    expect(page.one('.about-version').textContent).toBe('版本 1.0.0')
  })
})

describe('recent searches', () => {
  test('are listed, searched again at a tap, and cleared', async () => {
    const open = () =>
      openDocument({
        address: '/search',
        page: { name: 'search', params: {} },
        stored: { 'recent-searches': ['鲸落', '黑洞'] },
      })
    const page = await open()
    expect(textOf(page.all('.search-word'))).toEqual(['鲸落', '黑洞'])
    expect(textOf(page.all('.search-heading'))).toEqual(['最近搜索', '看看这些栏目'])
    await page.click(page.one('.search-word', '黑洞'))
    expect(page.did.went).toEqual([`/search?q=${encodeURIComponent('黑洞')}`])
    expect(page.stored('recent-searches')).toEqual(['黑洞', '鲸落'])
    const again = await open()
    await again.click(again.one('.search-clear'))
    expect([again.all('.search-word, .search-bar').length, again.stored('recent-searches')]).toEqual([
      0,
      undefined,
    ])
  })
})

describe('a page whose data is on its way', () => {
  const open = (name: string, params: Record<string, string>, action: string, preview = true) => {
    let answer: (reply: unknown) => void = () => {}
    const answers = {
      [action]: () =>
        new Promise(done => {
          answer = done
        }),
    }
    return openDocument({ address: '/', page: { name, params, preview }, answers }).then(page => ({
      page,
      fail: () => page.later(() => answer(away())),
    }))
  }

  test.each([
    ['home', {}, 'readHome', 'h2', '重新加载'],
    ['channel', { channel: 'earth', column: '' }, 'readFeed', 'h2', '重新加载'],
    ['ranking', { mood: 'happy', span: '7d' }, 'readRanking', 'h2', '重新加载'],
    ['search', { q: '鲸' }, 'search', 'h2', '重新搜索'],
    ['topic', { id: 'topic00001' }, 'readTopic', 'h1', '重新加载'],
    ['article', { id }, 'openArticle', 'h1', '重新加载'],
  ] as const)(
    '%s shows the shape of what comes, then why it did not come, and asks again at a tap',
    async (...given) => {
      const [name, params, action, title, label] = given
      const { page, fail } = await open(name, params, action)
      const asked = () => page.did.sent.filter(({ body }) => body.action === action).length
      const isWaiting = () => page.all('main .skeleton, main .article-wait').length > 0
      expect([isWaiting(), page.all('.state').length]).toEqual([true, 0])
      const before = asked()
      await fail()
      expect(textOf(page.all(`.state ${title}`))).toEqual(['网络不太顺畅，请检查后重试'])
      await page.click(page.one('button.state-action', label))
      expect([asked(), isWaiting(), page.all('.state').length]).toEqual([before + 1, true, 0])
      await fail()
    },
  )
})

test('a channel has an address for each of its columns', () => {
  const page = drawn('channel', { channel: 'earth', column: 'ocean' })
  const ways = page.all('main .segments a').map(one => [one.textContent, one.getAttribute('href')])
  expect(ways).toEqual(
    expect.arrayContaining([
      ['全部', '/c/earth'],
      ['海洋', '/c/earth/ocean'],
    ]),
  )
  expect(textOf(page.all('main .segment--on'))).toEqual(['海洋'])
})

test.each([
  ['channel', { channel: 'earth', column: 'ocean' }, '/c/earth/ocean'],
  ['channel', { channel: 'earth', column: '' }, '/c/earth'],
  ['topic', { id: 'topic00001' }, '/t/topic00001'],
  ['article', { id }, `/a/${id}`],
])('search engines learn the one address of %s %j', (name, params, path) => {
  expect(documentOf({ address: '/', page: { name, params } }).head.path).toBe(path)
})

describe('a shared link', () => {
  const cover = { src: '/cover.jpg', width: 4, height: 3, alt: '' }
  const shareCover = { ...cover, src: '/share.jpg' }
  const headOf = (name: string, reply: FirstReply, params: Record<string, string>) =>
    documentOf({ address: '/', page: { name, params }, replies: [reply] }).head

  test.each([
    ['分享图 before the cover', { cover, shareCover }, '/share.jpg'],
    ['the cover', { cover }, '/cover.jpg'],
    ['no picture of its own', { cover: undefined }, undefined],
  ])('to a story shows %s', (_, change, picture) => {
    const article = { ...standardArticle, ...change }
    expect(headOf('article', storyReply({ article }), { id }).picture).toBe(picture)
  })

  test('to a topic has the topic’s title, lead and picture', () => {
    const topic = { id: 'topic00001', title: '深海', lead: '没有阳光的城市。', publishedAt: 0, cover }
    const reply = replyTo('topic:topic00001', 'content/readTopic', { topic, items: [], next: null })
    expect(headOf('topic', reply, { id: topic.id })).toMatchObject({
      title: '深海',
      words: '没有阳光的城市。',
      picture: '/cover.jpg',
    })
  })
})

test('a story that is gone offers five others, none of them itself; one that did not load offers none', () => {
  const failed = (code: 'not-found' | 'unavailable'): FirstReply => ({
    key: `story:${id}`,
    endpoint: 'content/openArticle',
    reply: { ok: false, error: { code, message: '' } },
  })
  const list = home([{ ...standardFeed[0], id }, ...standardFeed.slice(1)], null)
  const ways = (code: 'not-found' | 'unavailable') =>
    drawn('article', { id }, [failed(code), list])
      .all('.feed-item')
      .map(row => row.getAttribute('href'))
  expect(ways('not-found')).toEqual(standardFeed.slice(1, 6).map(item => `/a/${item.id}`))
  expect(ways('unavailable')).toEqual([])
})

test('of related stories, the corrected ones are marked', () => {
  const [one, two] = [
    { id: 'related001', title: '鲸落', publishedAt: 0, correctedAt: 5 },
    { id: 'related002', title: '黑洞', publishedAt: 0 },
  ]
  const related = (items: object[]) =>
    drawn('article', { id }, [storyReply({ article: standardArticle, related: items })])
  expect(textOf(related([one, two]).all('.related-item'))).toEqual(['鲸落有更正', '黑洞'])
  // Whoever reads to the end of a story without them has read to its end too.
  expect(related([]).all('.related')).toHaveLength(1)
  expect(related([]).all('.related-title, .related--some')).toEqual([])
})

test('关于 names the address for each kind of letter', () => {
  const page = drawn('about', {})
  const texts = textOf(page.all('.about-title, .about-text'))
  const after = (words: string) => texts.slice(texts.indexOf(words)).find(text => text?.includes('@'))
  expect([after('意见反馈'), after('侵权投诉')]).toEqual([site.contact.feedback, site.contact.rights])
})

test('a channel that does not exist says so and leads home', () => {
  const page = drawn('channel', { channel: 'nothing', column: '' })
  expect(textOf(page.all('.state-title, .state-hint'))).toEqual(['没有找到这个频道', '它可能换了名字'])
  expect(page.one('.state-action').getAttribute('href')).toBe('/')
})

test('a story that did not load leads on, on the site', async () => {
  const error = { code: 'unavailable' as const, message: '' }
  const page = await openStory(
    [],
    {},
    {
      replies: [{ key: `story:${id}`, endpoint: 'content/openArticle', reply: { ok: false, error } }],
    },
  )
  expect(textOf(page.all('h1'))).toEqual(['网络不太顺畅，请检查后重试'])
  expect(page.all('.way').map(way => way.getAttribute('href'))).toEqual(
    expect.arrayContaining(['/search', '/ranking', '/c/earth']),
  )
})

test('the adopter’s principles are shown from the document, block by block', async () => {
  const text = JSON.stringify([
    { type: 'heading', text: '采编' },
    { type: 'paragraph', spans: ['先核实，再发布。'] },
  ])
  const page = await openDocument({ address: '/principles', page: { name: 'principles', params: { text } } })
  expect(textOf(page.all('.principles-column > *'))).toEqual(['采编', '先核实，再发布。'])
})

test('feedback on the site is a letter to the editors', async () => {
  const page = await openDocument({ address: '/about', page: { name: 'about' } })
  expect(page.one('.about-action', '写意见反馈').getAttribute('href')).toMatch(/^mailto:.+@.+/)
})

/** A page as the server draws it: its elements. */
function drawn(name: string, params: Record<string, string>, replies: FirstReply[] = [], preview = false) {
  const faults: unknown[] = []
  const { html } = documentOf({ address: '/', page: { name, params, preview }, replies }, fault =>
    faults.push(fault),
  )
  expect(faults).toEqual([])
  return elementsOf(html)
}
const storyReply = (data: object) =>
  replyTo(`story:${id}`, 'content/openArticle', { mood: standardMood, related: standardRelated, ...data })
const drawnStory = (change: object, params: Record<string, string> = {}) => {
  const article = { ...standardArticle, blocks: standardArticle.blocks.slice(0, 1), ...change }
  return drawn('article', { id, ...params }, [storyReply({ article })])
}

const beijing = (day: number, hour: number) => Date.UTC(2026, 10, day, hour - 8)

describe('a poll', () => {
  const picture = { src: '/worm.jpg', width: 4, height: 3, alt: '' }
  const poll = {
    ...{ id: 'poll000001', question: '先读哪一种？', choices: 'one', own: [] as string[], wish: 0 },
    ...{ canVote: true, closed: false, result: null as object | null },
    ...{ opensAt: beijing(20, 9), closesAt: beijing(30, 18) },
    options: [
      { key: 'worm', label: '管虫' },
      { key: 'snail', label: '螺' },
    ],
  }
  const result = { counts: { worm: 12_000, snail: 4_000 }, readers: 16_000 }
  const closes = '2026-11-30 18:00 截止'
  const topic = { id: 'topic00001', title: '深海', lead: '', publishedAt: 0, poll: poll.id }
  const onTopic = (change: object) =>
    replyTo('topic:topic00001', 'content/readTopic', {
      ...{ topic, items: standardFeed.slice(0, 1), next: null },
      poll: { ...poll, ...change },
    })

  test.each([
    ['open to a reader', {}, true, `选择后可看结果 · ${closes}`],
    ['with several answers', { choices: 'several' }, true, `可多选 · 选择后可看结果 · ${closes}`],
    ['answered', { own: ['worm'], result }, true, `1.6万 人参与 · ${closes}`],
    ['over', { canVote: false, closed: true, result }, true, '1.6万 人参与 · 已结束'],
    ['that opens later', { canVote: false }, true, '2026-11-20 09:00 开始'],
    ['that opens later, to a visitor', { canVote: false }, false, '2026-11-20 09:00 开始'],
    ['for a visitor', { canVote: false, result }, false, `1.6万 人参与 · ${closes} · 请在微信中投票`],
    ['over, for a visitor', { canVote: false, closed: true, result }, false, '1.6万 人参与 · 已结束'],
  ] as const)('%s says when, how many and how to answer', (_, change, preview, note) => {
    const page = drawn('topic', { id: topic.id }, [onTopic(change)], preview)
    expect(page.one('.poll-note').textContent).toBe(note)
    expect(page.one('.poll-title').textContent).toBe('云投 · 先读哪一种？')
    // Whoever may not answer taps nothing; the mini-program's code is shown to those who may elsewhere.
    expect(page.all('button.poll-option').length).toBe('canVote' in change ? 0 : 2)
    expect(page.all('.mini-code-words').length).toBe(note.includes('请在微信') ? 1 : 0)
    expect(page.all('.poll--read').length).toBe('canVote' in change ? 1 : 0)
    expect(page.all('.feed-end')).toEqual([])
  })

  test('in Moments is read without being told of WeChat', () => {
    const page = drawn('topic', { id: topic.id, scene: '1154' }, [onTopic({ canVote: false, result })])
    expect(page.one('.poll-note').textContent).toBe(`1.6万 人参与 · ${closes}`)
  })

  test('on a story’s page does not repeat the code that the moods have shown', () => {
    const place = { articleId: id }
    const page = drawn('article', { id }, [
      replyTo(`story:${id}`, 'content/openArticle', {
        article: { ...standardArticle, poll: poll.id },
        mood: { ...standardMood, canVote: false },
        related: [],
      }),
      replyTo(`poll:${JSON.stringify(place)}`, 'reactions/readPoll', {
        poll: { ...poll, canVote: false, result },
      }),
    ])
    expect(page.one('.poll-note').textContent).toContain('请在微信中投票')
    expect(textOf(page.all('.moods-note'))).toEqual(['请在微信中投票'])
    expect(page.all('.mini-code-words')).toHaveLength(1)
  })

  test('has its result as parts of the readers, the reader’s own answer marked, and pictures where it has some', () => {
    const options = [{ ...poll.options[0], picture }, poll.options[1]]
    const page = drawn('topic', { id: topic.id }, [onTopic({ own: ['worm'], result, options })], true)
    expect(
      page
        .all('.poll-option')
        .map(option => [
          option.textContent,
          option.getAttribute('aria-label'),
          option.getAttribute('style'),
          option.getAttribute('aria-checked'),
          option.className.includes('--own'),
          option.querySelectorAll('img').length,
        ]),
    ).toEqual([
      ['管虫75%1.2万', '管虫，12000 票，75%', '--part:0.75', 'true', true, 1],
      ['螺25%4,000', '螺，4000 票，25%', '--part:0.25', 'false', false, 0],
    ])
    expect(page.all('.poll--pictured')).toHaveLength(1)
    const [few] = [
      drawn('topic', { id: topic.id }, [onTopic({ result: { counts: { worm: 1 }, readers: 1 } })], true),
    ]
    expect(textOf(few.all('.poll-option'))).toEqual(['管虫100%1', '螺0%0'])
    const hidden = drawn('topic', { id: topic.id }, [onTopic({ choices: 'several' })], true)
    expect(
      hidden
        .all('.poll-option')
        .map(option => [option.textContent, option.getAttribute('aria-label'), option.getAttribute('style')]),
    ).toEqual([
      ['管虫', '管虫', '--part:0'],
      ['螺', '螺', '--part:0'],
    ])
    expect(hidden.all('.poll--pictured')).toEqual([])
    // Several answers are no radio group: a screen reader would say that one replaces the other.
    expect(hidden.all('[role=radiogroup][aria-label="先读哪一种？"]')).toEqual([])
    expect(hidden.all('.poll-option[aria-pressed=false]')).toHaveLength(2)
  })

  test('that closed meanwhile says so, and shows its result', async () => {
    const open = onTopic({})
    const over = { ...poll, canVote: false, closed: true, result }
    const page = await openDocument({
      address: '/t/topic00001',
      page: { name: 'topic', params: { id: topic.id }, preview: true },
      replies: [open],
      answers: {
        readTopic: () => open.reply,
        readPoll: ({ topicId }: { topicId?: string }) => ({
          ok: true,
          data: { poll: topicId === topic.id ? (tapped ? over : poll) : null },
        }),
        answerPoll: () => {
          tapped = true
          return { ok: false, error: { code: 'conflict', message: '' } }
        },
      },
    })
    let tapped = false
    await page.click(page.one('.poll-option', '管虫'))
    await page.later()
    expect(page.one('.overlay-toast').textContent).toBe('这个投票已经结束')
    expect(page.one('.poll-note').textContent).toBe('1.6万 人参与 · 已结束')
  })
})

describe('moods', () => {
  const moods = { counts: { happy: 12_345, like: 7, of_next_year: 3 }, own: 'like', wish: 1 }
  const open = (canVote: boolean, params: object = {}, preview = false) =>
    drawn(
      'article',
      { id, ...params },
      [
        replyTo(`story:${id}`, 'content/openArticle', {
          article: standardArticle,
          mood: { ...moods, canVote, ...(canVote ? {} : { own: null }) },
          related: [],
        }),
      ],
      preview,
    )

  test('have each its name and its count, and the reader’s own is checked', () => {
    const page = open(true, {}, true)
    expect(
      page
        .all('.mood')
        .map(face => [face.textContent, face.getAttribute('aria-label'), face.getAttribute('aria-checked')]),
    ).toEqual([
      ['开心1.2万', '开心 12345', 'false'],
      ['难过0', '难过 0', 'false'],
      ['点赞7', '点赞 7', 'true'],
      ['飘过0', '飘过 0', 'false'],
    ])
    expect(page.all('.mood--own').map(face => face.textContent)).toEqual(['点赞7'])
    expect(page.all('.moods--read, .moods-note')).toEqual([])
  })

  test.each([
    ['a visitor is told where to vote', {}, 1],
    ['a reader in Moments is told nothing', { scene: '1154' }, 0],
  ])('%s, and taps nothing', (_, params, notes) => {
    const page = open(false, params)
    expect(page.all('button.mood')).toEqual([])
    expect(page.all('.moods--read[role=group] .mood[role=img]')).toHaveLength(4)
    expect([page.all('.moods-note').length, page.all('.mini-code-words').length]).toEqual([notes, notes])
  })
})

describe('the head of a story', () => {
  const head = (change: object) => {
    const page = drawnStory(change)
    return {
      crumbs: page.all('.head-crumb').map(crumb => [crumb.textContent, crumb.getAttribute('href')]),
      byline: page.one('.head-byline').textContent,
      fix: textOf(page.all('.head-fix')),
      sign: page.one('.article-sign').textContent,
    }
  }
  const ways = [
    ['首页', '/'],
    ['地球', '/c/earth'],
    ['海洋', '/c/earth/ocean'],
    ['正文', null],
  ]

  test('has the way to it, its source and time, and its correction; its end names who wrote it', () => {
    const corrected = { at: beijing(22, 7), reason: '单位写错了' }
    expect(head({ corrected })).toEqual({
      crumbs: ways,
      byline: '来源：科普云　2026-11-20 09:30',
      fix: ['更正（2026-11-22 07:00）：单位写错了'],
      sign: '文：科普云编辑部　[ 责编：科普云地球组 ]',
    })
  })

  test.each([
    ['no source', { source: '' }, { byline: '2026-11-20 09:30', fix: [] }],
    ['no author', { author: '' }, { sign: '[ 责编：科普云地球组 ]' }],
    ['no editor', { editor: '' }, { sign: '文：科普云编辑部' }],
    ['neither', { author: '', editor: '' }, { sign: '' }],
    ['a column of next year', { column: 'new' }, { crumbs: [...ways.slice(0, 2), ways[3]] }],
    ['a channel of next year', { channel: 'new' }, { crumbs: [ways[0], ways[3]] }],
  ])('with %s leaves that out', (_, change, expected) => {
    expect(head(change)).toMatchObject(expected)
  })

  test('leads to its topic, from the site and not from Moments', () => {
    const topic = { id: 'topic00001', title: '深海' }
    const page = drawnStory({ topic })
    expect(page.one('.article-link', '深海').outerHTML).toContain('href="/t/topic00001"')
    expect(page.one('.article-link', '深海').textContent).toBe('独家策划 · 深海 ›')
    const moments = drawnStory({ topic }, { scene: '1154' })
    expect(moments.one('.article-sign', '深海').textContent).toBe('独家策划 · 深海')
  })
})

describe('a figure', () => {
  const figure = (change: object) => {
    const page = drawnStory({
      blocks: [{ type: 'picture', src: '/p.jpg', width: 400, height: 300, alt: '鲸', ...change }],
    })
    return {
      words: textOf(page.all('.figure-caption')),
      place: page.one('.figure-picture').getAttribute('style'),
      away: textOf(page.all('.figure-picture--away')),
      fits: page.all('.img--fit').length,
    }
  }

  test.each([
    ['a caption', { caption: '图说' }, { words: ['图说'] }],
    ['a credit', { credit: '某人' }, { words: ['图：某人'] }],
    ['neither', {}, { words: [], place: '--r:0.750', away: [], fits: 0 }],
    ['a tall scan', { height: 4_000 }, { place: '--r:2.500', fits: 1 }],
    ['an address that is none', { src: 'javascript:x' }, { away: ['[ 鲸 ]'] }],
    ['no address and no words', { src: '', alt: '' }, { away: [''] }],
  ])('with %s shows what it has, and keeps its place', (_, change, expected) => {
    expect(figure(change)).toMatchObject(expected)
  })
})

test('a picture that failed is loaded again at a tap, as often as it fails', async () => {
  const page = await openStory([{ type: 'picture', src: '/p.jpg', width: 4, height: 3, alt: '鲸' }])
  for (let times = 0; times < 2; times++) {
    const before = page.one('.figure-picture img')
    await page.later(() => before.dispatchEvent(new page.window.Event('error')))
    expect(textOf(page.all('.figure-picture'))).toEqual(['[ 鲸 ]\n图片没有加载出来，点此重试'])
    await page.click(page.one('.figure-picture--away'))
    expect(page.all('.figure-picture--away')).toEqual([])
    // A new element: the browser would not ask again for the old one's picture.
    expect(page.one('.figure-picture img')).not.toBe(before)
  }
})

test('of a picture that a story shows twice, the one that was tapped is enlarged', async () => {
  const picture = (name: string) => ({ type: 'picture', src: `/${name}.jpg`, width: 4, height: 3, alt: '' })
  const page = await openStory(['a', 'b', 'a', 'c'].map(picture))
  const shown = async (n: number) => {
    await page.click(page.all('.figure-picture')[n] as HTMLElement)
    const sources = page.all('.overlay-pictures img').map(one => one.getAttribute('src'))
    await page.press(page.window, 'Escape')
    return sources
  }
  expect(await shown(0)).toEqual(['/a.jpg', '/b.jpg', '/a.jpg', '/c.jpg'])
  expect(await shown(2)).toEqual(['/b.jpg', '/a.jpg', '/c.jpg'])
})

describe('a ranking', () => {
  const row = (rank: number, count: number, share: number, more: object = {}) => ({
    ...{ rank, count, share, id: `ranked000${rank}`, title: `第${rank}篇`, publishedAt: 0 },
    ...more,
  })
  const open = (data: object, params: Record<string, string> = { mood: 'sad', span: '7d' }) =>
    drawn('ranking', params, [
      replyTo(`ranking:${params.mood}/${params.span}`, 'reactions/readRanking', {
        ...{ items: [], next: null, updatedAt: null },
        ...data,
      }),
    ])

  test('says of each story its place, its votes and its share, as seen and as heard', () => {
    const items = [
      row(1, 12_000, 0.5),
      row(2, 6_000, 0.004, { correctedAt: 1 }),
      row(3, 3_000, 1),
      row(4, 40, 0.25),
    ]
    const page = open({ items, updatedAt: beijing(22, 7) })
    expect(
      page.all('.ranking-row').map(one => [one.getAttribute('aria-label'), one.getAttribute('href')]),
    ).toEqual([
      ['1，第1篇，占本文投票的 50%，1.2万 人难过', '/a/ranked0001'],
      ['2，第2篇，占本文投票不到 1% · 有更正，6,000 人难过', '/a/ranked0002'],
      ['3，第3篇，占本文投票的 100%，3,000 人难过', '/a/ranked0003'],
      ['4，第4篇，占本文投票的 25%，40 人难过', '/a/ranked0004'],
    ])
    expect(page.all('.ranking-part').map(part => part.getAttribute('style'))).toEqual([
      'width:100%',
      'width:50%',
      'width:25%',
      'width:0%',
    ])
    expect(page.all('.ranking-place').map(({ className }) => className.includes('--top'))).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(page.one('.ranking-note').textContent).toBe(
      '最近 7 天（北京时间，含今天）的投票　11-22 07:00 更新',
    )
    expect(page.one('.feed-end').textContent).toBe('没有更多了')
    // Each choice has an address, and keeps the other one.
    expect(page.all('main .segments a').map(one => one.getAttribute('href'))).toEqual([
      ...['/ranking', '/ranking?mood=sad', '/ranking?mood=like', '/ranking?mood=pass'],
      ...[
        '/ranking?mood=sad&span=24h',
        '/ranking?mood=sad',
        '/ranking?mood=sad&span=30d',
        '/ranking?mood=sad&span=all',
      ],
    ])
    const ofDay = open({}, { mood: 'happy', span: '24h' })
    expect(ofDay.all('main .segments a').map(one => one.getAttribute('href'))).toEqual([
      ...['/ranking?span=24h', '/ranking?mood=sad&span=24h'],
      ...['/ranking?mood=like&span=24h', '/ranking?mood=pass&span=24h'],
      ...['/ranking?span=24h', '/ranking', '/ranking?span=30d', '/ranking?span=all'],
    ])
  })

  test.each([
    ['24h', '最近 24 小时内的投票'],
    ['30d', '最近 30 天（北京时间，含今天）的投票'],
    ['all', '全部投票'],
  ])('of %s says which votes count, and without rows what to do', (span, note) => {
    const page = open({}, { mood: 'happy', span })
    expect(page.one('.ranking-note').textContent).toBe(note)
    expect(textOf(page.all('.state-title, .state-hint'))).toEqual([
      '还没有文章上榜',
      '换个心情或更长的时间看看；读完文章也可以投上您的一票',
    ])
    expect(page.all('.ranking-row, .feed-end')).toEqual([])
  })
})

describe('a topic', () => {
  const topic = { id: 'topic00001', title: '深海', lead: '没有阳光的城市。', publishedAt: beijing(21, 1) }
  const open = (data: object, preview = false) =>
    drawn('topic', { id: topic.id }, [replyTo('topic:topic00001', 'content/readTopic', data)], preview)
  const cover = { src: '/deep.jpg', width: 4, height: 3, alt: '黑烟囱' }

  test('has its picture, lead, date, editor and credit, and leaves out what it lacks', () => {
    const full = { ...topic, cover, credit: '制图组', editor: '地球组' }
    const page = open({ topic: full, items: standardFeed.slice(0, 2), next: null })
    expect(page.one('.topic-byline').textContent).toBe('独家策划　2026-11-21　[ 责编：地球组 ]　图：制图组')
    expect(page.one('img.topic-cover').getAttribute('alt')).toBe('黑烟囱')
    expect(textOf(page.all('.topic-title, .topic-lead, .feed-end'))).toEqual([
      '深海',
      topic.lead,
      '没有更多了',
    ])
    const plain = open({ topic: { ...topic, lead: '' }, items: [], next: null })
    expect(plain.one('.topic-byline').textContent).toBe('独家策划　2026-11-21')
    expect(plain.all('.topic-cover, .topic-lead')).toEqual([])
    expect(textOf(plain.all('.state-title'))).toEqual(['这个专题还没有文章'])
  })

  test.each([
    ['gone', 'not-found', ['这个专题已下线', '去首页看看']],
    ['that does not load', 'unavailable', ['网络不太顺畅，请检查后重试', '重新加载']],
  ] as const)('%s says so, and what helps', (_, code, words) => {
    const page = drawn('topic', { id: topic.id }, [
      {
        key: 'topic:topic00001',
        endpoint: 'content/readTopic',
        reply: { ok: false, error: { code, message: '' } },
      },
    ])
    expect(textOf(page.all('.state h1, .state-action'))).toEqual(words)
  })
})

describe('search results', () => {
  const item = (marks: object, more: object = {}) => ({
    ...{ ...standardFeed[0], title: '背着月亮的鲸', teaser: '鲸落' },
    ...{ marks: { title: [], teaser: [], ...marks }, ...more },
  })
  const open = (q: string, data: object) =>
    drawn('search', { q }, [replyTo(`search:${q}`, 'content/search', { items: [], next: null, ...data })])
  const topics = [{ id: 'topic00001', title: '深海', lead: '' }]
  const narrow = '单个字只在标题、摘要和标签里找，多写一个字找得更全'

  test.each([
    ['stories', '鲸鱼', { items: [item({})], total: 1 }, '找到 1 篇文章'],
    ['more than were counted', '鲸鱼', { items: [item({})], total: 200, more: true }, '找到 200 篇文章以上'],
    ['stories and topics', '鲸鱼', { items: [item({})], total: 1, topics }, '找到 1 篇文章、1 个专题'],
    ['topics', '鲸鱼', { total: 0, topics }, '找到 1 个专题'],
    ['topics before further stories', '鲸鱼', { items: [], total: 0, topics, next: first }, '找到 1 个专题'],
    ['stories by one character', '鲸', { items: [item({})], total: 1 }, `找到 1 篇文章。${narrow}`],
  ])('that are %s count them', (_, q, data, words) => {
    const page = open(q, data)
    expect(page.one('.search-heading').textContent).toBe(words)
    expect(page.all('.feed-end').length).toBe('items' in data ? 1 : 0)
    expect(page.all('.strip-item').length).toBe('topics' in data ? 1 : 0)
  })

  test.each([
    ['鲸鱼', '正文只收关键词，不是每个字都能搜到。换个说法，或只写一个名词试试'],
    ['鲸', narrow],
    // One character, though two units.
    ['𩾌', narrow],
  ])('that are none for %s say why, and where to look', (q, hint) => {
    const page = open(q, { total: 0 })
    expect(textOf(page.all('.state-title, .state-hint'))).toEqual([`没有找到「${q}」`, hint])
    expect(page.all('.search-column').map(one => one.getAttribute('href'))).toContain('/c/earth/ocean')
    expect(page.all('.feed-end')).toEqual([])
  })

  test('highlight what matches, and say so of a story whose text alone matches', () => {
    const items = [
      item({ title: [[2, 4]], teaser: [[0, 1]] }),
      item({ teaser: [[0, 1]] }, { id: 'other00001', teaser: '鲸落之后' }),
      item({}, { id: 'other00002', teaser: '' }),
    ]
    const page = open('月亮 鲸', { items, total: 3 })
    const rows = page.all('.found')
    expect(rows.map(row => textOf(Array.from(row.querySelectorAll('.found-hit'))))).toEqual([
      ['月亮', '鲸'],
      ['鲸'],
      [],
    ])
    expect(textOf(page.all('.found-title'))).toEqual(['背着月亮的鲸', '背着月亮的鲸', '背着月亮的鲸'])
    expect(textOf(page.all('.found-teaser'))).toEqual(['鲸落', '鲸落之后'])
    expect(textOf(page.all('.found-meta')).map(words => words?.endsWith('标签或正文里有'))).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('the preview of a draft', () => {
  const scene = 'draft00001.0123456789abcdef'
  const open = (data: object) =>
    drawn('draft-preview', { scene }, [
      replyTo(`preview:${scene}`, 'content/openPreview', {
        article: standardArticle,
        expiresAt: beijing(23, 9),
        ...data,
      }),
    ])

  test('says until when it opens, and shows all that comes with the story', () => {
    const article = { ...standardArticle, topic: { id: 'topic00001', title: '深海' }, poll: 'poll000001' }
    const options = [{ label: '管虫' }, { label: '螺' }]
    const data = { article, related: [{ id: 'related001', title: '鲸落' }] }
    const page = open({ ...data, poll: { question: '哪一种？', choices: 'several', options } })
    expect(page.one('.preview-note').textContent).toBe(
      '预览：还没有发布，请不要转发。2026-11-23 09:00 后打不开',
    )
    expect(textOf(page.all('.preview-sign'))).toEqual([
      '文：科普云编辑部　[ 责编：科普云地球组 ]',
      '独家策划 · 深海',
      '云投 · 哪一种？（多选）\n· 管虫\n· 螺',
      '相关阅读\n· 鲸落',
    ])
    const single = open({ ...data, poll: { question: '哪一种？', choices: 'one', options } })
    expect(single.words()).toContain('云投 · 哪一种？（单选）')
    expect(open(data).words()).toContain('云投 · 发布后显示在这里')
    // All of the text, without a fold.
    expect(page.all('.article-fold, .article-behind')).toEqual([])
    expect(page.all('.block-p')).toHaveLength(standardArticle.blocks.length)
  })

  test('without poll, topic and related stories has none of their lines', () => {
    expect(textOf(open({}).all('.preview-sign'))).toEqual(['文：科普云编辑部　[ 责编：科普云地球组 ]'])
  })
})
