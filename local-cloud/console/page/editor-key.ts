import { useState } from 'react'
import * as v from 'valibot'
import { send } from './api'

/** Runs actions of the function `editor`. The editor enters its key once per tab. */

const kept = 'local-console-editor-key'

export const Answer = v.object({ ok: v.boolean(), lines: v.array(v.string()) })
export type Answer = v.InferOutput<typeof Answer>
const Result = v.object({ result: Answer })

export const editorKey = (): string => sessionStorage.getItem(kept) ?? ''

/** The key of this tab, empty until it is entered. */
export function useEditorKey(): [key: string, keep: (key: string) => void] {
  const [key, setKey] = useState(editorKey())
  return [
    key,
    next => {
      sessionStorage.setItem(kept, next)
      setKey(next)
    },
  ]
}

/** Runs one action. @throws Refused */
export const runEditor = async (event: object): Promise<Answer> =>
  (await send('run', { name: 'editor', event: { ...event, key: editorKey() } }, Result)).result
