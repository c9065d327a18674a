import { useEffect, useState } from 'react'
import * as v from 'valibot'
import { send } from './api'

const Check = v.object({ problems: v.array(v.string()), reminders: v.array(v.string()) })
type Check = v.InferOutput<typeof Check>

/** A draft is checked when the editor has not typed for this long (ms). */
const pause = 400

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

/** Shows the problems and reminders that publishing would report for the draft in the form. */
export function DraftCheck({ row }: { row: Record<string, unknown> }) {
  const [check, setCheck] = useState<Check | null>(null)
  const text = JSON.stringify(row)
  useEffect(() => {
    let left = false
    const timer = setTimeout(() => {
      send('check-draft', { row: text }, Check).then(
        found => left || setCheck(found),
        () => left || setCheck(null),
      )
    }, pause)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [text])
  if (!check) return null
  return (
    <section className="console-box" aria-label="现在发布会怎样">
      {check.problems.length === 0 ? (
        <p className="console-good">没有发现问题：把状态写成 待发布 并保存，就会发布。</p>
      ) : null}
      <Lines title="还不能发布" lines={check.problems} className="console-bad" />
      <Lines title="提醒" lines={check.reminders} className="" />
    </section>
  )
}
