import * as v from 'valibot'
import type { Block } from '#contract/article'
import { ArticleId } from '#contract/ids'
import { readBody } from './body/read-body'
import { labels, readPicture } from './read-draft'

/** What an editor reads about the body, and the line of the text. */
export interface BodyNote {
  line: number
  message: string
}

export interface DraftBody {
  blocks: Block[]
  problems: BodyNote[]
  reminders: BodyNote[]
  /** Links to other sites, as they stand in 资料来源. */
  links: string[]
}

/** Reads a draft's body. */
export function readDraftBody(body: string): DraftBody {
  const { blocks, problems, reminders, links } = readBody(body, {
    picture: readPicture,
    story: id => (v.is(ArticleId, id) ? id : null),
  })
  const note = (line: number, message: string): BodyNote => ({ line, message: `${labels.body}：${message}` })
  return {
    blocks,
    problems: problems.map(({ place, message }) => note(place.line, message)),
    reminders: reminders.map(({ line, message }) => note(line, message)),
    links: links.map(({ text, address }) => (text === address ? address : `${text} ${address}`)),
  }
}
