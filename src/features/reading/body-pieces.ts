import type { Block, Span } from '#contract/article'
import { weightOf } from './fold-at'

/** A piece of a body: a single block or, in very long stories, one rich text that contains many blocks. */
export type Piece = { block: Block } | { html: string; blocks: number; size: number }

/** WeChat pages become slow beyond 1,000 nodes; the rest of the page needs the difference. */
const nodesAtMost = 800
/**
 * A link inside a rich text cannot open a story, so a block with such a link stays a single block up to this number of
 * nodes.
 */
const linkedAtMost = 900
/** Limits of one update: blocks, and characters (WeChat refuses updates over 256 KB). */
export const batchBlocks = 60
const batchSize = 20_000

function nodesOf(block: Block): number {
  const spans = (list: readonly Span[]) =>
    list.reduce((sum, span) => sum + (typeof span === 'string' ? 1 : 2), 1)
  switch (block.type) {
    case 'paragraph':
    case 'quote':
      return spans(block.spans)
    case 'list':
      return block.items.reduce((sum, item) => sum + 3 + spans(item), 0)
    case 'table':
      return 1 + (block.rows.length + 1) * (1 + 2 * block.head.length)
    case 'picture':
      return 4
    case 'heading':
    case 'code':
      return 2
  }
}

/**
 * What a single block adds to an update, in characters. Each node adds about 100 bytes; in a table, they are more than
 * the text.
 */
function sizeOf(block: Block): number {
  const { alt = '', caption = '', credit = '' } = block.type === 'picture' ? block : {}
  return Math.max(weightOf(block), nodesOf(block) * 30, alt.length + caption.length + credit.length)
}

function links(block: Block): boolean {
  const linked = (spans: readonly Span[]) =>
    spans.some(span => typeof span !== 'string' && span.story !== undefined)
  if (block.type === 'list') return block.items.some(linked)
  return (block.type === 'paragraph' || block.type === 'quote') && linked(block.spans)
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, character => entities[character] ?? '')
/** WeChat's rich text shows a line break only for `<br>`. */
const linesOf = (text: string): string => escaped(text).replace(/\n/g, '<br>')

function spansHtml(spans: readonly Span[]): string {
  return spans
    .map(span => {
      if (typeof span === 'string') return linesOf(span)
      const { text, bold, italic, code, sub, sup } = span
      let html = linesOf(text)
      if (code) html = `<code>${html}</code>`
      if (sub) html = `<sub>${html}</sub>`
      if (sup) html = `<sup>${html}</sup>`
      if (italic) html = `<i>${html}</i>`
      if (bold) html = `<b>${html}</b>`
      return html
    })
    .join('')
}

/** A text block as HTML for a rich text; links become plain text. Null for a block that must stay single. */
function htmlOf(block: Block): string | null {
  switch (block.type) {
    case 'paragraph':
      return `<p class="block-p">${spansHtml(block.spans)}</p>`
    case 'quote':
      return `<div class="block-quote">${spansHtml(block.spans)}</div>`
    case 'heading':
      return `<h2 class="block-h2">${linesOf(block.text)}</h2>`
    case 'code':
      return `<div class="block-code">${linesOf(block.text)}</div>`
    case 'list':
      return block.items
        .map(
          (item, index) =>
            `<p class="block-p">${block.ordered ? `${(block.start ?? 1) + index}.` : '·'} ${spansHtml(item)}</p>`,
        )
        .join('')
    default:
      return null
  }
}

/**
 * Cuts a body into pieces: single blocks up to `nodesAtMost`, then text blocks joined into rich texts. The two lists
 * are the pieces before and behind the fold at `foldedAt`; no piece crosses it.
 */
export function piecesOf(blocks: readonly Block[], foldedAt = blocks.length): [Piece[], Piece[]] {
  const front: Piece[] = []
  const back: Piece[] = []
  let nodes = 0
  let open: { html: string; blocks: number; size: number } | undefined
  for (const [index, block] of blocks.entries()) {
    const pieces = index < foldedAt ? front : back
    if (index === foldedAt) open = undefined
    const more = nodesOf(block)
    const html = nodes + more > (links(block) ? linkedAtMost : nodesAtMost) ? htmlOf(block) : null
    if (html === null) {
      nodes += more
      open = undefined
      pieces.push({ block })
      continue
    }
    if (!open || open.blocks >= batchBlocks || open.size + html.length > batchSize) {
      open = { html: '', blocks: 0, size: 0 }
      pieces.push(open)
    }
    open.html += html
    open.blocks += 1
    open.size += html.length
  }
  return [front, back]
}

/**
 * Groups pieces into updates: the first, with the headline, has `first` pieces at most; then batches that each fit into
 * one update.
 */
export function batchesOf(pieces: readonly Piece[], first: number): Piece[][] {
  const batches: Piece[][] = []
  let batch: Piece[] = []
  let blocks = 0
  let size = 0
  for (const [index, piece] of pieces.entries()) {
    const more = 'block' in piece ? 1 : piece.blocks
    const longer = 'block' in piece ? sizeOf(piece.block) : piece.size
    const isFull = blocks + more > batchBlocks || size + longer > batchSize
    const isFirst = first > 0 && batches.length === 0
    if (batch.length > 0 && (isFull || (isFirst && index >= first))) {
      batches.push(batch)
      batch = []
      blocks = 0
      size = 0
    }
    batch.push(piece)
    blocks += more
    size += longer
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
