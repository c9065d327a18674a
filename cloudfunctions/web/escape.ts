/** The only place of this function that writes text into HTML: one function for each context it may stand in. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text between tags, and the value of an attribute in double quotes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '')
}

/**
 * A value as JSON within a `<script type="application/json">`. There nothing ends the element but `</script`, and
 * nothing hides its end but `<!--`: both begin with `<`, which JSON can write otherwise.
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c')
}
