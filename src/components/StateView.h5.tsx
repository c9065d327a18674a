import { webPage } from '#platform/web-page'
import type { StateViewProps } from './StateView'
import './StateView.scss'

/** Pages that show their own headline (h1) above the state. */
const titled = new Set(['home', 'channel', 'ranking', 'search', 'shelf', 'about'])

/** Web version of StateView.tsx: the action is a link. */
export function StateView({ title, hint, action }: StateViewProps) {
  const Title = titled.has(webPage().name) ? 'h2' : 'h1'
  return (
    <div className="state">
      <Title className="state-title">{title}</Title>
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
