interface FileButtonProps {
  /** On the button. */
  words: string
  /** For screen readers, where it says more than `words`. */
  label?: string
  accept?: string
  multiple?: boolean
  disabled: boolean
  describedBy?: string
  onChoose: (files: File[]) => void
}

/** A button that opens the browser's choice of files: the browser's own speaks the browser's language. */
export function FileButton({
  words,
  label,
  accept,
  multiple,
  disabled,
  describedBy,
  onChoose,
}: FileButtonProps) {
  return (
    <label className="console-button">
      {words}
      <input
        type="file"
        className="console-hidden"
        aria-label={label ?? words}
        aria-describedby={describedBy}
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        onChange={({ target }) => {
          const files = Array.from(target.files ?? [])
          // The same file can be chosen again.
          target.value = ''
          if (files.length > 0) onChoose(files)
        }}
      />
    </label>
  )
}
