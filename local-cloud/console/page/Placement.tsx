import { useState } from 'react'
import { messageOf } from './api'
import { EditorKey } from './EditorKey'
import { runEditor, useEditorKey } from './editor-key'
import { Fault } from './Fault'
import { useOneAtATime } from './one-at-a-time'

interface List {
  heading: string
  entries: string[]
}

/** The panel's lines as lists: a line that begins with a wide space belongs to the heading before it. */
function listsOf(lines: readonly string[]): List[] {
  const lists: List[] = []
  for (const line of lines)
    if (line.startsWith('　')) lists.at(-1)?.entries.push(line.trim())
    else lists.push({ heading: line, entries: [] })
  return lists
}

/** What stands where on the home page, now or at a time, and why: the function `editor` says it. */
export function Placement() {
  const [key, setKey] = useEditorKey()
  const [at, setAt] = useState('')
  const [lists, setLists] = useState<List[]>([])
  const [fault, setFault] = useState('')
  const { busy, alone } = useOneAtATime()

  async function look(): Promise<void> {
    setFault('')
    try {
      const event = { action: 'placement', ...(at === '' ? {} : { at: at.replace('T', ' ') }) }
      const { ok, lines } = await runEditor(event)
      setLists(ok ? listsOf(lines) : [])
      setFault(ok ? '' : lines.join('\n'))
    } catch (error) {
      setFault(messageOf(error))
    }
  }

  return (
    <>
      <h2>首页布局</h2>
      <EditorKey value={key} onChange={setKey} />
      <form
        onSubmit={event => {
          event.preventDefault()
          void alone(look)
        }}
      >
        <div className="console-field">
          <label htmlFor="at">什么时候</label>
          <p className="console-hint" id="at-hint">
            北京时间。不写就是现在。
          </p>
          <input
            id="at"
            type="datetime-local"
            step={1}
            aria-describedby="at-hint"
            value={at}
            onChange={({ target }) => setAt(target.value)}
          />
        </div>
        <button type="submit" className="console-main" disabled={busy || key === ''}>
          查看首页
        </button>
      </form>
      <Fault words={fault} />
      <div role="status">
        {lists.map(({ heading, entries }) => (
          <section key={heading} aria-label={heading}>
            <h3>{heading}</h3>
            {entries.length > 0 ? (
              <ul>
                {entries.map(entry => (
                  <li key={entry}>{entry}</li>
                ))}
              </ul>
            ) : null}
          </section>
        ))}
      </div>
    </>
  )
}
