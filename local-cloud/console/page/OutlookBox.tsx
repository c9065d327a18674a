import { useEffect, useState } from 'react'
import * as v from 'valibot'
import { send } from './api'

const Outlook = v.object({
  step: v.picklist(['publish', 'schedule', 'withdraw', 'refuse', 'nothing']),
  says: v.string(),
  problems: v.array(v.string()),
  reminders: v.array(v.string()),
})
type Outlook = v.InferOutput<typeof Outlook>
const Answer = v.object({ outlook: v.nullable(Outlook) })

/** A row is checked when the editor has not typed for this long (ms). */
const pause = 400

const colours: Readonly<Partial<Record<Outlook['step'], string>>> = {
  publish: 'console-good',
  schedule: 'console-good',
  refuse: 'console-bad',
}

function Lines({ title, lines, className }: { title: string; lines: readonly string[]; className: string }) {
  return lines.length > 0 ? (
    <>
      <strong className={className}>{title}</strong>
      <ul>
        {lines.map(line => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  ) : null
}

interface OutlookBoxProps {
  collection: string
  row: Record<string, unknown>
}

/** Shows what happens to the row in the form after it is saved, and the problems that publishing would report. */
export function OutlookBox({ collection, row }: OutlookBoxProps) {
  const [outlook, setOutlook] = useState<Outlook | null>(null)
  const text = JSON.stringify(row)
  useEffect(() => {
    let left = false
    const timer = setTimeout(() => {
      send('outlook', { collection, row: text }, Answer).then(
        answer => left || setOutlook(answer.outlook),
        () => left || setOutlook(null),
      )
    }, pause)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [collection, text])
  if (!outlook) return null
  const { step, says, problems, reminders } = outlook
  const isRefused = step === 'refuse'
  return (
    <section className="console-box" aria-label="保存以后会怎样">
      <p className={colours[step] ?? ''}>
        <strong>{says}</strong>
      </p>
      {step === 'nothing' && problems.length === 0 ? <p>没有发现问题。</p> : null}
      <Lines
        title={isRefused ? '还不能发布' : '要发布，还得改'}
        lines={problems}
        className={isRefused ? 'console-bad' : ''}
      />
      <Lines title="提醒" lines={reminders} className="" />
    </section>
  )
}
