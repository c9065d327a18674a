import Taro from '@tarojs/taro'
import { lostUrl, tabs } from './navigate'
import { isSinglePage } from './single-page'
import { writeHead } from './web-head'

/** What the keyboard reaches: a browser gives a place in the tab order only to elements of its own. */
const operable = new Set(['button', 'checkbox', 'link', 'radio'])
/** A page's own headline; every other heading stands under it. */
const headline = '.title, .topic-title'

/** Roles are written as WeChat wants them (`aria-role`); a browser reads `role`. */
function translateRoles(root: ParentNode): void {
  for (const element of Array.from(root.querySelectorAll('[aria-role]'))) {
    const role = element.getAttribute('aria-role') ?? ''
    if (element.getAttribute('role') === role) continue
    element.setAttribute('role', role)
    if (role === 'heading') element.setAttribute('aria-level', element.matches(headline) ? '1' : '2')
    if (operable.has(role)) element.setAttribute('tabindex', '0')
  }
}

/** Taro's picture holds the browser's own, which has no words: those of the picture, unless something around says them. */
function nameImages(root: ParentNode): void {
  for (const image of Array.from(root.querySelectorAll('img:not([alt])'))) {
    const spoken = image.closest('[aria-role], a')
    const words = spoken ? '' : image.parentElement?.getAttribute('aria-label')
    image.setAttribute('alt', words ?? '')
  }
}

/** Taro's tab bar is of links that lead nowhere by themselves: they get their addresses. */
function addressTabs(root: ParentNode): void {
  const bar = root.querySelector('.weui-tabbar')
  bar?.setAttribute('role', 'navigation')
  bar?.setAttribute('aria-label', '主要栏目')
  const addresses = Object.values(tabs)
  for (const [index, tab] of Array.from(bar?.querySelectorAll('.weui-tabbar__item') ?? []).entries()) {
    if (addresses[index]) tab.setAttribute('href', addresses[index])
    if (tab.classList.contains('weui-bar__item_on')) tab.setAttribute('aria-current', 'page')
    else tab.removeAttribute('aria-current')
  }
}

/** A tap on a tab turns the page as Taro does it; with a key held, or the middle button, it is the browser's. */
function leaveTabsToTheBrowser(): void {
  document.addEventListener(
    'click',
    event => {
      if (!(event.target as Element).closest('.weui-tabbar__item')) return
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) event.stopPropagation()
      else event.preventDefault()
    },
    true,
  )
}

function watchKeys(): void {
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      // Both close by a tap anywhere.
      const open = document.querySelector<HTMLElement>('.preview-image, [aria-role="dialog"]')
      open?.click()
      return
    }
    const target = event.target as HTMLElement
    if ((event.key === 'Enter' || event.key === ' ') && target.hasAttribute('aria-role')) {
      event.preventDefault()
      target.click()
    }
  })
}

/** What the web build watches: addresses that lead nowhere, roles of what is drawn, the keyboard, the shared link. */
export function watchApp(): void {
  document.body.classList.toggle('single-page', isSinglePage())
  Taro.onPageNotFound(() => {
    void Taro.redirectTo({ url: lostUrl })
  })
  // A page that has words of its own writes them after this (page-head.h5.ts).
  Taro.eventCenter.on('__taroRouterChange', () => writeHead({ title: undefined }))
  let waiting = false
  new MutationObserver(() => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      translateRoles(document)
      nameImages(document)
      addressTabs(document)
    })
  }).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['class'],
  })
  leaveTabsToTheBrowser()
  watchKeys()
}
