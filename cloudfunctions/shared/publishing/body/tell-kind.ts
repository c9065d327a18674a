/** How a body is written. Plain text with blank lines is Markdown without marks. */
export type BodyKind = 'markdown' | 'html'

const blockTag =
  /<\/?(?:p|div|section|article|h[1-6]|ul|ol|li|table|tr|td|blockquote|figure|pre|html|body|br|o:p)(?:\s[^>]{0,4000})?\/?>/i
/** Lines that only Markdown has. */
const markdownLine = /^(?:#{1,6} ?\S|> |[-*+] \S|\d{1,3}[.)] \S|```|!\[[^\]\n]{0,300}\]\(|\|.*\|$)/
const markdownInline = /\*\*[^*\n]{1,500}\*\*|\[[^\]\n]{1,300}\]\([^)\n]{1,2000}\)/

/**
 * Tells HTML from Markdown. Markdown may hold some HTML, so HTML is only what has block elements, begins with a tag and
 * has no line that Markdown alone has. A mistake is safe: Markdown's HTML is read by the same rules.
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
