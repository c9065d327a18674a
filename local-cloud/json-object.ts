import * as v from 'valibot'

/**
 * A JSON object with all of its fields. Not `v.record`: it accepts a list as an object and silently drops the fields
 * `constructor` and `prototype`, so a query by such a field would match everything.
 */
export const JsonObject = v.custom<Record<string, unknown>>(isJsonObject, 'Expected an object')

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
