import { useState } from 'react'

interface EditorKeyProps {
  value: string
  onChange: (key: string) => void
}

/** Asks for the key of the function `editor` once, and says afterwards that it is known. */
export function EditorKey({ value, onChange }: EditorKeyProps) {
  const [typed, setTyped] = useState('')
  if (value !== '')
    return (
      <div className="console-bar">
        <span className="console-hint">编辑口令已经记住，关掉这一页就忘记。</span>
        <button type="button" onClick={() => onChange('')}>
          换一个编辑口令
        </button>
      </div>
    )
  return (
    <form
      className="console-field"
      onSubmit={event => {
        event.preventDefault()
        onChange(typed.trim())
        setTyped('')
      }}
    >
      <label htmlFor="editor-key">编辑口令</label>
      <p className="console-hint" id="editor-key-hint">
        启动时显示的“编辑口令”，不是进控制台的那一个。只问一次。
      </p>
      <div className="console-bar">
        <input
          id="editor-key"
          type="password"
          autoComplete="off"
          aria-describedby="editor-key-hint"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit" className="console-main" disabled={typed.trim() === ''}>
          记住编辑口令
        </button>
      </div>
    </form>
  )
}
