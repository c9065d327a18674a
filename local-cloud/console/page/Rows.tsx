import { useCallback, useState } from 'react'
import * as v from 'valibot'
import { fieldsOf, type Model, ShownRow, send } from './api'
import { instantOf, written } from './beijing'
import { Fault } from './Fault'
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

function columnsOf(model: Model | undefined, rows: readonly ShownRow[]): Column[] {
  const id = { key: '_id', title: '_id', isTime: false }
  if (!model) {
    const keys = [...new Set(rows.flatMap(({ text }) => Object.keys(text)))].filter(key => key !== '_id')
    return [id, ...keys.slice(0, columnsShown).map(key => ({ key, title: key, isTime: false }))]
  }
  const fields = fieldsOf(model.properties).slice(0, columnsShown)
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

/** A query for one field. Matches text that contains the input, and other JSON values that equal it. */
function filterOf(field: string, typed: string): string {
  if (typed === '') return ''
  if (field === '') return typed
  let value: unknown = typed
  try {
    value = JSON.parse(typed)
  } catch {
    // Usually the input is text without quotes, which is not JSON.
  }
  const contains = { $regex: String(typed).replace(/[.*+?^${}()|[\]\\]/g, '\\$&') }
  const query =
    typeof value === 'string' ? { [field]: contains } : { $or: [{ [field]: value }, { [field]: contains }] }
  return JSON.stringify(query)
}

interface RowsProps {
  collections: readonly string[]
  models: Record<string, Model>
}

export function Rows({ collections, models }: RowsProps) {
  const [collection, setCollection] = useState(collections[0] ?? '')
  const [field, setField] = useState('_id')
  const [typed, setTyped] = useState('')
  const [filter, setFilter] = useState('')
  const [sort, setSort] = useState({ key: '_id', descending: false })
  const [skip, setSkip] = useState(0)
  const [open, setOpen] = useState<ShownRow | 'new' | null>(null)
  const model = models[collection]

  const ask = useCallback(
    () =>
      send(
        'rows',
        { collection, filter, sort: sort.key, descending: sort.descending, skip, limit: pageSize },
        Page,
      ),
    [collection, filter, sort, skip],
  )
  const { answer, fault, again } = useAnswer(ask)
  const rows = answer?.rows ?? []
  const total = answer?.total ?? 0
  const columns = columnsOf(model, rows)

  if (open) {
    return (
      <RowEditor
        collection={collection}
        model={model}
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
            setSkip(0)
            setSort({ key: '_id', descending: false })
          }}
        >
          {collections.map(name => (
            <option key={name} value={name}>
              {models[name] ? `${models[name].title}（${name}）` : name}
            </option>
          ))}
        </select>
        <button type="button" className="console-main" onClick={() => setOpen('new')}>
          新增一行
        </button>
        <button type="button" onClick={() => void again()}>
          刷新
        </button>
      </div>
      {model?.description ? <p className="console-hint">{model.description}</p> : null}
      <Transfer
        key={collection}
        collection={collection}
        hasModel={model !== undefined}
        onWritten={() => void again()}
      />
      <form
        className="console-bar"
        onSubmit={event => {
          event.preventDefault()
          setSkip(0)
          setFilter(filterOf(field, typed.trim()))
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
                  aria-sort={sort.key === key ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    onClick={() => setSort({ key, descending: sort.key === key && !sort.descending })}
                  >
                    {title}
                    {sort.key === key ? (sort.descending ? ' ↓' : ' ↑') : ''}
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
                  <td key={key}>{shortly(row.text[key], isTime)}</td>
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
