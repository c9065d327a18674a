/** Format of a body. Plain text with blank lines counts as Markdown. */
export type BodyKind = 'markdown' | 'html'

/** A `<br>` alone does not make HTML: editors write it within Markdown. */
const blockTag =
  /<\/?(?:p|div|section|article|h[1-6]|ul|ol|li|table|tr|td|blockquote|figure|pre|html|body|o:p)(?:\s[^<>]{0,4000})?\/?>/i
/** Matches lines that occur only in Markdown. */
const markdownLine = /^(?:#{1,6} ?\S|> |[-*+] \S|\d{1,3}[.)] \S|```|!\[[^\]\n]{0,300}\]\(|\|.*\|$)/
const markdownInline = /\*\*[^*\n]{1,500}\*\*|\[[^[\]\n]{1,300}\]\([^)\n]{1,2000}\)/

/** Whether some line holds what only Markdown means. */
export const isMarkdown = (lines: readonly string[]): boolean =>
  lines.some(line => markdownLine.test(line) || markdownInline.test(line))

/** Tags of elements that only HTML has; those of `inlineTags` in to-blocks.ts also occur in Markdown. */
const htmlTag =
  /<(\/?)(p|div|section|article|header|footer|main|aside|nav|center|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|blockquote|figure|pre|html|body|span|font|script|style|svg)(?:\s[^<>]{0,4000})?>/gi

/** Stands for an HTML element. */
const element = '\uFFFC'

/** The text outside of HTML elements. An element that is not closed includes the rest. */
function textOutside(text: string): string {
  const open: string[] = []
  const counts = new Map<string, number>()
  const close = (): void => {
    const name = open.pop() ?? ''
    counts.set(name, (counts.get(name) ?? 0) - 1)
  }
  let outside = ''
  let from = 0
  for (const { 0: tag, 1: slash, 2: written = '', index } of text.matchAll(htmlTag)) {
    const name = written.toLowerCase()
    if (open.length === 0) outside += text.slice(from, index) + element
    from = index + tag.length
    if (!slash) {
      if (open.at(-1) === 'p' && !/^(?:span|font|script|style|svg)$/.test(name)) close()
      if (tag.endsWith('/>')) continue
      open.push(name)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    } else if (counts.get(name)) {
      while (open.at(-1) !== name) close()
      close()
    }
  }
  return open.length === 0 ? outside + text.slice(from) : outside
}

/** The text without what stands between `<pre>` and `</pre>`: lines of a program may look like Markdown. */
function withoutCode(text: string): string {
  const [first = '', ...parts] = text.split(/<pre(?=[\s>])/i)
  return first + parts.map(part => part.slice(Math.max(0, part.search(/<\/pre\s*>/i)))).join('')
}

/** Whether blank lines divide text that is in no HTML element. HTML would join such paragraphs. */
function hasOwnParagraphs(text: string): boolean {
  const parts = textOutside(text).split(/\n[^\S\n]*\n/)
  const written = parts.map(part => part.replace(/<!--[^>]*-->/g, '').trim()).filter(part => part !== '')
  return written.length > 1 && written.some(part => part.replaceAll(element, '').trim() !== '')
}

/**
 * Tells HTML from Markdown. Markdown may contain some HTML, so a text counts as HTML only if it has block elements and
 * no Markdown syntax, or if every line begins with a tag. Paragraphs outside of all elements make it Markdown.
 */
export function tellKind(text: string): BodyKind {
  const start = text.trimStart()
  if (/^<(?:!doctype|html|\?xml|!--\[if|!--StartFragment)/i.test(start)) return 'html'
  if (!blockTag.test(text)) return 'markdown'
  const lines = withoutCode(text)
    .split('\n')
    .map(line => line.trim())
  if (isMarkdown(lines)) {
    return /^<[a-z]/i.test(start) && lines.every(line => line === '' || line.startsWith('<'))
      ? 'html'
      : 'markdown'
  }
  return hasOwnParagraphs(text) ? 'markdown' : 'html'
}
