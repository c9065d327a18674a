import { useEffect, useRef } from 'react'
import type { SegmentsProps } from './Segments'
import './Segments.scss'

const classOf = (on: boolean): string => (on ? 'segment segment--on' : 'segment')

/** Web version of Segments.tsx: links if each choice has an address, else native radio buttons. */
export function Segments<K extends string>({
  label,
  options,
  chosen,
  onChoose,
  hrefOf,
  fill,
}: SegmentsProps<K>) {
  const className = fill ? 'segments segments--fill' : 'segments'
  const group = useRef<HTMLDivElement>(null)
  // A tap before hydration checks the native button only, as does Firefox when it restores a form. React does not learn
  // of it, and a second tap on a checked button changes nothing, so the choice would be lost for good.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only hydration can find such a tap
  useEffect(() => {
    const tapped = group.current?.querySelector<HTMLInputElement>('input:checked')?.value
    const option = options.find(([key]) => key === tapped)
    if (option && option[0] !== chosen) onChoose(option[0])
  }, [])
  if (hrefOf) {
    return (
      <nav className={className} aria-label={label}>
        {options.map(([key, text]) => (
          <a
            key={key}
            className={classOf(key === chosen)}
            href={hrefOf(key)}
            {...(key === chosen ? { 'aria-current': 'page' } : {})}
          >
            {text}
          </a>
        ))}
      </nav>
    )
  }
  return (
    <div ref={group} className={className} role="radiogroup" aria-label={label}>
      {options.map(([key, text]) => (
        <label key={key} className={classOf(key === chosen)}>
          <input
            className="segment-input"
            type="radio"
            name={label}
            value={key}
            checked={key === chosen}
            onChange={() => onChoose(key)}
          />
          {text}
        </label>
      ))}
    </div>
  )
}
