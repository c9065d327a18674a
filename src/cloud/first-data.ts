/** The reply that came with the document, under the key of the query or list that would ask for it; `at` in ms. */
export interface FirstData {
  key: string
  value: unknown
  at: number
}

let first: FirstData | undefined

/** Called by the web build before a page is rendered: on the server for each page, in a browser once. */
export function bringFirstData(data: FirstData | undefined): void {
  first = data
}

/** What came for this key. Whoever brought it has parsed it against the endpoint's contract. */
export function firstData<T>(key: string): { value: T; at: number } | undefined {
  return first?.key === key ? { value: first.value as T, at: first.at } : undefined
}
