/** `root.cn.[3].v`, `root.cn[3].v` or `list[0]` → its keys. Taro writes the first form, people the others. */
export function keysOf(path: string): string[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(key => key !== '')
}

/** Sets a value deep inside `data` as WeChat's setData does: what is missing on the way is made. */
export function setAt(data: Record<string, unknown>, path: string, value: unknown): void {
  const keys = keysOf(path)
  const last = keys.pop()
  if (last === undefined) throw new TypeError(`setData: "${path}" is not a path`)
  let at = data
  for (const [index, key] of keys.entries()) {
    const next = at[key]
    if (typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>
      continue
    }
    const made = /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}
    at[key] = made
    at = made as unknown as Record<string, unknown>
  }
  at[last] = value
}
