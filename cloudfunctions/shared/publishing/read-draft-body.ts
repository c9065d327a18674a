import * as v from 'valibot'
import type { Block } from '#contract/article'
import { ArticleId } from '#contract/ids'
import type { ParsedBody } from './body/read-body'
import { pictureAddress } from './pictures/own-picture'
import type { PictureRead } from './pictures/read-pictures'
import { labels } from './read-draft'

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

const picturesAtMost = 100

/** The addresses of the pictures that a body shows, as far as they are addresses. */
export const picturesOf = ({ pictures }: ParsedBody): string[] =>
  pictures.filter(address => pictureAddress.test(address)).slice(0, picturesAtMost)

/** Reads a draft's body. `pictures` holds those that picturesOf names. */
export function readDraftBody(body: ParsedBody, pictures: ReadonlyMap<string, PictureRead>): DraftBody {
  const { blocks, problems, reminders, links } = body.toBlocks({
    picture: address => pictures.get(address) ?? null,
    story: id => (v.is(ArticleId, id) ? id : null),
  })
  const note = (line: number, message: string): BodyNote => ({ line, message: `${labels.body}：${message}` })
  const count = body.pictures.length
  const tooMany = count > picturesAtMost ? [note(1, `有 ${count} 张图片，最多 ${picturesAtMost} 张`)] : []
  return {
    blocks,
    // With too many, the others are not read: that they are missing is no further problem.
    problems: tooMany.length > 0 ? tooMany : problems.map(({ place, message }) => note(place.line, message)),
    reminders: reminders.map(({ line, message }) => note(line, message)),
    links: links.map(({ text, address }) => (text === address ? address : `${text} ${address}`)),
  }
}
