import { Image, Text, View } from '@tarojs/components'
import type { Block, Span } from '#contract/article'
import { pictureUrl } from '#platform/picture'
import './ArticleBlock.scss'

interface SpansProps {
  spans: Span[]
  className: string
  onStory: ((id: string) => void) | undefined
}

/** Marked text. Unmarked stretches stay bare text nodes, which is most of them. */
function Spans({ spans, className, onStory }: SpansProps) {
  return (
    <Text className={className} userSelect>
      {spans.map((span, index) => {
        if (typeof span === 'string') return span
        const { text, bold, italic, code, story } = span
        const marks = `${bold ? ' bold' : ''}${italic ? ' italic' : ''}${code ? ' code' : ''}`
        return story !== undefined && onStory ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story's text does not move
          <Text key={index} className={`link${marks}`} aria-role="link" onClick={() => onStory(story)}>
            {text}
          </Text>
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

interface Props {
  block: Block
  /** Opens another story; absent in single-page mode, where links are plain text. */
  onStory: ((id: string) => void) | undefined
  onPicture: (src: string) => void
}

/** One block of a story's body. */
export function ArticleBlock({ block, onStory, onPicture }: Props) {
  switch (block.type) {
    case 'paragraph':
      return <Spans className="p" spans={block.spans} onStory={onStory} />
    case 'heading':
      return (
        <Text className="h2" userSelect aria-role="heading">
          {block.text}
        </Text>
      )
    case 'quote':
      return <Spans className="quote" spans={block.spans} onStory={onStory} />
    case 'list':
      return (
        <View className="list">
          {block.items.map((item, index) => (
            <View
              // biome-ignore lint/suspicious/noArrayIndexKey: a story's list does not move
              key={index}
              className="li"
            >
              <Text className="li-mark">{block.ordered ? `${index + 1}.` : '·'}</Text>
              <Spans className="li-text" spans={item} onStory={onStory} />
            </View>
          ))}
        </View>
      )
    case 'picture':
      return (
        <View className="figure">
          <Image
            className="picture"
            // The height is kept before the picture comes, so nothing jumps.
            style={`height:calc((100vw - 40px) * ${(block.height / block.width).toFixed(4)})`}
            src={pictureUrl(block.src)}
            mode="aspectFill"
            lazyLoad
            aria-label={block.alt}
            onClick={() => onPicture(block.src)}
          />
          {block.caption || block.credit ? (
            <Text className="caption">
              {[block.caption, block.credit ? `图：${block.credit}` : ''].filter(Boolean).join('　')}
            </Text>
          ) : null}
        </View>
      )
    case 'table':
      return (
        <View className="table">
          {[block.head, ...block.rows].map((row, index) => (
            <View
              // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
              key={index}
              className={index === 0 ? 'tr th' : 'tr'}
            >
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a story's table does not move
                <Text key={column} className="td">
                  {cell}
                </Text>
              ))}
            </View>
          ))}
        </View>
      )
    case 'code':
      return (
        <Text className="code-block" userSelect>
          {block.text}
        </Text>
      )
  }
}
