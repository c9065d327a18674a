import * as v from 'valibot'
import type { Block } from '#contract/article'
import { ArticleId } from '#contract/ids'
import type { ParsedBody } from './body/read-body'
import type { LinkedStory } from './linked-stories'
import { ownSite } from './name-of-story'
import { pictureAddress } from './pictures/own-picture'
import type { PictureRead } from './pictures/read-pictures'
import { labels } from './read-draft'

/** A Chinese message to the editor about the body, and the line it refers to (from 1). */
export interface BodyNote {
  line: number
  message: string
}

export interface DraftBody {
  blocks: Block[]
  problems: BodyNote[]
  reminders: BodyNote[]
  /** Links to other sites, as written in 资料来源. */
  links: string[]
}

const picturesAtMost = 100

/** Addresses of the body's pictures. Omits malformed ones and those beyond the limit. */
export const picturesOf = ({ pictures }: ParsedBody): string[] =>
  pictures.filter(address => pictureAddress.test(address)).slice(0, picturesAtMost)

/**
 * Converts a draft's body to blocks. `pictures` holds the pictures that `picturesOf` returned, `stories` what the links
 * name; without it, every id of a story is taken as it is.
 */
export function readDraftBody(
  body: ParsedBody,
  pictures: ReadonlyMap<string, PictureRead>,
  stories?: ReadonlyMap<string, LinkedStory | null>,
): DraftBody {
  const { blocks, problems, reminders, links } = body.toBlocks({
    picture: address => pictures.get(address) ?? null,
    site: ownSite,
    story: name => (stories ? (stories.get(name)?.id ?? null) : v.is(ArticleId, name) ? name : null),
  })
  const note = (line: number, message: string): BodyNote => ({ line, message: `${labels.body}：${message}` })
  const lost = [...(stories ?? [])].flatMap(([name, story]) =>
    story?.isLost ? [note(1, `链接指向的文章读者现在看不到，请核对：${name.slice(0, 100)}`)] : [],
  )
  const isBare = problems.length === 0 && blocks.every(({ type }) => type === 'heading')
  const bare = isBare ? [note(1, '只有小标题，没有正文，请写上')] : []
  const count = body.pictures.length
  const tooMany = count > picturesAtMost ? [note(1, `有 ${count} 张图片，最多 ${picturesAtMost} 张`)] : []
  return {
    blocks,
    // Pictures beyond the limit were not opened, so their "not found" problems would be wrong.
    problems:
      tooMany.length > 0
        ? tooMany
        : [...bare, ...problems.map(({ place, message }) => note(place.line, message))],
    reminders: [...reminders.map(({ line, message }) => note(line, message)), ...lost],
    links: links.map(({ text, address }) => (text === address ? address : `${text} ${address}`)),
  }
}
