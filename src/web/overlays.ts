/**
 * The site's versions of wx.showToast, wx.showModal and wx.previewImage: short message, dialog, enlarged pictures. In
 * WeChat, the platform draws them; a browser has none of them.
 */

function layer(tag: string, className: string): HTMLElement {
  const element = document.body.appendChild(document.createElement(tag))
  element.className = className
  return element
}

/** How long a short message stays on the screen (ms). */
const wordsStay = 1_500

/** Shows a short message that disappears after `wordsStay`. Screen readers announce it. */
export function showWords(words: string): void {
  document.querySelector('.overlay-toast')?.remove()
  const toast = layer('div', 'overlay-toast')
  toast.setAttribute('role', 'status')
  toast.textContent = words
  setTimeout(() => toast.remove(), wordsStay)
}

/**
 * Opens a dialog over the page. `<dialog>` keeps the focus inside and closes on Esc. In browsers without `<dialog>`
 * (Safari before 15.4), it is a plain element with the role `dialog`. `onClose` runs once.
 */
export function dialog(
  className: string,
  label: string,
  onClose: () => void,
): { box: HTMLElement; close: () => void } {
  const box = layer('dialog', className)
  box.setAttribute('aria-label', label)
  const native = box as HTMLDialogElement
  const before = document.activeElement
  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    removeEventListener('keydown', pressed)
    box.remove()
    // Browsers restore the focus when a dialog is closed, but not when it is removed from the document.
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    onClose()
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
  }
  box.addEventListener('cancel', event => {
    event.preventDefault()
    close()
  })
  if (typeof native.showModal === 'function') native.showModal()
  else {
    box.setAttribute('open', '')
    box.setAttribute('role', 'dialog')
    addEventListener('keydown', pressed)
  }
  return { box, close }
}

export interface Question {
  title: string
  content?: string
  confirmText?: string
  cancelText?: string
  showCancel?: boolean
}

/** Asks the reader a question. Esc or a tap outside the dialog resolves to `confirm: false`. */
export function askReader({
  title,
  content = '',
  confirmText = '确定',
  cancelText = '取消',
  showCancel = true,
}: Question): Promise<{ confirm: boolean }> {
  return new Promise(resolve => {
    let confirm = false
    const { box, close } = dialog('overlay-modal', title, () => resolve({ confirm }))
    const part = (tag: string, className: string, text: string) => {
      const element = box.appendChild(document.createElement(tag))
      element.className = className
      element.textContent = text
      return element
    }
    part('h2', 'overlay-title', title)
    if (content) part('p', 'overlay-text', content)
    const cancel = showCancel ? part('button', 'overlay-button', cancelText) : undefined
    if (cancel) cancel.onclick = close
    const button = part('button', 'overlay-button overlay-button--confirm', confirmText)
    button.onclick = () => {
      confirm = true
      close()
    }
    box.onclick = event => {
      if (event.target === box) close()
    }
    // The answer that changes nothing: a key that is pressed once too often does no harm.
    ;(cancel ?? button).focus()
  })
}

/** Shows pictures side by side, each as large as the window. Starts at the first picture whose address is `current`. */
export function enlarge(urls: readonly string[], current: string): void {
  const { box, close } = dialog('overlay-pictures', '图片', () => undefined)
  // A picture that opens at a tap has its words on its link (components.tsx).
  const links = Array.from(document.querySelectorAll('.figure-picture'))
  const addresses = links.map(link => link.getAttribute('href'))
  const images = urls.map(url => {
    const image = box.appendChild(document.createElement('img'))
    image.src = url
    image.alt = ''
    return image
  })
  // From the end: of a picture that a story shows twice, the one before the tapped one is left out of the addresses.
  for (let nth = urls.length; nth-- > 0; ) {
    const at = addresses.lastIndexOf(urls[nth] as string)
    if (at < 0) continue
    addresses.length = at
    const words = links[at]?.getAttribute('aria-label') ?? ''
    ;(images[nth] as HTMLImageElement).alt = words.replace('图片：', '')
  }
  box.scrollLeft = images[urls.indexOf(current)]?.offsetLeft ?? 0
  const ways = box.appendChild(document.createElement('div'))
  ways.className = 'overlay-ways'
  const way = (words: string) => {
    const button = ways.appendChild(document.createElement('button'))
    button.className = 'overlay-close'
    button.textContent = words
    return button
  }
  const turn = (by: number) => {
    box.scrollLeft += by * box.clientWidth
  }
  if (urls.length > 1) {
    for (const [words, by] of [['上一张', -1] as const, ['下一张', 1] as const]) {
      way(words).onclick = event => {
        event.stopPropagation()
        turn(by)
      }
    }
    box.onkeydown = ({ key }) => turn({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0)
  }
  box.onclick = close
  way('关闭').focus({ preventScroll: true })
}
