import { RichText, Text, View } from '@tarojs/components'
import type { Block, Span } from '#contract/article'
import type { Piece } from './body-pieces'
import { Figure } from './Figure'
import { StoryLink } from './StoryLink'
import type { PictureBlock } from './use-body'
import './ArticleBlock.scss'

/** Actions in a body. Opening another story is absent in single-page mode, where links are plain text. */
export interface BodyActions {
  onStory: ((id: string) => void) | undefined
  onPicture: (block: PictureBlock) => void
}

interface SpansProps extends Pick<BodyActions, 'onStory'> {
  spans: Span[]
  className: string
}

/** Text with marks. Most text has none and stays a bare text node. */
function Spans({ spans, className, onStory }: SpansProps) {
  return (
    <Text className={className} userSelect>
      {spans.map((span, index) => {
        if (typeof span === 'string') return span
        const { text, bold, italic, code, sub, sup, story } = span
        const marks = `${bold ? ' block-bold' : ''}${italic ? ' block-italic' : ''}${code ? ' block-mono' : ''}${sub ? ' block-sub' : ''}${sup ? ' block-sup' : ''}`
        return story !== undefined && onStory ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's text does not move
          <StoryLink key={index} id={story} className={`block-link${marks}`} onStory={onStory}>
            {text}
          </StoryLink>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's text does not move
          <Text key={index} className={marks.trim()}>
            {text}
          </Text>
        )
      })}
    </Text>
  )
}

function Table({ head, rows }: Extract<Block, { type: 'table' }>) {
  return (
    <View className="block-table" aria-role="table">
      {[head, ...rows].map((row, index) => (
        <View
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
          key={index}
          className={index === 0 ? 'block-tr block-th' : 'block-tr'}
          aria-role="row"
        >
          {row.map((cell, column) => (
            <Text
              // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
              key={column}
              className="block-td"
              userSelect
              aria-role={index === 0 ? 'columnheader' : 'cell'}
            >
              {cell}
            </Text>
          ))}
        </View>
      ))}
    </View>
  )
}

export interface ArticleBlockProps extends BodyActions {
  piece: Piece
}

/** One block of a story's body, or a rich text that contains several. */
export function ArticleBlock({ piece, onStory, onPicture }: ArticleBlockProps) {
  if (!('block' in piece)) return <RichText className="block-rich" nodes={piece.html} userSelect />
  const { block } = piece
  switch (block.type) {
    case 'paragraph':
      return <Spans className="block-p" spans={block.spans} onStory={onStory} />
    case 'heading':
      return (
        <Text className="block-h2" userSelect aria-role="heading">
          {block.text}
        </Text>
      )
    case 'quote':
      return <Spans className="block-quote" spans={block.spans} onStory={onStory} />
    case 'list':
      // Items are direct children of the body: this saves one level of nesting.
      return (
        <>
          {block.items.map((item, index) => (
            <View
              // biome-ignore lint/suspicious/noArrayIndexKey: a story's list does not move
              key={index}
              className={index === 0 ? 'block-li block-li--first' : 'block-li'}
            >
              <Text className="block-li-mark">{block.ordered ? `${(block.start ?? 1) + index}.` : '·'}</Text>
              <Spans className="block-li-text" spans={item} onStory={onStory} />
            </View>
          ))}
        </>
      )
    case 'picture':
      return <Figure block={block} onPicture={onPicture} />
    case 'table':
      return <Table {...block} />
    case 'code':
      return (
        <Text className="block-code" userSelect>
          {block.text}
        </Text>
      )
  }
}
