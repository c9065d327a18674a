/** The form of a reply without its values: what an old client relies on. A list has each form of its elements once. */
export type Shape = string | { [key: string]: Shape } | Shape[]

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) {
    const forms = new Map(value.map(shapeOf).map(shape => [JSON.stringify(shape), shape]))
    return [...forms.values()]
  }
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
}

/**
 * The paths at which a reply lacks what a recorded one had, or has another kind of value there. What it has besides is no
 * difference. A list must have an element of each recorded form.
 */
export function missingFrom(value: unknown, shape: Shape, path = 'reply'): string[] {
  const isList = Array.isArray(value)
  if (Array.isArray(shape)) {
    if (!isList) return [path]
    return shape.flatMap((form, at) => {
      const differences = value.map(one => missingFrom(one, form, `${path}[${at}]`))
      return differences.sort((a, b) => a.length - b.length)[0] ?? [`${path}[${at}]`]
    })
  }
  if (typeof shape === 'string') return shapeOf(value) === shape ? [] : [path]
  if (typeof value !== 'object' || value === null || isList) return [path]
  const fields = new Map(Object.entries(value))
  return Object.entries(shape).flatMap(([key, one]) => missingFrom(fields.get(key), one, `${path}.${key}`))
}
