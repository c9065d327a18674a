import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { openArticle } from '#contract/article'
import { parseBody } from '../../cloudfunctions/shared/publishing/body/read-body'
import { readDraftBody } from '../../cloudfunctions/shared/publishing/read-draft-body'
import { ask } from '../support/app-cloud'
import { draftRow, type Newsroom, startNewsroom } from '../support/newsroom'
import { standardArticle } from '../support/standard-article'
import type { Figure } from './figure'
import { median } from './load'
import { requestsSince } from './votes-cloud'

const length = 5_000
const rounds = 7

/** A story of 5,000 characters as an editor writes it: the standard story's paragraphs with headings and bold words. */
function body(): string {
  const paragraphs = standardArticle.blocks.flatMap(block =>
    block.type === 'paragraph' ? [block.spans.join('')] : [],
  )
  const parts: string[] = []
  for (let n = 0, written = 0; written < length; n++) {
    const text = paragraphs[n % paragraphs.length] ?? ''
    const part = text.slice(0, length - written)
    if (n % 6 === 0) parts.push(`## 第 ${n / 6 + 1} 节`)
    parts.push(`**${part.slice(0, 4)}**${part.slice(4)}`)
    written += part.length
  }
  return parts.join('\n\n')
}

interface Publication {
  seconds: number
  requests: number
}

/** Publishes a saved row by the clock, and waits until a reader can open the story. */
async function publishOne(newsroom: Newsroom, id: string, text: string): Promise<Publication> {
  const { cloud } = newsroom
  const reader = await cloud.signIn()
  const row = draftRow(id, { status: '待发布', title: `${length} 字的文章 ${id}`, body: text })
  await cloud.control('import', { collection: 'drafts', lines: JSON.stringify(row), upsert: true })
  await cloud.control('reset-counters')
  const begun = performance.now()
  if (!(await newsroom.tick()).ok) throw new Error('the clock failed')
  const requests = await requestsSince(cloud, 'clock')
  const articleId = await newsroom.storyOf(id)
  const opened = await ask(cloud, reader, openArticle, { articleId })
  const seconds = (performance.now() - begun) / 1000
  if (!opened.ok) throw new Error(`not readable: ${opened.error.code}`)
  return { seconds, requests }
}

async function measurePublishing(text: string): Promise<Figure[]> {
  const newsroom = await startNewsroom()
  try {
    // The first tick of a deployment makes the clock's state, and the first call of an instance loads its code.
    await publishOne(newsroom, 'warm', text)
    const done: Publication[] = []
    for (let round = 0; round < rounds; round++) done.push(await publishOne(newsroom, `row-${round}`, text))
    const how = `median of ${rounds}: a row of ${length} characters, saved as 待发布`
    return [
      {
        name: 'publish.seconds',
        value: median(done.map(({ seconds }) => seconds)),
        unit: 's',
        how: `${how}, from the tick's begin until a reader has opened the story`,
      },
      {
        name: 'publish.requests',
        value: median(done.map(({ requests }) => requests)),
        unit: 'requests',
        how: `${how}; all database requests of the tick that publishes it`,
      },
    ]
  } finally {
    await newsroom.cloud.stop()
  }
}

/** How often a second something runs, over at least half a second. */
function rateOf(run: () => unknown): number {
  const begun = performance.now()
  let runs = 0
  do {
    run()
    runs++
  } while (performance.now() - begun < 500)
  return (runs * 1_000) / (performance.now() - begun)
}

function measureConversion(text: string): Figure[] {
  const parse = () => unified().use(remarkParse).parse(text)
  const convert = () => readDraftBody(parseBody(text), new Map())
  if (convert().blocks.length < 30) throw new Error('the story was not converted')
  parse()
  const taken = Array.from({ length: rounds }, () => ({ parse: rateOf(parse), convert: rateOf(convert) }))
  const how = `median of ${rounds} rounds in turn, ${length} characters of Markdown`
  return [
    { name: 'convert.perSecond', value: median(taken.map(({ convert }) => convert)), unit: '/s', how },
    {
      name: 'convert.perSecond / remark.perSecond',
      value: median(taken.map(({ parse, convert }) => convert / parse)),
      unit: '',
      how: `${how}; remark only parses it`,
    },
  ]
}

/** What publishing a story costs. */
export async function measurePublication(): Promise<Figure[]> {
  const text = body()
  return [...(await measurePublishing(text)), ...measureConversion(text)]
}
