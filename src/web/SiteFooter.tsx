import { aboutAddress, homeAddress, rankingAddress, searchAddress, shelfAddress } from '#contract/addresses'
import { filings, site } from '#site'
import './SiteFooter.scss'

const police: string = filings.police
const icp: string = filings.icp

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
        <a className="site-way" href={shelfAddress}>
          书架
        </a>
        <a className="site-way" href={searchAddress}>
          搜索
        </a>
        <a className="site-way" href={aboutAddress}>
          关于 · 反馈 · 侵权投诉
        </a>
      </nav>
      <p className="site-words">{`${site.name}：${site.slogan}`}</p>
      <div className="site-ways">
        {icp ? (
          <a className="site-way" href="https://beian.miit.gov.cn/">
            {icp}
          </a>
        ) : null}
        {police ? (
          <a
            className="site-way"
            href={`https://beian.mps.gov.cn/#/query/webSearch?code=${police.replace(/\D/g, '')}`}
          >
            {police}
          </a>
        ) : null}
      </div>
    </footer>
  )
}
