import { type ReactNode, useContext, useId } from 'react'
import { entriesOf } from '../../../cloudfunctions/shared/transfer/table-model'
import { fieldsOf, type Model, type Property } from './api'
import { BodyField } from './BodyField'
import { fromInput, instantOf, latestInput, toInput } from './beijing'
import { namedValue, offeredIn, type Words, WordsOfForm } from './field-words'
import { LineField } from './LineField'
import { PictureField } from './PictureField'

/** The form for a data model. Supports only the field types that our models use. */

type Row = Record<string, unknown>
type Change = (value: unknown) => void

/** Our models begin the description of such fields with 系统写的. The real console does not mark them. */
export const isWrittenByUs = ({ description }: Property): boolean => description.startsWith('系统写的')

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Errors for which the real console refuses to save: missing required fields and texts that are too long. */
export function faultsOf(properties: Record<string, Property>, row: Row): string[] {
  return fieldsOf(properties).flatMap(([key, property]) => {
    const value = row[key]
    if (property['x-required'] && isEmpty(value)) return [`${property.title}：必填`]
    const long = typeof value === 'string' && property.maxLength && value.length > property.maxLength
    return long ? [`${property.title}：最多 ${property.maxLength} 个字`] : []
  })
}

interface FieldProps {
  property: Property
  value: unknown
  onChange: Change
  /** Words to choose from; anything else may be typed too. */
  offered?: readonly string[]
}

interface FrameProps {
  id: string
  property: Property
  children: ReactNode
}

function Frame({ id, property, children }: FrameProps) {
  const { title, description } = property
  return (
    <div className="console-field">
      <label htmlFor={id}>
        {title}
        {property['x-required'] ? <span className="console-bad">（必填）</span> : null}
      </label>
      <p className="console-hint" id={`${id}-hint`}>
        {description}
      </p>
      {children}
    </div>
  )
}

function ReadOnly({ property, value }: { property: Property; value: unknown }) {
  if (isEmpty(value)) return null
  const lines = Array.isArray(value) ? value.map(String) : [String(value)]
  const isFault = property.title === '问题'
  // The local cloud serves the site too. Anything else in this field could be a script.
  const isAddress = (line: string) => property.title === '地址' && /^(https?:\/\/|\/(?!\/))/.test(line)
  return (
    <section className={isFault ? 'console-box console-bad' : 'console-box'} aria-label={property.title}>
      <strong>{property.title}</strong>
      <ul>
        {lines.map(line => (
          <li key={line}>
            {isAddress(line) ? (
              <a href={line} target="_blank" rel="noreferrer">
                {line}
              </a>
            ) : (
              line
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function List({ property, value, onChange }: FieldProps) {
  const { title, items } = property
  const written = typeof value === 'string' && items?.type === 'string' ? entriesOf(value, { items }) : value
  const entries: unknown[] = Array.isArray(written) ? written : []
  const set = (index: number, entry: unknown) =>
    onChange(entries.map((one, at) => (at === index ? entry : one)))
  const { properties } = items ?? {}
  return (
    <fieldset>
      <legend>
        {title}
        {property['x-required'] ? <span className="console-bad">（必填）</span> : null}
      </legend>
      <p className="console-hint">{property.description}</p>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other identity than their place
        <div className="console-box" key={index}>
          {properties ? (
            <Fields properties={properties} row={(entry ?? {}) as Row} onChange={next => set(index, next)} />
          ) : (
            <LineField
              aria-label={`${title} ${index + 1}`}
              value={String(entry ?? '')}
              onChange={next => set(index, next)}
            />
          )}
          <button type="button" onClick={() => onChange(entries.filter((_, at) => at !== index))}>
            删去第 {index + 1} 个
          </button>
        </div>
      ))}
      <button type="button" onClick={() => onChange([...entries, properties ? {} : ''])}>
        添加{title}
      </button>
    </fieldset>
  )
}

interface OfferedProps {
  title: string
  value: string
  offered: readonly string[]
  onChange: Change
}

/** Words as buttons that write them into the field. */
function Offered({ title, value, offered, onChange }: OfferedProps) {
  return offered.length > 0 ? (
    <fieldset className="console-plain console-bar console-tools">
      <legend className="console-hidden">{title}可以写</legend>
      {offered.map(word => (
        <button key={word} type="button" aria-pressed={word === value} onClick={() => onChange(word)}>
          {word}
        </button>
      ))}
    </fieldset>
  ) : null
}

function Text({ property, value, onChange, offered = [] }: FieldProps) {
  const id = useId()
  const { format, maxLength = 4_000, type } = property
  const shared = { id, 'aria-describedby': `${id}-hint`, required: property['x-required'] }
  if (format === 'datetime') {
    return (
      <Frame id={id} property={property}>
        <input
          {...shared}
          type="datetime-local"
          step={property.description.includes('准到秒') ? 1 : undefined}
          max={latestInput}
          value={toInput(instantOf(value))}
          onChange={event => onChange(fromInput(event.target.value) ?? undefined)}
        />
        {isEmpty(value) || value === 0 || instantOf(value) !== null ? null : (
          <p className="console-bad">
            这里现在写着“{String(value)}”，不是能看懂的时间：请重新选，或
            <button type="button" onClick={() => onChange(undefined)}>
              清空
            </button>
          </p>
        )}
      </Frame>
    )
  }
  if (type === 'number') {
    return (
      <Frame id={id} property={property}>
        <input
          {...shared}
          type="number"
          value={typeof value === 'number' ? value : ''}
          onChange={event => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
        />
      </Frame>
    )
  }
  const text = typeof value === 'string' ? value : isEmpty(value) ? '' : JSON.stringify(value)
  const set = (event: { target: { value: string } }) => onChange(event.target.value)
  return (
    <Frame id={id} property={property}>
      {format === 'x-image' ? (
        <PictureField shared={shared} property={property} value={text} onChange={onChange} />
      ) : format === 'x-rtf' ? (
        <BodyField shared={shared} value={text} onChange={onChange} />
      ) : maxLength > 120 ? (
        <textarea {...shared} value={text} onChange={set} />
      ) : (
        <LineField {...shared} value={text} onChange={onChange} />
      )}
      <Offered title={property.title} value={text} offered={offered} onChange={onChange} />
    </Frame>
  )
}

interface FieldsProps {
  properties: Record<string, Property>
  row: Row
  onChange: (row: Row) => void
}

function Fields({ properties, row, onChange }: FieldsProps) {
  const words = useContext(WordsOfForm)
  return fieldsOf(properties).map(([key, property]) => {
    const set: Change = value => {
      const { [key]: _, ...others } = row
      onChange(value === undefined ? others : { ...others, [key]: value })
    }
    if (isWrittenByUs(property)) return <ReadOnly key={key} property={property} value={row[key]} />
    if (property.type === 'array') {
      return <List key={key} property={property} value={row[key]} onChange={set} />
    }
    if (property.type === 'object') {
      return (
        <details key={key} className="console-box" open={!isEmpty(row[key])}>
          <summary>
            {property.title}
            <span className="console-hint">　{property.description}</span>
          </summary>
          <Fields
            properties={property.properties ?? {}}
            row={(row[key] ?? {}) as Row}
            onChange={next => set(Object.keys(next).length === 0 ? undefined : next)}
          />
        </details>
      )
    }
    return (
      <Text
        key={key}
        property={property}
        value={namedValue(words[key], row[key])}
        offered={offeredIn(words, key, row)}
        onChange={set}
      />
    )
  })
}

interface ModelFormProps {
  model: Model
  words: Words
  row: Row
  onChange: (row: Row) => void
}

export function ModelForm({ model, words, row, onChange }: ModelFormProps) {
  return (
    <WordsOfForm.Provider value={words}>
      <Fields properties={model.properties} row={row} onChange={onChange} />
    </WordsOfForm.Provider>
  )
}
