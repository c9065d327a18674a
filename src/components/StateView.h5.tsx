import type { StateViewProps } from './StateView'
import './StateView.scss'

/** Web version of StateView.tsx: the action is a link. */
export function StateView({ title, hint, action }: StateViewProps) {
  return (
    <div className="state">
      <h1 className="state-title">{title}</h1>
      {hint ? <p className="state-hint">{hint}</p> : null}
      {action && 'run' in action ? (
        <button type="button" className="state-action" onClick={action.run}>
          {action.label}
        </button>
      ) : null}
      {action && 'href' in action ? (
        <a className="state-action" href={action.href}>
          {action.label}
        </a>
      ) : null}
    </div>
  )
}
