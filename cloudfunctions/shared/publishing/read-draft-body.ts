import * as v from 'valibot'
import type { Block } from '#contract/article'
import { ArticleId } from '#contract/ids'
import { readBody } from './body/read-body'
import { readPicture } from './read-draft'

export interface DraftBody {
  blocks: Block[]
  problems: string[]
  reminders: string[]
  /** Links to other sites, as they stand in 资料来源. */
  links: string[]
}

/** Reads a draft's body. Problems and reminders are what its editor reads. */
export function readDraftBody(body: string): DraftBody {
  const { blocks, problems, reminders, links } = readBody(body, {
    picture: readPicture,
    story: id => (v.is(ArticleId, id) ? id : null),
  })
  return {
    blocks,
    problems: problems.map(({ message }) => `正文：${message}`),
    reminders: reminders.map(({ message }) => `正文：${message}`),
    links: links.map(({ text, address }) => (text === address ? address : `${text} ${address}`)),
  }
}
