import { homeAddress, rankingAddress, shelfAddress } from '#contract/addresses'
import './TabBar.scss'

const tabs = [
  ['home', homeAddress, '首页'],
  ['ranking', rankingAddress, '排行'],
  ['shelf', shelfAddress, '书架'],
] as const

/** Links to the three main pages, at the bottom of each of them, as in WeChat. */
export function TabBar({ shown }: { shown: string }) {
  if (!tabs.some(([name]) => name === shown)) return null
  return (
    <nav className="tabs" aria-label="主要栏目">
      {tabs.map(([name, href, label]) => (
        <a
          key={name}
          className={`tab tab--${name}`}
          href={href}
          {...(name === shown ? { 'aria-current': 'page' } : {})}
        >
          {label}
        </a>
      ))}
    </nav>
  )
}
