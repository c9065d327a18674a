import { aboutAddress, homeAddress, rankingAddress, searchAddress } from '#contract/addresses'
import { site } from '#site'
import './SiteFooter.scss'

/** The bottom of every page. */
export function SiteFooter() {
  return (
    <footer className="site-footer">
      <nav className="site-ways" aria-label="网站">
        <a className="site-way" href={homeAddress}>
          首页
        </a>
        <a className="site-way" href={rankingAddress}>
          新闻表情排行
        </a>
        <a className="site-way" href={searchAddress}>
          搜索
        </a>
        <a className="site-way" href={aboutAddress}>
          关于 · 反馈 · 侵权投诉
        </a>
      </nav>
      <p className="site-words">{`${site.name}：${site.slogan}`}</p>
    </footer>
  )
}
