/** Format of a body. Plain text with blank lines counts as Markdown. */
export type BodyKind = 'markdown' | 'html'

const blockTag =
  /<\/?(?:p|div|section|article|h[1-6]|ul|ol|li|table|tr|td|blockquote|figure|pre|html|body|br|o:p)(?:\s[^>]{0,4000})?\/?>/i
/** Matches lines that occur only in Markdown. */
const markdownLine = /^(?:#{1,6} ?\S|> |[-*+] \S|\d{1,3}[.)] \S|```|!\[[^\]\n]{0,300}\]\(|\|.*\|$)/
const markdownInline = /\*\*[^*\n]{1,500}\*\*|\[[^\]\n]{1,300}\]\([^)\n]{1,2000}\)/

/**
 * Tells HTML from Markdown. Markdown may contain some HTML, so a text counts as HTML only if it has block elements and
 * no Markdown syntax, or if every line begins with a tag. A wrong guess is safe: HTML inside Markdown is parsed by the
 * same rules.
 */
export function tellKind(text: string): BodyKind {
  const start = text.trimStart()
  if (/^<(?:!doctype|html|\?xml|!--\[if|!--StartFragment)/i.test(start)) return 'html'
  if (!blockTag.test(text)) return 'markdown'
  const lines = text.split('\n').map(line => line.trim())
  if (lines.some(line => markdownLine.test(line) || markdownInline.test(line))) {
    return /^<[a-z]/i.test(start) && lines.every(line => line === '' || line.startsWith('<'))
      ? 'html'
      : 'markdown'
  }
  return 'html'
}
