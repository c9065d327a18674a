import { Fragment, type ReactNode } from 'react'
import type { Block, Span } from '#contract/article'
import type { ArticleBlockProps, BodyActions } from './ArticleBlock'
import { Figure } from './Figure'
import { StoryLink } from './StoryLink'
import './ArticleBlock.scss'

type Linked = Pick<BodyActions, 'onStory'>

function spanOf(span: Span, onStory: Linked['onStory']): ReactNode {
  if (typeof span === 'string') return span
  const { text, bold, italic, code, sub, sup, story } = span
  let shown: ReactNode = text
  if (sub) shown = <sub className="block-sub">{shown}</sub>
  if (sup) shown = <sup className="block-sup">{shown}</sup>
  const marks = [bold && 'block-bold', italic && 'block-italic', code && 'block-mono']
    .filter(Boolean)
    .join(' ')
  if (story !== undefined && onStory) {
    return (
      <StoryLink id={story} className={marks ? `block-link ${marks}` : 'block-link'} onStory={onStory}>
        {shown}
      </StoryLink>
    )
  }
  if (code) return <code className={marks}>{shown}</code>
  if (bold) return <strong className={marks}>{shown}</strong>
  return italic ? <em className={marks}>{shown}</em> : shown
}

function spans(list: readonly Span[], onStory: Linked['onStory']): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a story's text does not move
  return list.map((span, index) => <Fragment key={index}>{spanOf(span, onStory)}</Fragment>)
}

function List({ items, ordered, start, onStory }: Extract<Block, { type: 'list' }> & Linked) {
  const rows = items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a story's list does not move
    <li key={index} className={index === 0 ? 'block-li block-li--first' : 'block-li'}>
      <span className="block-li-mark" aria-hidden={ordered ? undefined : true}>
        {ordered ? `${(start ?? 1) + index}.` : '·'}
      </span>
      <span className="block-li-text">{spans(item, onStory)}</span>
    </li>
  ))
  return ordered ? <ol start={start}>{rows}</ol> : <ul>{rows}</ul>
}

function Table({ head, rows }: Extract<Block, { type: 'table' }>) {
  return (
    <table className="block-table">
      <thead>
        <tr className="block-tr block-th">
          {head.map((cell, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
            <th key={column} className="block-td" scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
          <tr key={index} className="block-tr">
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
              <td key={column} className="block-td">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Web version of ArticleBlock.tsx with semantic HTML elements, for browsers, reader modes and search engines. */
export function ArticleBlock({ piece, onStory, onPicture }: ArticleBlockProps) {
  if (!('block' in piece)) return null
  const { block } = piece
  switch (block.type) {
    case 'paragraph':
      return <p className="block-p">{spans(block.spans, onStory)}</p>
    case 'heading':
      // An empty heading is a stop for screen readers without words.
      return block.text.trim() ? <h2 className="block-h2">{block.text}</h2> : null
    case 'quote':
      return <blockquote className="block-quote">{spans(block.spans, onStory)}</blockquote>
    case 'list':
      return <List {...block} onStory={onStory} />
    case 'picture':
      return <Figure block={block} onPicture={onPicture} />
    case 'table':
      return <Table {...block} />
    case 'code':
      return <pre className="block-code">{block.text}</pre>
  }
}
