import { createContext } from 'react'
import * as v from 'valibot'

const FieldWords = v.object({
  offered: v.array(v.string()),
  names: v.record(v.string(), v.string()),
  by: v.optional(v.object({ field: v.string(), offered: v.record(v.string(), v.array(v.string())) })),
})
/** The words that a field takes: see ../field-words.ts. */
export type FieldWords = v.InferOutput<typeof FieldWords>
/** By field. */
export type Words = Record<string, FieldWords>
/** By collection and field. */
export const AllWords = v.record(v.string(), v.record(v.string(), FieldWords))

/** The words of the form's fields. */
export const WordsOfForm = createContext<Words>({})

/** A stored value with the word that editors know it by. */
export const namedValue = (words: FieldWords | undefined, value: unknown): unknown =>
  typeof value === 'string' ? (words?.names[value] ?? value) : value

/** The words that a field offers in a row. */
export function offeredIn(words: Words, field: string, row: Readonly<Record<string, unknown>>): string[] {
  const { offered = [], by } = words[field] ?? {}
  if (!by) return offered
  return by.offered[String(namedValue(words[by.field], row[by.field]))] ?? []
}
