import { useCallback, useState } from 'react'
import * as v from 'valibot'
import { send } from './api'
import { written } from './beijing'
import { Fault } from './Fault'
import { useAnswer } from './use-answer'

const logsShown = 100
const Records = v.array(
  v.object({
    requestId: v.string(),
    functionName: v.string(),
    source: v.nullable(v.string()),
    startedAt: v.number(),
    duration: v.number(),
    outcome: v.string(),
    lines: v.array(v.object({ level: v.string(), text: v.string() })),
  }),
)

export function Logs() {
  const [only, setOnly] = useState('')
  const ask = useCallback(() => send('logs', { limit: 2_000 }, Records), [])
  const { answer, fault, again } = useAnswer(ask)
  const records = answer ?? []
  const names = [...new Set(records.map(({ functionName }) => functionName))].sort()
  const shown = records.filter(({ functionName }) => only === '' || functionName === only).slice(-logsShown)
  return (
    <>
      <h2>日志</h2>
      <div className="console-bar">
        <label htmlFor="only">云函数</label>
        <select id="only" value={only} onChange={event => setOnly(event.target.value)}>
          <option value="">全部</option>
          {names.map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <button type="button" onClick={() => void again()}>
          刷新
        </button>
      </div>
      <Fault words={fault} />
      {shown.length === 0 ? <p>还没有日志。</p> : null}
      {shown.reverse().map(record => (
        <div className="console-box" key={record.requestId}>
          <p>
            {written(record.startedAt)}　{record.functionName}
            {'　'}
            <span className={record.outcome === 'ok' ? 'console-good' : 'console-bad'}>{record.outcome}</span>
            {'　'}
            {Math.round(record.duration)} 毫秒　{record.source || '控制台'}
          </p>
          {record.lines.length > 0 ? (
            <pre>{record.lines.map(({ level, text }) => `${level}　${text}`).join('\n')}</pre>
          ) : null}
        </div>
      ))}
    </>
  )
}
