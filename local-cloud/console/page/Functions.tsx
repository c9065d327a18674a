import { useCallback, useState } from 'react'
import * as v from 'valibot'
import { messageOf, send } from './api'
import { editorKey } from './editor-key'
import { Fault } from './Fault'
import { Linked } from './Linked'
import { useOneAtATime } from './one-at-a-time'
import { parsedObject } from './parsed-object'
import { useAnswer } from './use-answer'

const Listed = v.array(v.looseObject({ name: v.string() }))
const Result = v.object({ result: v.unknown() })

/** The initial event for a function. */
const eventFor = (name: string): string =>
  name === 'editor' ? JSON.stringify({ action: 'check', key: editorKey() || '编辑口令' }, null, 2) : '{}'

/** Shows the lines of a panel's reply as text, and any other reply as JSON. */
function shownResult(result: unknown): string {
  const answer = v.safeParse(v.object({ ok: v.boolean(), lines: v.array(v.string()) }), result)
  return answer.success ? answer.output.lines.join('\n') : JSON.stringify(result, null, 2)
}

export function Functions() {
  const ask = useCallback(() => send('functions', {}, Listed), [])
  const { answer, fault } = useAnswer(ask)
  const names = (answer ?? []).map(({ name }) => name)
  const [name, setName] = useState('editor')
  const [event, setEvent] = useState(eventFor('editor'))
  const [said, setSaid] = useState('')
  const { busy, alone } = useOneAtATime()

  const doing = (work: () => Promise<unknown>): Promise<void> =>
    alone(async () => {
      setSaid('')
      try {
        setSaid(shownResult(await work()))
      } catch (error) {
        setSaid(messageOf(error))
      }
    })

  return (
    <>
      <h2>运行云函数</h2>
      <Fault words={fault} />
      <form
        onSubmit={submitted => {
          submitted.preventDefault()
          void doing(async () => {
            const parsed = parsedObject(event)
            return (await send('run', { name, event: parsed }, Result)).result
          })
        }}
      >
        <div className="console-field">
          <label htmlFor="function">云函数</label>
          <select
            id="function"
            value={name}
            onChange={({ target }) => {
              setName(target.value)
              setEvent(eventFor(target.value))
            }}
          >
            {names.map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
        <div className="console-field">
          <label htmlFor="event">测试参数（JSON）</label>
          <p className="console-hint" id="event-hint">
            大括号里写“名字”和内容，引号、冒号、逗号都用英文的。key 后面写编辑口令。
          </p>
          <textarea
            id="event"
            aria-describedby="event-hint"
            rows={6}
            spellCheck={false}
            value={event}
            onChange={({ target }) => setEvent(target.value)}
          />
        </div>
        <div className="console-bar">
          <button type="submit" className="console-main" disabled={busy}>
            运行
          </button>
          <button
            type="button"
            disabled={busy}
            onClick={() => void doing(async () => (await send('fire', { name: 'clock' }, Result)).result)}
          >
            马上运行定时任务
          </button>
        </div>
      </form>
      <div role="status">
        {said ? (
          <pre className="console-box">
            <Linked text={said} />
          </pre>
        ) : null}
      </div>
    </>
  )
}
