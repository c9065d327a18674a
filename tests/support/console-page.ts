import { act } from 'react'

declare const requireOnce: NodeJS.Require

interface Dom {
  window: Window & typeof globalThis
}
const { JSDOM } = requireOnce('jsdom') as { JSDOM: new (html: string, options: object) => Dom }

/** What the console's server answers to a command: a value, or an error with its code. */
type Answer = (input: Record<string, unknown>) => unknown

export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export interface ConsolePage {
  /** The commands that the page has sent, oldest first. */
  sent: { command: string; input: Record<string, unknown>; token: string | undefined }[]
  /** The last input of a command. */
  last(command: string): Record<string, unknown> | undefined
  /** The text of the whole page, or of the first element that a selector finds. Empty if there is none. */
  text(selector?: string): string
  all(selector: string): HTMLElement[]
  button(name: string): HTMLButtonElement
  hasButton(name: string): boolean
  press(name: string): Promise<void>
  /** The field with this label. */
  field(label: string): HTMLInputElement
  write(label: string, text: string): Promise<void>
  /** Chooses a file in the field with this label. */
  choose(label: string, file: object): Promise<void>
  /** How often the browser would have left the page: a form was sent in its own way. */
  left(): number
  /** Waits until what was begun has ended, or this time (ms) of the page's has passed. */
  settle(ms?: number): Promise<void>
  window: Window & typeof globalThis
}

/**
 * Draws the console's page without a browser, above a cloud that answers as given. Call it once in a test file: the page
 * stays, as it does for an editor.
 */
export async function openConsolePage(answers: Record<string, Answer>): Promise<ConsolePage> {
  const { window } = new JSDOM('<!doctype html><div id="console"></div>', {
    url: 'http://127.0.0.1:8787/console',
    pretendToBeVisual: true,
  })
  const { document } = window
  const sent: ConsolePage['sent'] = []
  const reply = (status: number, body: unknown) => ({
    ok: status === 200,
    status,
    json: async () => JSON.parse(JSON.stringify(body)) as unknown,
  })
  interface Request {
    body: unknown
    method: string
    headers: Record<string, string>
  }
  const fetch = async (address: string, { body, method, headers }: Request) => {
    const token = headers['x-local-key']
    if (method === 'PUT') {
      sent.push({ command: 'put', input: { address, body, ...headers }, token })
      return reply(answers.put?.({ address, body }) === false ? 500 : 200, {})
    }
    const command = address.replace('/console/api/', '')
    const input = JSON.parse(String(body)) as Record<string, unknown>
    sent.push({ command, input, token })
    const answer = answers[command]
    if (!answer) throw new Error(`the page sent ${command}`)
    try {
      return reply(200, (await answer(input)) ?? null)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      return reply(400, { code: error.code, message: error.message })
    }
  }
  Object.assign(globalThis, { window, document, fetch, IS_REACT_ACT_ENVIRONMENT: true })
  for (const name of ['sessionStorage', 'navigator', 'HTMLIFrameElement', 'Blob', 'URL'] as const)
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true })

  let left = 0
  document.addEventListener('submit', event => {
    if (!event.defaultPrevented) left += 1
    event.preventDefault()
  })
  const root = document.getElementById('console') as HTMLElement
  const nameOf = (element: Element): string =>
    element.getAttribute('aria-label') ?? element.textContent?.replace('（必填）', '').trim() ?? ''
  const settle = (ms = 0): Promise<void> =>
    act(async () => {
      await jest.advanceTimersByTimeAsync(ms)
      // Answers, and what follows from them.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    })
  const all = (selector: string) => Array.from(root.querySelectorAll<HTMLElement>(selector))
  const buttons = (name: string) =>
    (all('button') as HTMLButtonElement[]).filter(button => nameOf(button) === name)
  const button = (name: string): HTMLButtonElement => {
    const [found] = buttons(name)
    if (!found) throw new Error(`no button ${name} in: ${root.textContent}`)
    return found
  }
  const field = (label: string): HTMLInputElement => {
    const labelled = all('input, textarea, select').find(one => one.getAttribute('aria-label') === label)
    const named = all('label').find(one => nameOf(one) === label)
    const found =
      labelled ??
      (named && (document.getElementById(named.getAttribute('for') ?? '') ?? named.querySelector('input')))
    if (!found) throw new Error(`no field ${label} in: ${root.textContent}`)
    return found as HTMLInputElement
  }
  const page: ConsolePage = {
    sent,
    last: command => sent.findLast(one => one.command === command)?.input,
    text: selector => (selector === undefined ? root : root.querySelector(selector))?.textContent ?? '',
    all,
    button,
    hasButton: name => buttons(name).length > 0,
    async press(name) {
      await act(async () => button(name).click())
      await settle()
    },
    field,
    async write(label, text) {
      const element = field(label)
      const kinds = {
        INPUT: 'HTMLInputElement',
        TEXTAREA: 'HTMLTextAreaElement',
        SELECT: 'HTMLSelectElement',
      } as const
      const { prototype } = window[kinds[element.tagName as keyof typeof kinds]]
      await act(async () => {
        if (element.type === 'checkbox') {
          element.click()
          return
        }
        // React notices only what does not pass through its own property.
        Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, text)
        const event = element.tagName === 'SELECT' ? 'change' : 'input'
        element.dispatchEvent(new window.Event(event, { bubbles: true }))
      })
      await settle()
    },
    async choose(label, file) {
      const element = field(label)
      Object.defineProperty(element, 'files', { value: [file], configurable: true })
      Object.defineProperty(element, 'value', {
        value: 'C:\\fakepath\\a',
        configurable: true,
        writable: true,
      })
      await act(async () => {
        element.dispatchEvent(new window.Event('change', { bubbles: true }))
      })
      // A browser tells of no change when a file is chosen that the field still holds.
      if (element.value !== '') throw new Error(`the same file cannot be chosen again: ${label}`)
      await settle()
    },
    left: () => left,
    settle,
    window,
  }
  await act(async () => {
    await import('../../local-cloud/console/page/Console')
  })
  return page
}
