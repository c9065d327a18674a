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
    <div className={className} role="radiogroup" aria-label={label}>
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
