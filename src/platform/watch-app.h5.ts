import Taro from '@tarojs/taro'
import { lostUrl } from './navigate'
import { isSinglePage } from './single-page'

/** Roles are written as WeChat wants them (`aria-role`); a browser reads `role`, and needs a place in the tab order. */
function translateRoles(root: ParentNode): void {
  for (const element of Array.from(root.querySelectorAll('[aria-role]'))) {
    const role = element.getAttribute('aria-role') ?? ''
    if (element.getAttribute('role') === role) continue
    element.setAttribute('role', role)
    if (role === 'heading') element.setAttribute('aria-level', '2')
    if (role === 'button' || role === 'radio' || role === 'link') element.setAttribute('tabindex', '0')
  }
}

/** What the web build watches: addresses that lead nowhere, roles of what is drawn, and the keyboard. */
export function watchApp(): void {
  document.body.classList.toggle('single-page', isSinglePage())
  Taro.onPageNotFound(() => {
    void Taro.redirectTo({ url: lostUrl })
  })
  let waiting = false
  new MutationObserver(() => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      translateRoles(document)
    })
  }).observe(document.body, { childList: true, subtree: true })
  document.addEventListener('keydown', event => {
    const target = event.target as HTMLElement
    if ((event.key === 'Enter' || event.key === ' ') && target.hasAttribute('aria-role')) {
      event.preventDefault()
      target.click()
    }
  })
}
