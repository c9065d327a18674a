/** How the web page was entered (`?as=guest`, `?scene=1154`), read once, before the router rewrites the address. */
const parameters = new URLSearchParams(location.search)

export function entryParameter(name: string): string {
  return parameters.get(name) ?? ''
}
