import {
  channelAddress,
  homeAddress,
  principlesAddress,
  searchAddress,
  storyAddress,
  topicAddress,
} from '#contract/addresses'
import type { Article } from '#contract/article'
import { channelOf, site, type WebSettings } from '#site'
import { isoTime } from '../shared/beijing-time'
import { sourcesOf } from '../shared/publishing/story-sources'
import { plainLine } from './plain-line'
import { absolute, pictureAddress } from './site-address'
import { changedAt } from './story-head'

/** What a page says about itself to search engines, in schema.org's terms. */

type Node = Record<string, unknown>

/** Names that end like this belong to a desk or an institution, not to a person. */
const institution =
  /(?:[部组社网台报]|中心|杂志|研究所|研究院|大学|学院|学会|协会|团队|工作室|实验室|委员会|博物馆|天文馆|科技馆|公司)$/

function authorOf(name: string): Node {
  const own = name === site.name || name === site.desk || name === site.publisher
  return { '@type': own || institution.test(name) ? 'Organization' : 'Person', name }
}

/** The authors of a story; several names stand in one field, with commas between them. */
function authorsOf({ author }: Article): Node[] {
  const names = plainLine(author)
    .split(/[、，,；;/]/)
    .map(name => name.trim())
    .filter(Boolean)
  return (names.length > 0 ? names : [site.desk]).map(authorOf)
}

function publisherOf({ correctionsPolicy }: Pick<WebSettings, 'correctionsPolicy'>): Node {
  return {
    '@type': 'NewsMediaOrganization',
    name: site.name,
    url: absolute(homeAddress),
    publishingPrinciples: absolute(principlesAddress),
    correctionsPolicy: absolute(correctionsPolicy),
  }
}

/** A source is a work with an address if it names one, else only its words. */
function citationOf(source: string): Node | string {
  const [address] = /https?:\/\/[\x21-\x7e]+/.exec(source) ?? []
  if (address === undefined) return source
  // Punctuation after the address belongs to the sentence, and a bracket does that the address does not open.
  const url = address.replace(address.includes('(') ? /[,.;:'"\]>]+$/ : /[),.;:'"\]>]+$/, '')
  const name = source.replace(url, '').replace(/[\s：:，,。.()（）<>]+$/, '')
  return { '@type': 'CreativeWork', name: name || url, url }
}

interface Step {
  name: string
  path: string
}

function trailOf(steps: readonly Step[]): Node {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: [{ name: '首页', path: homeAddress }, ...steps].map(({ name, path }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: plainLine(name),
      item: absolute(path),
    })),
  }
}

/** The steps to a channel and its column; those that this version does not know are left out. */
function sectionSteps(channel: string, column: string): Step[] {
  const known = channelOf(channel)
  const name = known?.columns[column]
  return [
    ...(known ? [{ name: known.label, path: channelAddress(channel) }] : []),
    ...(name ? [{ name, path: channelAddress(channel, column) }] : []),
  ]
}

const graph = (...nodes: Node[]): Node => ({ '@context': 'https://schema.org', '@graph': nodes })

/** A story, and the way to it. */
export function storyData(story: Article, settings: WebSettings): Node {
  const { id, title, teaser, channel, column, cover, tags, corrected, blocks } = story
  const address = absolute(storyAddress(id))
  const sources = sourcesOf(blocks).map(plainLine).filter(Boolean)
  const headline = plainLine(title)
  const steps = sectionSteps(channel, column)
  const picture = cover && pictureAddress(cover.src)
  const news: Node = {
    '@type': 'NewsArticle',
    '@id': address,
    mainEntityOfPage: address,
    headline,
    ...(plainLine(teaser) ? { description: plainLine(teaser) } : {}),
    inLanguage: 'zh-CN',
    ...(cover && picture
      ? {
          image: {
            '@type': 'ImageObject',
            url: picture,
            width: cover.width,
            height: cover.height,
          },
        }
      : { image: pictureAddress(site.picture) }),
    datePublished: isoTime(story.publishedAt),
    dateModified: isoTime(changedAt(story)),
    author: authorsOf(story),
    publisher: publisherOf(settings),
    ...(steps.length > 0 ? { articleSection: steps.map(({ name }) => name) } : {}),
    ...(tags.length > 0 ? { keywords: tags.map(plainLine) } : {}),
    isAccessibleForFree: true,
    ...(sources.length > 0 ? { citation: sources.map(citationOf) } : {}),
    ...(corrected
      ? {
          correction: {
            '@type': 'CorrectionComment',
            text: plainLine(corrected.reason),
            datePublished: isoTime(corrected.at),
          },
        }
      : {}),
  }
  return graph(news, trailOf([...steps, { name: headline, path: storyAddress(id) }]))
}

/** Times of a story as Baidu reads them (ziyuan.baidu.com): Beijing time without a zone. */
export function baiduData({ id, title, teaser, publishedAt, cover, ...story }: Article): Node {
  const address = absolute(storyAddress(id))
  const picture = cover && pictureAddress(cover.src)
  const local = (at: number): string => isoTime(at).slice(0, 19)
  return {
    '@context': 'https://ziyuan.baidu.com/contexts/cambrian.jsonld',
    '@id': address,
    title: plainLine(title),
    ...(picture ? { images: [picture] } : {}),
    description: plainLine(teaser),
    pubDate: local(publishedAt),
    upDate: local(changedAt({ publishedAt, corrected: story.corrected })),
  }
}

/** The site, with its search. */
export function siteData(settings: Pick<WebSettings, 'correctionsPolicy'>): Node {
  return graph(
    {
      '@type': 'WebSite',
      name: site.name,
      url: absolute(homeAddress),
      inLanguage: 'zh-CN',
      potentialAction: {
        '@type': 'SearchAction',
        target: { '@type': 'EntryPoint', urlTemplate: `${absolute(searchAddress)}?q={search_term_string}` },
        'query-input': 'required name=search_term_string',
      },
    },
    publisherOf(settings),
  )
}

export const channelData = (channel: string, column: string): Node =>
  graph(trailOf(sectionSteps(channel, column)))

export const topicData = (id: string, title: string): Node =>
  graph(trailOf([{ name: title, path: topicAddress(id) }]))
