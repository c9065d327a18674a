import { type ChangeEvent, useState } from 'react'

interface LineFieldProps {
  value: string
  onChange: (value: string) => void
  'aria-label'?: string
}

/** A field for one line. Text with line breaks, as an import may bring it, gets a field that keeps them. */
export function LineField({ value, onChange, ...others }: LineFieldProps) {
  /** Stays true while the editor takes the line breaks out: another field would lose the focus. */
  const [isTall, setIsTall] = useState(value.includes('\n'))
  if (!isTall && value.includes('\n')) setIsTall(true)
  const shared = {
    ...others,
    value,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
  }
  return isTall ? <textarea {...shared} /> : <input {...shared} />
}
