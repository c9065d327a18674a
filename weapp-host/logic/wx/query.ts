import type { Json } from '../../protocol'
import type { Ground, Wx } from './api'

type Callback = (value: unknown) => void

interface Wanted {
  selector: string
  /** `one`, `all` or the viewport. */
  scope: 'one' | 'all' | 'viewport'
  fields: Record<string, boolean | string[]>
  callback: Callback | undefined
}

/** Selector queries and intersection observers. The view answers them asynchronously. */
export function queryApis(ground: Ground): Wx {
  function createSelectorQuery() {
    const wanted: Wanted[] = []
    const page = ground.pages.topId()

    const nodes = (scope: Wanted['scope'], selector: string) => {
      const add = (fields: Wanted['fields'], callback?: Callback) => {
        wanted.push({ scope, selector, fields, callback })
        return query
      }
      return {
        boundingClientRect: (callback?: Callback) =>
          add({ rect: true, size: true, id: true, dataset: true }, callback),
        scrollOffset: (callback?: Callback) => add({ scrollOffset: true, id: true, dataset: true }, callback),
        fields: (fields: Wanted['fields'], callback?: Callback) => add(fields, callback),
        node: (callback?: Callback) => add({ node: true }, callback),
        context: (callback?: Callback) => add({ context: true }, callback),
      }
    }
    const query = {
      in: () => query,
      select: (selector: string) => nodes('one', selector),
      selectAll: (selector: string) => nodes('all', selector),
      selectViewport: () => nodes('viewport', ''),
      exec(done?: Callback) {
        const run = async () => {
          const asked = wanted.map(({ scope, selector, fields }) => ({ scope, selector, fields }))
          const answers = (await ground.ask('query', { page, asked: asked as unknown as Json })) as Json[]
          const results: unknown[] = []
          for (const [index, one] of wanted.entries()) {
            const answer = answers[index] ?? null
            const found =
              one.fields.node === true && answer !== null
                ? {
                    ...(answer as Record<string, unknown>),
                    node: await ground.canvases.find(page, one.selector),
                  }
                : answer
            one.callback?.(found)
            results.push(found)
          }
          done?.(results)
        }
        run().catch(error => ground.record.errors.push(`createSelectorQuery: ${String(error)}`))
        return query
      },
    }
    return query
  }

  function createIntersectionObserver(_owner?: unknown, options: Record<string, unknown> = {}) {
    const relatives: Json[] = []
    let observer = 0
    const page = ground.pages.topId()
    const self = {
      relativeTo(selector: string, margins: Record<string, number> = {}) {
        relatives.push({ selector, margins })
        return self
      },
      relativeToViewport(margins: Record<string, number> = {}) {
        relatives.push({ selector: '', margins })
        return self
      },
      observe(selector: string, callback: Callback) {
        observer = ground.pages.observe(
          page,
          {
            selector,
            relatives,
            thresholds: (options.thresholds as Json) ?? [0],
            initialRatio: (options.initialRatio as Json) ?? 0,
            all: options.observeAll === true,
          },
          callback,
        )
      },
      disconnect() {
        ground.pages.unobserve(page, observer)
      },
    }
    return self
  }

  return { createSelectorQuery, createIntersectionObserver }
}
