import { useCallback, useState } from 'react'
import * as v from 'valibot'
import { fieldsOf, type Model, ShownRow, send } from './api'
import { instantOf, written } from './beijing'
import { Fault } from './Fault'
import { namedValue, type Words } from './field-words'
import { RowEditor } from './RowEditor'
import { Transfer } from './Transfer'
import { useAnswer } from './use-answer'

const pageSize = 20
const Page = v.object({ rows: v.array(ShownRow), total: v.number() })

/** How many of the model's first fields the table shows besides the id. */
const columnsShown = 4

interface Column {
  key: string
  title: string
  isTime: boolean
}

/** `filtered`: a field that is shown too, because the list is filtered by it. */
function columnsOf(model: Model | undefined, rows: readonly ShownRow[], filtered: string): Column[] {
  const id = { key: '_id', title: '_id', isTime: false }
  if (!model) {
    const keys = [...new Set(rows.flatMap(({ text }) => Object.keys(text)))].filter(key => key !== '_id')
    return [id, ...keys.slice(0, columnsShown).map(key => ({ key, title: key, isTime: false }))]
  }
  const fields = fieldsOf(model.properties).filter(([key], index) => index < columnsShown || key === filtered)
  return [id, ...fields.map(([key, { title, format }]) => ({ key, title, isTime: format === 'datetime' }))]
}

function shortly(value: unknown, isTime: boolean): string {
  const instant = isTime ? instantOf(value) : null
  if (instant !== null) return written(instant)
  if (value === undefined || value === null || (isTime && value === 0)) return ''
  const text =
    typeof value === 'string'
      ? value
      : Array.isArray(value) && value.every(one => typeof one === 'string')
        ? value.join('；')
        : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/**
 * A query for one field. Matches text that contains the input, other JSON values that equal it, and spellings of which
 * editors know the Chinese word.
 */
function filterOf(field: string, typed: string, words: Words): string {
  if (typed === '') return ''
  if (field === '') return typed
  let value: unknown = typed
  try {
    value = JSON.parse(typed)
  } catch {
    // Usually the input is text without quotes, which is not JSON.
  }
  const contains = { $regex: String(typed).replace(/[.*+?^${}()|[\]\\]/g, '\\$&') }
  const named = Object.entries(words[field]?.names ?? {}).flatMap(([spelling, word]) =>
    word.includes(typed) ? [spelling] : [],
  )
  const ways = [
    { [field]: contains },
    ...(typeof value === 'string' ? [] : [{ [field]: value }]),
    ...(named.length > 0 ? [{ [field]: { $in: named } }] : []),
  ]
  return JSON.stringify(ways.length === 1 ? ways[0] : { $or: ways })
}

interface RowsProps {
  collections: readonly string[]
  models: Record<string, Model>
  /** The words of fields, by collection. */
  words: Record<string, Words>
}

const noWords: Words = {}

export function Rows({ collections, models, words: allWords }: RowsProps) {
  const [collection, setCollection] = useState(collections[0] ?? '')
  const [field, setField] = useState('_id')
  /** Whether the list of collections has those that only programs write. */
  const [withOthers, setWithOthers] = useState(false)
  const [typed, setTyped] = useState('')
  const [filter, setFilter] = useState('')
  /** The field by which the list is filtered; empty for none. */
  const [filtered, setFiltered] = useState('')
  /** Null: the rows that were saved last come first. */
  const [sort, setSort] = useState<{ key: string; descending: boolean } | null>(null)
  const [skip, setSkip] = useState(0)
  const [open, setOpen] = useState<ShownRow | 'new' | null>(null)
  const model = models[collection]
  const words = allWords[collection] ?? noWords
  const hasModels = Object.keys(models).length > 0
  const listed = collections.filter(name => withOthers || !hasModels || name in models || name === collection)

  const hasModel = model !== undefined
  const ask = useCallback(
    () =>
      send(
        'rows',
        {
          ...{ collection, filter, skip, limit: pageSize },
          ...(sort ? { sort: sort.key, descending: sort.descending } : { sort: hasModel ? null : '_id' }),
        },
        Page,
      ),
    [collection, filter, sort, skip, hasModel],
  )
  const { answer, fault, again } = useAnswer(ask)
  const rows = answer?.rows ?? []
  const total = answer?.total ?? 0
  const columns = columnsOf(model, rows, filtered)
  // The rows of the last page may have been deleted.
  if (skip > 0 && answer && skip >= total) setSkip(Math.max(0, Math.ceil(total / pageSize) - 1) * pageSize)

  if (open) {
    return (
      <RowEditor
        collection={collection}
        model={model}
        words={words}
        row={open === 'new' ? null : open}
        onClose={() => {
          setOpen(null)
          void again()
        }}
      />
    )
  }

  return (
    <>
      <div className="console-bar">
        <label htmlFor="collection">集合</label>
        <select
          id="collection"
          value={collection}
          onChange={event => {
            setCollection(event.target.value)
            setField('_id')
            setTyped('')
            setFilter('')
            setFiltered('')
            setSkip(0)
            setSort(null)
          }}
        >
          {listed.map(name => (
            <option key={name} value={name}>
              {models[name]?.title ?? name}
            </option>
          ))}
        </select>
        <button type="button" className="console-main" onClick={() => setOpen('new')}>
          新增一行
        </button>
        <button type="button" onClick={() => void again()}>
          刷新
        </button>
        {hasModels ? (
          <label className="console-check">
            <input
              type="checkbox"
              checked={withOthers}
              onChange={({ target }) => setWithOthers(target.checked)}
            />
            内部集合
          </label>
        ) : null}
      </div>
      {model?.description ? <p className="console-hint">{model.description}</p> : null}
      <Transfer key={collection} collection={collection} hasModel={hasModel} onWritten={() => void again()} />
      <form
        className="console-bar"
        onSubmit={event => {
          event.preventDefault()
          setSkip(0)
          setFilter(filterOf(field, typed.trim(), words))
          setFiltered(typed.trim() === '' ? '' : field)
        }}
      >
        <label htmlFor="filter-field">筛选</label>
        <select id="filter-field" value={field} onChange={event => setField(event.target.value)}>
          <option value="_id">_id</option>
          {model
            ? fieldsOf(model.properties).map(([key, { title }]) => (
                <option key={key} value={key}>
                  {title}
                </option>
              ))
            : columns.slice(1).map(({ key }) => <option key={key}>{key}</option>)}
          <option value="">查询语句</option>
        </select>
        <input
          aria-label={field === '' ? '查询语句（JSON）' : '包含'}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <button type="submit">筛选</button>
      </form>
      <Fault words={fault} />
      <div className="console-wide">
        <table>
          <thead>
            <tr>
              {columns.map(({ key, title }) => (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sort?.key === key ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    onClick={() => setSort({ key, descending: sort?.key === key && !sort.descending })}
                  >
                    {title}
                    {sort?.key === key ? (sort.descending ? ' ↓' : ' ↑') : ''}
                  </button>
                </th>
              ))}
              <th scope="col">操作</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.mark}>
                {columns.map(({ key, isTime }) => (
                  <td key={key}>{shortly(namedValue(words[key], row.text[key]), isTime)}</td>
                ))}
                <td>
                  <button type="button" onClick={() => setOpen(row)}>
                    打开<span className="console-hidden"> {shortly(row.text._id, false)}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="console-bar">
        <button type="button" disabled={skip === 0} onClick={() => setSkip(Math.max(0, skip - pageSize))}>
          上一页
        </button>
        <span role="status">
          {total === 0 ? '没有行' : `第 ${skip + 1}–${Math.min(skip + pageSize, total)} 行，共 ${total} 行`}
        </span>
        <button type="button" disabled={skip + pageSize >= total} onClick={() => setSkip(skip + pageSize)}>
          下一页
        </button>
      </div>
    </>
  )
}
