import * as v from 'valibot'

/** The parts of a data model (rules/models) that import and export use. */

interface FieldShape {
  type: string
  format?: string | undefined
  title?: string | undefined
  description?: string | undefined
  'x-index'?: number | undefined
  items?: { type: string; maxLength?: number | undefined } | undefined
}

const Field: v.GenericSchema<unknown, FieldShape> = v.object({
  type: v.string(),
  format: v.optional(v.string()),
  title: v.optional(v.string()),
  description: v.optional(v.string()),
  'x-index': v.optional(v.number()),
  items: v.optional(v.object({ type: v.string(), maxLength: v.optional(v.number()) })),
})
export type TableField = FieldShape

export const TableModel = v.object({ title: v.string(), properties: v.record(v.string(), Field) })
export type TableModel = v.InferOutput<typeof TableModel>

/** The fields in the order of the form. */
export const orderedFields = ({ properties }: TableModel): [string, TableField][] =>
  Object.entries(properties).sort(([, a], [, b]) => (a['x-index'] ?? 0) - (b['x-index'] ?? 0))

/** A field that is in no form: publishing notes there which text it has checked. */
const unlisted: ReadonlySet<string> = new Set(['checked'])

/** Whether programs alone write a field: our models begin the descriptions of such fields with 系统写的. */
export const isWrittenByUs = ({ properties }: TableModel, key: string): boolean =>
  unlisted.has(key) || properties[key]?.description?.startsWith('系统写的') === true

/**
 * How a list stands in one cell. Short words are separated by 、 and the like, sentences by line breaks: they hold commas
 * themselves.
 */
export const isListOfWords = ({ items }: Pick<TableField, 'items'>): boolean =>
  (items?.maxLength ?? Number.POSITIVE_INFINITY) <= 20

const betweenWords = /[、，,；;\s]+/u

/** The entries of a list that is written as one text, as publishing reads it. */
export const entriesOf = (text: string, field: Pick<TableField, 'items'>): string[] =>
  text
    .split(isListOfWords(field) ? betweenWords : /\n+/u)
    .map(one => one.trim())
    .filter(Boolean)
