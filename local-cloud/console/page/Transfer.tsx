import { useState } from 'react'
import * as v from 'valibot'
import { messageOf, send, upload } from './api'
import { FileButton } from './FileButton'
import { useOneAtATime } from './one-at-a-time'

const Imported = v.object({
  ok: v.boolean(),
  lines: v.array(v.string()),
  report: v.object({ added: v.number(), changed: v.number() }),
})
const Progress = v.object({ line: v.nullable(v.number()) })
const Exported = v.object({ text: v.string() })

interface TransferProps {
  collection: string
  hasModel: boolean
  /** Called after rows were written. */
  onWritten: () => void
}

/** How often (ms) the page asks for the progress of a running import. */
const told = 500

/** Import with a preview, and export. */
export function Transfer({ collection, hasModel, onWritten }: TransferProps) {
  const [mode, setMode] = useState('insert')
  const [fileId, setFileId] = useState('')
  const [name, setName] = useState('')
  const [said, setSaid] = useState<{ ok: boolean; lines: string[]; hasNext: boolean } | null>(null)
  const { busy, alone } = useOneAtATime()
  const [line, setLine] = useState<number | null>(null)

  const doing = (work: () => Promise<void>): Promise<void> =>
    alone(() => work().catch(error => setSaid({ ok: false, lines: [messageOf(error)], hasNext: false })))

  async function importing(file: string, chosen: string, write: boolean): Promise<void> {
    const job = crypto.randomUUID()
    const timer = setInterval(() => {
      send('import-progress', { job }, Progress).then(
        progress => setLine(progress.line),
        () => undefined,
      )
    }, told)
    try {
      const input = { collection, fileId: file, mode: chosen, write, job }
      const { ok, lines, report } = await send('import', input, Imported)
      // A file that changes nothing has nothing to be imported.
      setSaid({ ok, lines, hasNext: ok && !write && report.added + report.changed > 0 })
      // An import that breaks off may have written a part.
      if (write) onWritten()
    } finally {
      clearInterval(timer)
      setLine(null)
    }
  }

  const run = (file: string, chosen: string, write: boolean) => doing(() => importing(file, chosen, write))

  const choose = (file: File) =>
    doing(async () => {
      setSaid(null)
      setName(file.name)
      const stored = await upload(file, 'imports')
      setFileId(stored)
      await importing(stored, mode, false)
    })

  const save = (format: 'csv' | 'jsonl') =>
    doing(async () => {
      const { text } = await send('export-file', { collection, format }, Exported)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text]))
      link.download = `${collection}.${format}`
      link.click()
      URL.revokeObjectURL(link.href)
    })

  return (
    <details className="console-box">
      <summary>导入和导出</summary>
      <div className="console-bar">
        <label htmlFor="import-mode">导入方式</label>
        <select
          id="import-mode"
          value={mode}
          disabled={busy}
          onChange={event => {
            setMode(event.target.value)
            if (fileId) void run(fileId, event.target.value, false)
          }}
        >
          <option value="insert">只新增</option>
          <option value="upsert">新增或更新</option>
        </select>
        <FileButton
          words="选文件（CSV 或 JSON Lines）"
          accept=".csv,.json,.jsonl,.txt"
          disabled={busy}
          onChoose={([file]) => file && void choose(file)}
        />
        {name === '' ? null : <span>{name}</span>}
      </div>
      {busy ? (
        <p role="status">正在处理…{line === null ? '' : `已经读了 ${line.toLocaleString()} 行`}</p>
      ) : null}
      {said ? (
        <div
          className={said.ok ? 'console-box' : 'console-box console-bad'}
          role={said.ok ? 'status' : 'alert'}
        >
          {said.lines.map(line => (
            <p key={line}>{line}</p>
          ))}
          {said.hasNext ? (
            <button
              type="button"
              className="console-main"
              disabled={busy}
              onClick={() => void run(fileId, mode, true)}
            >
              确实导入
            </button>
          ) : null}
        </div>
      ) : null}
      <div className="console-bar">
        {hasModel ? (
          <button type="button" disabled={busy} onClick={() => void save('csv')}>
            导出 CSV
          </button>
        ) : null}
        <button type="button" disabled={busy} onClick={() => void save('jsonl')}>
          导出 JSON Lines
        </button>
      </div>
    </details>
  )
}
