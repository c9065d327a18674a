/** Splits a path of setData into keys: `root.cn.[3].v` (as Taro writes it), `root.cn[3].v` or `list[0]`. */
export function keysOf(path: string): string[] {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(key => key !== '')
}

/** Sets a nested value as WeChat's setData does. Creates the missing objects and arrays on the path. */
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
