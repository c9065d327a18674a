import { useEffect, useState } from 'react'
import { messageOf } from './api'
import { EditorKey } from './EditorKey'
import { type Answer, runEditor, useEditorKey } from './editor-key'
import { Linked } from './Linked'
import { useOneAtATime } from './one-at-a-time'

interface StoryPanelProps {
  draft: string
  /** The version that readers see, 0 for none. */
  version: number
  /** Whether the form holds text that is not saved: the function reads the stored row. */
  isChanged: () => boolean
  /** Called before the function runs. */
  onRun: () => void
  /** Called after readers see another version. */
  onRestored: () => Promise<void>
}

/** The number of the version that a line of `history` tells of. */
const numberOf = (line: string): number[] => {
  const [, digits] = /^第 (\d+) 版/.exec(line) ?? []
  return digits === undefined ? [] : [Number(digits)]
}

/** Buttons for what the function `editor` does with a draft: preview, and its earlier versions. */
export function StoryPanel({ draft, version, isChanged, onRun, onRestored }: StoryPanelProps) {
  const [key, setKey] = useEditorKey()
  const [chosen, setChosen] = useState('')
  const [said, setSaid] = useState<Answer | null>(null)
  const { busy, alone } = useOneAtATime()
  const [versions, setVersions] = useState<readonly number[]>([])
  // The numbers of the kept versions have gaps: a topic that takes a story up changes it without a publication.
  useEffect(() => {
    if (key === '' || version < 2) return
    let left = false
    runEditor({ action: 'history', draft }).then(
      ({ ok, lines }) => left || setVersions(ok ? lines.flatMap(numberOf) : []),
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [key, draft, version])
  const earlier = versions.filter(one => one < version)
  const from = Number(chosen) || (earlier[0] ?? 0)

  const run = (event: object, then?: () => Promise<void>): Promise<void> =>
    alone(async () => {
      setSaid(null)
      onRun()
      try {
        const answer = await runEditor({ ...event, draft })
        setSaid(answer)
        if (answer.ok) await then?.()
      } catch (error) {
        setSaid({ ok: false, lines: [messageOf(error)] })
      }
    })

  async function preview(): Promise<void> {
    if (isChanged()) setSaid({ ok: false, lines: ['还没有保存：请先按“保存”，再预览'] })
    else await run({ action: 'preview' })
  }

  return (
    <section className="console-box" aria-label="预览和旧版">
      <strong>预览和旧版</strong>
      <EditorKey value={key} onChange={setKey} />
      {key === '' ? null : (
        <>
          <div className="console-bar">
            <button type="button" disabled={busy} onClick={() => void preview()}>
              预览
            </button>
            {version > 0 ? (
              <button type="button" disabled={busy} onClick={() => void run({ action: 'history' })}>
                看发布过几版
              </button>
            ) : null}
          </div>
          {earlier.length > 0 ? (
            <div className="console-bar">
              <label htmlFor="version">旧版</label>
              <select id="version" value={from} onChange={({ target }) => setChosen(target.value)}>
                {earlier.map(one => (
                  <option key={one} value={one}>
                    第 {one} 版
                  </option>
                ))}
              </select>
              <button
                type="button"
                disabled={busy}
                onClick={() => void run({ action: 'compare', from, to: version })}
              >
                和第 {version} 版比较
              </button>
              <button
                type="button"
                disabled={busy || isChanged()}
                onClick={() => void run({ action: 'restore', version: from }, onRestored)}
              >
                让读者看到这一版
              </button>
            </div>
          ) : null}
        </>
      )}
      {said ? (
        <div className={said.ok ? '' : 'console-bad'} role={said.ok ? 'status' : 'alert'}>
          {said.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an answer does not change
            <p key={index}>
              <Linked text={line} />
            </p>
          ))}
        </div>
      ) : null}
    </section>
  )
}
