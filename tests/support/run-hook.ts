import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'

/** As much of an element as React asks for when there is nothing to draw. */
function emptyElement(): Element {
  const listens = { addEventListener() {}, removeEventListener() {} }
  const ownerDocument = { ...listens, nodeType: 9 }
  return {
    ...listens,
    nodeType: 1,
    nodeName: 'DIV',
    tagName: 'DIV',
    ownerDocument,
    textContent: '',
  } as unknown as Element
}

function Page({ use }: { use: () => void }): null {
  use()
  return null
}

export interface RunningHook<T> {
  /** What the hook returned last. */
  now(): T
  /** Draws the page again, with another hook if one is given. */
  draw(next?: () => T): void
  /** Lets a reader act by what the hook returned last, and draws what changes at once. */
  act(act: (now: T) => void): void
  /** Closes the page. */
  leave(): void
}

/** Runs a hook with its effects as a page does, without a browser. */
export function runHook<T>(hook: () => T): RunningHook<T> {
  Object.assign(globalThis, {
    window: globalThis,
    HTMLIFrameElement: class {},
    IS_REACT_ACT_ENVIRONMENT: true,
  })
  let useNow = hook
  let returned: T
  const root = createRoot(emptyElement())
  const draw = (next = useNow) => {
    useNow = next
    const use = () => {
      returned = useNow()
    }
    act(() => root.render(createElement(Page, { use })))
  }
  draw()
  return {
    now: () => returned,
    draw,
    act: work => act(() => work(returned)),
    leave: () => act(() => root.render(null)),
  }
}

/** Does something, and waits until the page has drawn what follows from it. */
export const drawnAfter = (work: () => unknown): Promise<void> => act(async () => void (await work()))
