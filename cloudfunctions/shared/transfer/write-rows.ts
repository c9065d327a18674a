import { safeCell, writeCell } from './cells'
import { writtenValue } from './plain-value'
import { personal, type Row } from './read-rows'
import { orderedFields, type TableModel } from './table-model'

export type FileFormat = 'csv' | 'jsonl'

const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/**
 * Makes a writer of rows as an import reads them. CSV has the model's fields under their Chinese titles, and begins with
 * a byte order mark, without which Excel takes it for GBK.
 */
export function rowWriter(
  format: FileFormat,
  model: TableModel | null,
  now: number,
): { head: string; line: (row: Row) => string } {
  if (format === 'jsonl' || model === null) {
    const shown = (row: Row) => Object.fromEntries(Object.entries(row).filter(([key]) => !personal.has(key)))
    return { head: '', line: row => `${JSON.stringify(writtenValue(shown(row)))}\n` }
  }
  const fields = orderedFields(model)
  const line = (cells: string[]) => `${cells.map(quoted).join(',')}\r\n`
  return {
    head: `\uFEFF${line(['_id', ...fields.map(([key, { title }]) => title ?? key)])}`,
    line: row =>
      line([
        safeCell(String(row._id)),
        ...fields.map(([key, field]) => {
          const cell = writeCell(row[key], field, now)
          return field.type === 'number' ? cell : safeCell(cell)
        }),
      ]),
  }
}
