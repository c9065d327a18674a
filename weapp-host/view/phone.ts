import type { Json, PageBar, TabBar, Theme } from '../protocol'

type Fields = Record<string, Json>

const fields = (value: Json): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '')

function element(className: string, text = ''): HTMLElement {
  const made = document.createElement('div')
  made.className = className
  made.textContent = text
  return made
}

/**
 * Runs when an element is tapped. The tap that made it appear may end with a click on it, because a browser sends the click
 * after the touch: such a click is not a tap on this element.
 */
function onTapOf(tapped: HTMLElement, run: () => void): void {
  let isPressed = false
  tapped.addEventListener('pointerdown', () => {
    isPressed = true
  })
  tapped.addEventListener('click', () => {
    if (isPressed) run()
  })
}

/** What WeChat draws around and above a page: bars, tabs, toasts, dialogs, picture previews. */
export interface Phone {
  showBar(bar: PageBar): void
  changeBar(change: Fields): void
  showTabs(index: number): void
  run(name: string, args: Json): void
  /** Opens a dialog and resolves with the reader's answer. */
  ask(name: string, args: Json): Promise<Json>
}

export interface PhoneOptions {
  singlePage: boolean
  tabBar: TabBar | undefined
  theme: () => Theme
  themed: (value: string | undefined) => string
  onTab: (index: number) => void
}

export function createPhone({ singlePage, tabBar, themed, onTab }: PhoneOptions): Phone {
  const bar = element(singlePage ? 'host-single-top' : 'host-bar')
  const title = document.createElement('span')
  bar.append(title)
  document.body.append(bar)
  const tabs = element('host-tabs')
  if (singlePage) document.body.append(element('host-single-bottom', '前往小程序'))
  let overrides: Fields = {}
  let hidden = false

  function showTabs(index: number): void {
    tabs.remove()
    const shown = index >= 0 && tabBar && !singlePage && !hidden
    document.documentElement.style.setProperty('--tab', shown ? '83px' : singlePage ? '90px' : '0px')
    document.documentElement.style.setProperty('--safe-bottom', shown || singlePage ? '0px' : '34px')
    if (!shown) return
    tabs.style.background = themed(textOf(overrides.backgroundColor) || tabBar.backgroundColor)
    tabs.style.borderColor =
      themed(textOf(overrides.borderStyle) || tabBar.borderStyle) === 'white' ? '#fff' : 'rgba(0,0,0,.2)'
    tabs.replaceChildren(
      ...tabBar.list.map((item, at) => {
        const tab = element('host-tab')
        const icon = themed(at === index ? item.selectedIconPath : item.iconPath)
        if (icon) {
          const img = document.createElement('img')
          img.src = `/${icon.replace(/^\.?\//, '')}`
          tab.append(img)
        }
        tab.append(element('', item.text))
        tab.style.color = themed(at === index ? tabBar.selectedColor : tabBar.color)
        tab.addEventListener('click', () => onTab(at))
        return tab
      }),
    )
    document.body.append(tabs)
  }

  function toast(args: Fields): void {
    document.querySelector('.host-toast')?.remove()
    const shown = element('host-toast', textOf(args.title))
    document.body.append(shown)
    const { duration } = args
    setTimeout(() => shown.remove(), typeof duration === 'number' ? duration : 1500)
  }

  function preview(args: Fields): void {
    const shown = element('host-preview')
    const img = document.createElement('img')
    const urls = Array.isArray(args.urls) ? args.urls : []
    img.src = textOf(args.current) || textOf(urls[0])
    shown.append(img)
    onTapOf(shown, () => shown.remove())
    document.body.append(shown)
  }

  function choose(lines: string[], head: string): Promise<number> {
    const sheet = element('host-sheet', head)
    document.body.append(sheet)
    return new Promise(resolve => {
      for (const [index, line] of lines.entries()) {
        const row = element('', line)
        onTapOf(row, () => {
          sheet.remove()
          resolve(index)
        })
        sheet.append(row)
      }
    })
  }

  const phone: Phone = {
    showBar(given) {
      title.textContent = given.title
      if (singlePage) return
      bar.style.background = given.background
      bar.style.color = given.text === 'white' ? '#fff' : '#000'
    },
    changeBar(change) {
      if (typeof change.title === 'string') title.textContent = change.title
      if (textOf(change.background)) bar.style.background = textOf(change.background)
      if (textOf(change.text)) bar.style.color = textOf(change.text)
    },
    showTabs,
    run(name, args) {
      const given = fields(args)
      switch (name) {
        case 'toast':
          return toast(given)
        case 'loading':
          return toast({ ...given, duration: 60_000 })
        case 'toast-off':
        case 'loading-off':
          return document.querySelector('.host-toast')?.remove()
        case 'preview':
          return preview(given)
        case 'bar':
          return phone.changeBar(given)
        case 'tab-style':
          overrides = { ...overrides, ...given }
          return
        case 'tab-on':
        case 'tab-off':
          hidden = name === 'tab-off'
          return
        case 'background':
          document.body.style.background = textOf(given.backgroundColor)
      }
    },
    async ask(name, args) {
      const given = fields(args)
      if (name === 'modal') {
        const lines = [textOf(given.confirmText) || '确定']
        if (given.showCancel !== false) lines.push(textOf(given.cancelText) || '取消')
        const at = await choose(lines, `${textOf(given.title)} ${textOf(given.content)}`.trim())
        return { confirm: at === 0, cancel: at === 1 }
      }
      const items = Array.isArray(given.itemList) ? given.itemList.map(textOf) : []
      const at = await choose([...items, '取消'], '')
      return { tapIndex: at < items.length ? at : -1 }
    },
  }
  return phone
}
