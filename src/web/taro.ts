/**
 * What our pages call of Taro, on a browser's own means. The web's bundles take this module in the place of
 * `@tarojs/taro` (config/web.ts). Importing it touches nothing of a browser's: the server imports it too.
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

/** Pages decode by themselves, as in WeChat: they get what was encoded. */
export function useRouter() {
  const { name, params } = webPage()
  const encoded = Object.entries(params).map(([key, value]) => [key, encodeURIComponent(value)] as const)
  return { path: name, params: Object.fromEntries(encoded) as Record<string, string | undefined> }
}

/** After hydration, and whenever the document is seen again: from another tab, or from the back/forward cache. */
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

/** Whenever the document is left or hidden. A phone may end it without a further word. */
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

/** How near the end of the document counts as its bottom (px): WeChat's onReachBottomDistance. */
const bottom = 50

export function useReachBottom(run: Run): void {
  const latest = useLatest(run)
  useEffect(() => {
    let reached = false
    const look = () => {
      const below = document.documentElement.scrollHeight - innerHeight - scrollY
      if (below < bottom && !reached) latest.current()
      reached = below < bottom
    }
    addEventListener('scroll', look, { passive: true })
    return () => removeEventListener('scroll', look)
  }, [latest])
}

/** A browser has no pull of ours, no tabs of WeChat's and a share function of its own. */
const absent = (_: unknown): void => undefined
export const usePullDownRefresh: (run: Run) => void = absent
export const useTabItemTap: (run: Run) => void = absent
export const useShareAppMessage: (card: () => unknown) => void = absent
export const useShareTimeline: (card: () => unknown) => void = absent

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
  /** Values in the form Taro's own web runtime wrote, so that readers of before keep what they had. */
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
    // Not addEventListener: Safari before 14 lacks it here.
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
