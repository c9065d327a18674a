import { channelUrl } from '#platform/navigate'
import { channels } from '#site'
import './Sections.scss'

/** Every channel with its columns, beside what a wide window shows. The site alone has room for it. */
export function Sections() {
  return (
    <nav className="sections" aria-label="栏目索引">
      <h2 className="section-heading">栏目</h2>
      {Object.entries(channels).map(([channel, { label, columns }]) => (
        <div key={channel} className="section-group">
          <a className="section section--channel" href={channelUrl(channel)}>
            {label}
          </a>
          {Object.entries(columns).map(([column, name]) => (
            <a key={column} className="section" href={channelUrl(channel, column)}>
              {name}
            </a>
          ))}
        </div>
      ))}
    </nav>
  )
}
