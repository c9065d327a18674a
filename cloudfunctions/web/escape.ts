/** The only module of this function that writes text into HTML and XML, with one function for each context. */

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
 * A value as JSON within a `<script type="application/json">`. Only `</script` ends that element, and only `<!--` can
 * hide its end. Both begin with `<`, which JSON can write as an escape.
 */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c')
}
