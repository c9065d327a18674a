import fc from 'fast-check'
import {
  Component,
  createContext,
  createElement,
  Fragment,
  memo,
  type ReactNode,
  useContext,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react'

/** One node of a drawing. Equal keys in consecutive drawings make React move and update nodes. */
interface Drawn {
  kind: 'host' | 'text' | 'fragment' | 'memo' | 'provider' | 'effects' | 'boundary' | 'throws'
  key: string
  word: string
  children: Drawn[]
}

const key = fc.constantFrom('a', 'b', 'c', 'd')
const word = fc.constantFrom('one', 'two', 'three')
const unique = { maxLength: 4, selector: (drawn: Drawn) => drawn.key }

const kind = fc.constantFrom<Drawn['kind']>(
  'host',
  'text',
  'fragment',
  'memo',
  'provider',
  'effects',
  'boundary',
  'throws',
)
const leaf = fc.record({ kind, key, word, children: fc.constant<Drawn[]>([]) })
const around = (inner: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> =>
  fc.record({ kind, key, word, children: fc.uniqueArray(inner, unique) })
const node = around(around(leaf))

/** What a page draws at one moment. */
export const forests = fc.uniqueArray(node, unique)

interface HostNode {
  type: string
  props: Record<string, unknown>
  children: HostNode[]
}

/** A reconciler for `hostConfig`, from its source. */
type Reconciler = (hostConfig: object) => {
  createContainer(container: HostNode, tag: number, ...more: unknown[]): unknown
  updateContainer(element: ReactNode, root: unknown): void
  flushSync(run?: () => void): void
}

function remove(parent: HostNode, child: HostNode): void {
  parent.children = parent.children.filter(one => one !== child)
}

function insert(parent: HostNode, child: HostNode, before?: HostNode): void {
  remove(parent, child)
  const at = before ? parent.children.indexOf(before) : parent.children.length
  parent.children.splice(at, 0, child)
}

/** What the renderer of Taro tells React, for a tree of plain objects. */
function host(): object {
  const noted =
    <Args extends unknown[]>(name: string, run: (...args: Args) => void) =>
    (...args: Args) => {
      const nodes = args.filter(arg => typeof (arg as Partial<HostNode> | null)?.props === 'object')
      log.push([name, ...nodes.map(drawn => (drawn as HostNode).type)])
      run(...args)
    }
  return {
    getPublicInstance: (instance: unknown) => instance,
    getRootHostContext: () => ({}),
    getChildHostContext: (parent: unknown) => parent,
    prepareForCommit: () => null,
    resetAfterCommit: () => undefined,
    createInstance: (type: string, { children: _, ...props }: Record<string, unknown>): HostNode => ({
      type,
      props,
      children: [],
    }),
    createTextInstance: (words: string): HostNode => ({ type: '#text', props: { words }, children: [] }),
    appendInitialChild: (parent: HostNode, child: HostNode) => insert(parent, child),
    finalizeInitialChildren: () => false,
    prepareUpdate: (_node: HostNode, _type: string, old: { word: string }, next: { word: string }) =>
      old.word === next.word ? null : ['word', next.word],
    shouldSetTextContent: () => false,
    scheduleTimeout: setTimeout,
    cancelTimeout: clearTimeout,
    noTimeout: -1,
    isPrimaryRenderer: true,
    supportsMutation: true,
    supportsPersistence: false,
    supportsHydration: false,
    supportsMicrotasks: true,
    scheduleMicrotask: queueMicrotask,
    getCurrentEventPriority: () => 16,
    detachDeletedInstance: () => undefined,
    clearContainer: (root: HostNode) => {
      root.children = []
    },
    commitUpdate: noted('update', (drawn: HostNode, [, changed]: [string, string]) => {
      drawn.props = { ...drawn.props, word: changed }
    }),
    commitTextUpdate: noted('words', (drawn: HostNode, _old: string, words: string) => {
      drawn.props = { words }
    }),
    appendChild: noted('append', insert),
    appendChildToContainer: noted('append', insert),
    insertBefore: noted('insert', insert),
    insertInContainerBefore: noted('insert', insert),
    removeChild: noted('remove', remove),
    removeChildFromContainer: noted('remove', remove),
  }
}

let log: unknown[] = []
/** What the components with effects read, and who listens to it. */
const store = { at: 0, listeners: new Set<() => void>() }
const Word = createContext('none')

function subscribe(listener: () => void) {
  store.listeners.add(listener)
  return () => store.listeners.delete(listener)
}

function note(name: string, shown: string) {
  log.push([name, shown])
  return () => log.push([`${name} undone`, shown])
}

class Boundary extends Component<{ word: string; children?: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidCatch(error: Error) {
    note('caught', error.message)
  }
  override componentDidUpdate() {
    note('boundary updated', this.props.word)
  }
  override componentWillUnmount() {
    note('boundary gone', this.props.word)
  }
  override render() {
    return this.state.failed ? createElement('failed', { word: this.props.word }) : this.props.children
  }
}

const Memo = memo(function Memo({ word: shown }: { word: string }) {
  note('memo drawn', shown)
  return createElement('memo', { word: `${shown} in ${useContext(Word)}` })
})

function Effects({ word: shown, children }: { word: string; children?: ReactNode }) {
  const [seen, setSeen] = useState('')
  const count = useSyncExternalStore(subscribe, () => store.at)
  useInsertionEffect(() => void note('insertion', shown), [shown])
  useLayoutEffect(() => {
    const undo = note('layout', shown)
    return () => void undo()
  }, [shown])
  useEffect(() => {
    const undo = note('effect', shown)
    return () => void undo()
  }, [shown])
  useLayoutEffect(() => setSeen(shown), [shown])
  return createElement('effects', { word: `${seen} ${count}`, ref: () => void note('ref', shown) }, children)
}

function Throws({ word: shown }: { word: string }): ReactNode {
  throw new Error(shown)
}

/**
 * Draws one forest after the other with a reconciler, given as source. Returns, line by line, every change of the tree, every effect
 * in its order, and each tree.
 */
export function historyOf(source: string, drawings: Drawn[][]): string[] {
  log = []
  store.at = 0
  store.listeners.clear()
  const elementOf = ({ kind, key, word, children }: Drawn): ReactNode => {
    const inner = children.map(elementOf)
    switch (kind) {
      case 'host':
        return createElement('view', { key, word }, inner)
      case 'text':
        return word
      case 'fragment':
        return createElement(Fragment, { key }, inner)
      case 'memo':
        return createElement(Memo, { key, word })
      case 'provider':
        return createElement(Word.Provider, { key, value: word }, inner)
      case 'effects':
        return createElement(Effects, { key, word }, inner)
      case 'boundary':
        return createElement(Boundary, { key, word }, inner)
      case 'throws':
        return createElement(Throws, { key, word })
    }
  }

  const module = { exports: undefined as unknown as Reconciler }
  // React prints each caught error.
  const quiet = { error: () => undefined }
  new Function('module', 'require', 'console', source)(module, require, quiet)
  const reconciler = module.exports(host())
  const container: HostNode = { type: 'root', props: {}, children: [] }
  const root = reconciler.createContainer(container, 1, null, false, false, '', () => undefined, null)
  const draw = (element: ReactNode) => {
    try {
      reconciler.flushSync(() => reconciler.updateContainer(element, root))
      store.at++
      reconciler.flushSync(() => {
        for (const listener of store.listeners) listener()
      })
    } catch (error) {
      log.push(['thrown', (error as Error).message])
    }
    // A copy: later drawings change the nodes.
    log.push(JSON.stringify(container))
  }
  for (const drawing of drawings) draw(drawing.map(elementOf))
  draw(null)
  return log.map(entry => JSON.stringify(entry))
}
