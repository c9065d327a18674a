/**
 * The part of Taro's API that our pages call, implemented with browser APIs. The web bundles use this module in place
 * of `@tarojs/taro` (config/web.ts). The import itself calls no browser API, because the server imports this module
 * too.
 */
import { useEffect, useRef } from 'react'
import { isHydrated, webPage } from '#platform/web-page'
import { askReader, enlarge, showWords } from './overlays'

type Run = () => void

function useLatest(run: Run) {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  return latest
}

/** Returns encoded parameters, because pages decode them, as in WeChat. */
export function useRouter() {
  const { name, params } = webPage()
  const encoded = Object.entries(params).map(([key, value]) => [key, encodeURIComponent(value)] as const)
  return { path: name, params: Object.fromEntries(encoded) as Record<string, string | undefined> }
}

/**
 * Runs after hydration, and whenever the document becomes visible again: from another tab, or from the back/forward
 * cache.
 */
export function useDidShow(run: Run): void {
  const latest = useLatest(run)
  useEffect(() => {
    const seen = () => {
      if (document.visibilityState === 'visible') latest.current()
    }
    const restored = (event: PageTransitionEvent) => {
      if (event.persisted) latest.current()
    }
    latest.current()
    document.addEventListener('visibilitychange', seen)
    addEventListener('pageshow', restored)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('pageshow', restored)
    }
  }, [latest])
}

/** Runs whenever the reader leaves or hides the document. A phone may end a hidden document without another event. */
export function useDidHide(run: Run): void {
  const latest = useLatest(run)
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') latest.current()
    }
    const left = () => latest.current()
    document.addEventListener('visibilitychange', hidden)
    addEventListener('pagehide', left)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      removeEventListener('pagehide', left)
    }
  }, [latest])
}

/** How far below the window the end of a list may still be when it grows (px): WeChat's onReachBottomDistance. */
const ahead = 400

/** How often a list grows by itself. Then 加载更多 waits for the reader, and the footer can be reached. */
const growsAtMost = 5

export function useReachBottom(run: Run): void {
  const latest = useLatest(run)
  useEffect(() => {
    let reached = false
    let grown = 0
    const look = () => {
      const end = document.querySelector('.feed-end')
      const near = end !== null && end.getBoundingClientRect().top < innerHeight + ahead
      if (near && !reached && grown < growsAtMost) {
        grown++
        latest.current()
      }
      reached = near
      show()
    }
    // A page that fits its window never scrolls: there, too, 加载更多 waits for the reader.
    const show = () => {
      const { classList, scrollHeight } = document.documentElement
      classList.toggle('by-hand', grown === growsAtMost || scrollHeight <= innerHeight)
    }
    show()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', show)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', show)
    }
  }, [latest])
}

/**
 * Do nothing on the web: browsers have their own pull-to-refresh and sharing, and no WeChat tabs. Written as empty
 * functions, because esbuild then leaves out their calls with all that only these need.
 */
export function usePullDownRefresh(_run: Run): void {}
export function useTabItemTap(_run: Run): void {}
export function useShareAppMessage(_card: () => unknown): void {}
export function useShareTimeline(_card: () => unknown): void {}
export function useAddToFavorites(_card: () => unknown): void {}

function open(url: string): Promise<void> {
  location.assign(url)
  return Promise.resolve()
}

interface Scroll {
  scrollTop?: number
  selector?: string
  offsetTop?: number
}

const Taro = {
  /** Uses the format of Taro's own web runtime, so that returning readers keep their stored data. */
  getStorageSync(key: string): unknown {
    const text = isHydrated() ? localStorage.getItem(key) : null
    if (text === null) return ''
    const stored: unknown = JSON.parse(text)
    return typeof stored === 'object' && stored !== null && 'data' in stored ? stored.data : ''
  },
  setStorageSync(key: string, data: unknown): void {
    localStorage.setItem(key, JSON.stringify({ data }))
  },
  removeStorageSync(key: string): void {
    localStorage.removeItem(key)
  },
  navigateTo: ({ url }: { url: string }) => open(url),
  switchTab: ({ url }: { url: string }) => open(url),
  redirectTo({ url }: { url: string }) {
    location.replace(url)
    return Promise.resolve()
  },
  getCurrentPages: (): unknown[] => [],
  nextTick(run: Run): void {
    setTimeout(run)
  },
  pageScrollTo({ scrollTop = 0, selector, offsetTop = 0 }: Scroll) {
    const found = selector && document.querySelector(selector)
    scrollTo(0, found ? found.getBoundingClientRect().top + scrollY + offsetTop : scrollTop)
    return Promise.resolve()
  },
  stopPullDownRefresh: (): void => undefined,
  onThemeChange(run: Run): void {
    // Not addEventListener: Safari before 14 does not support it on media queries.
    matchMedia('(prefers-color-scheme: dark)').addListener(run)
  },
  showToast({ title }: { title: string }) {
    showWords(title)
    return Promise.resolve()
  },
  showModal: askReader,
  previewImage({ urls, current }: { urls: string[]; current: string }) {
    enlarge(urls, current)
    return Promise.resolve()
  },
  setClipboardData: ({ data }: { data: string }) => navigator.clipboard.writeText(data),
}

export default Taro
