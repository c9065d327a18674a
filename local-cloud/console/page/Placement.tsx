import { useState } from 'react'
import * as v from 'valibot'
import { messageOf, send } from './api'
import { Fault } from './Fault'

const Result = v.object({ result: v.object({ ok: v.boolean(), lines: v.array(v.string()) }) })

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
  const [key, setKey] = useState('')
  const [at, setAt] = useState('')
  const [lists, setLists] = useState<List[]>([])
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)

  async function look(): Promise<void> {
    setBusy(true)
    setFault('')
    try {
      const event = {
        action: 'placement',
        key: key.trim(),
        ...(at === '' ? {} : { at: at.replace('T', ' ') }),
      }
      const { ok, lines } = (await send('run', { name: 'editor', event }, Result)).result
      setLists(ok ? listsOf(lines) : [])
      setFault(ok ? '' : lines.join('\n'))
    } catch (error) {
      setFault(messageOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <h2>首页布局</h2>
      <form
        onSubmit={event => {
          event.preventDefault()
          void look()
        }}
      >
        <div className="console-field">
          <label htmlFor="editor-key">编辑口令</label>
          <p className="console-hint" id="editor-key-hint">
            启动时显示的 the key of the function editor，不是进控制台的那一个。
          </p>
          <input
            id="editor-key"
            type="password"
            autoComplete="off"
            aria-describedby="editor-key-hint"
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
        </div>
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
        <button type="submit" className="console-main" disabled={busy}>
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
