import { useRef, useState } from 'react'
import * as v from 'valibot'
import { type Model, messageOf, Refused, ShownRow, send } from './api'
import { FormBoundary } from './FormBoundary'
import type { Words } from './field-words'
import { faultsOf, isWrittenByUs, ModelForm } from './ModelForm'
import { OutlookBox } from './OutlookBox'
import { useOneAtATime } from './one-at-a-time'
import { parsedObject } from './parsed-object'
import { StoryPanel } from './StoryPanel'
import { mayLeave, useUnsaved } from './unsaved'

interface RowEditorProps {
  collection: string
  model: Model | undefined
  words: Words
  /** Null for a new row. */
  row: ShownRow | null
  onClose: () => void
}

type Row = Record<string, unknown>

const Saved = v.object({ id: v.string() })
const Found = v.object({ row: v.nullable(ShownRow) })

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b)

/** Fields that every save and every check of the clock writes: nobody's change. */
const marks: ReadonlySet<string> = new Set(['createdAt', 'updatedAt', 'checked'])

/** The fields that differ between two states of a row. */
const changedFields = (before: Row, after: Row): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    key => !marks.has(key) && differs(before[key], after[key]),
  )

const madeId = (): string => crypto.randomUUID().replaceAll('-', '')

const pretty = (row: Row): string => JSON.stringify(row, null, 2)

/**
 * What is only half written into the form: a date without a time of day, or a number that is none. The browser gives an
 * empty value for it.
 */
const unfinished = (form: HTMLElement | null): string[] =>
  Array.from(form?.querySelectorAll('input') ?? [])
    .filter(({ validity }) => validity.badInput)
    .map(({ labels, type, step }) => {
      const title = labels?.[0]?.textContent?.replace('（必填）', '') ?? ''
      if (type === 'number') return `${title}：写的不是一个数，请改正或清空`
      const clock = step === '1' ? '几点几分几秒' : '几点几分'
      return `${title}：只写了一半，请写上日期和${clock}，或清空`
    })

function shownValue(value: unknown): string {
  const text = value === undefined ? '（空）' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Edits one row, in the form of its model or as JSON. */
export function RowEditor({ collection, model, words, row, onClose }: RowEditorProps) {
  const [stored, setStored] = useState(row)
  const [draft, setDraft] = useState<Row>(row?.text ?? {})
  const [asJson, setAsJson] = useState(!model)
  const [json, setJson] = useState(pretty(row?.text ?? {}))
  const [said, setSaid] = useState<{ good: boolean; lines: string[] } | null>(null)
  const [removing, setRemoving] = useState(false)
  /** Whether somebody else has saved the row since it was read. */
  const [conflict, setConflict] = useState(false)
  /**
   * A new row as it was last sent, with an id made here: if the answer is lost, saving again finds the row instead of
   * adding a second one.
   */
  const [sent, setSent] = useState<Row | null>(null)
  /** Counts the saves and ticks: the answers of the story's panel are about the row before them. */
  const [turn, setTurn] = useState(0)
  /** Counts how often the form was drawn anew, because a field still showed what is only half written. */
  const [drawn, setDrawn] = useState(0)
  const { busy, alone } = useOneAtATime()
  const form = useRef<HTMLFieldSetElement>(null)

  /** The row as entered. If the JSON is invalid or a field is half written, shows an error and returns null. */
  function read(): Row | null {
    if (!asJson) {
      const faults = unfinished(form.current)
      if (faults.length === 0) return draft
      setSaid({ good: false, lines: ['没有保存：', ...faults] })
      return null
    }
    try {
      return parsedObject(json)
    } catch (error) {
      setSaid({ good: false, lines: [messageOf(error)] })
      return null
    }
  }

  function show(toJson: boolean): void {
    const now = read()
    if (!now) return
    setDraft(now)
    setJson(pretty(now))
    setAsJson(toJson)
    setSaid(null)
  }

  async function load(id: string): Promise<void> {
    const { row: found } = await send('row', { collection, id }, Found)
    setStored(found)
    setDraft(found?.text ?? {})
    setJson(pretty(found?.text ?? {}))
    setConflict(false)
    if (unfinished(form.current).length > 0) setDrawn(before => before + 1)
  }

  const titleOf = (key: string) => model?.properties[key]?.title || key
  /** Whether only the clock writes a field, or has written this status. */
  const isOurs = (key: string, now: Row): boolean => {
    const property = model?.properties[key]
    return key === 'status'
      ? String(now.status).startsWith('已')
      : property !== undefined && isWrittenByUs(property)
  }
  /** Whether the form or the text holds something that is not saved. */
  function isChanged(): boolean {
    const before = stored?.text ?? {}
    if (asJson) return json !== pretty(before)
    return changedFields(before, draft).length > 0 || unfinished(form.current).length > 0
  }
  useUnsaved(isChanged)

  /** Reads the row again, and writes into it the fields that the editor has changed. Saves nothing. */
  async function bringTogether(): Promise<string> {
    const faults = asJson ? [] : unfinished(form.current)
    if (faults.length > 0) throw new Error(faults.join('\n'))
    const mine = read()
    if (!stored || !mine) return ''
    const { row: found } = await send('row', { collection, id }, Found)
    if (!found) throw new Error('这一行已经被删除了。请先复制你写的内容')
    const changed = changedFields(stored.text, mine)
    const others = changedFields(stored.text, found.text)
    const next = Object.fromEntries(
      Object.entries({ ...found.text, ...Object.fromEntries(changed.map(key => [key, mine[key]])) }).filter(
        ([, value]) => value !== undefined,
      ),
    )
    setStored(found)
    setDraft(next)
    setJson(pretty(next))
    setConflict(false)
    const both = changed.filter(key => others.includes(key) && differs(mine[key], found.text[key]))
    const lost = both.map(
      key => `“${titleOf(key)}”两个人都改了，这里是你写的；别人写的是：${shownValue(found.text[key])}`,
    )
    const said = (who: string, keys: string[]) =>
      keys.length > 0 ? [`${who}改了：${keys.map(titleOf).join('、')}。`] : []
    return [
      ...said(
        '别人',
        others.filter(key => !isOurs(key, found.text)),
      ),
      ...said(
        '系统',
        others.filter(key => isOurs(key, found.text)),
      ),
      '你改的还在，还没有保存：请看一遍，再按“保存”。',
      ...lost,
    ].join('\n')
  }

  /** `verb`: what the editor is told was not done, if the row has changed since it was read. */
  const doing = (work: () => Promise<string>, verb = '保存'): Promise<void> =>
    alone(async () => {
      setSaid(null)
      setTurn(before => before + 1)
      try {
        setSaid({ good: true, lines: (await work()).split('\n') })
      } catch (error) {
        const isConflict = error instanceof Refused && error.code === 'CONFLICT'
        setConflict(isConflict)
        const next = isConflict ? `，所以没有${verb}。请按下面的按钮：你写的不会丢。` : ''
        setSaid({ good: false, lines: `${messageOf(error)}${next}`.split('\n') })
      }
    })

  async function save(): Promise<void> {
    const now = read()
    if (!now) return
    const faults = model && !asJson ? faultsOf(model.properties, now) : []
    if (faults.length > 0) {
      setSaid({ good: false, lines: ['没有保存：', ...faults] })
      return
    }
    const named = stored || now._id !== undefined ? now : { _id: madeId(), ...now }
    const isMade = named !== now || (sent !== null && sent._id === now._id)
    if (named !== now) {
      setDraft(named)
      setJson(pretty(named))
    }
    await doing(async () => {
      const before = stored || !isMade ? null : sent
      setSent(stored || !isMade ? null : named)
      const mark = stored?.mark ?? null
      try {
        const { id } = await send('save', { collection, row: JSON.stringify(named), mark }, Saved)
        await load(id)
      } catch (error) {
        const id = JSON.stringify(named._id)
        const found = before && (await send('row', { collection, id }, Found)).row
        if (!before || !found) throw error
        if (changedFields(before, named).length > 0) {
          setStored({ text: before, mark: found.mark })
          throw new Refused('CONFLICT', '上一次按“保存”其实存上了，以后改的还没有')
        }
        await load(id)
      }
      return '已保存'
    })
  }

  const id = stored ? JSON.stringify(stored.text._id) : ''
  const rowId = stored ? shownValue(stored.text._id) : ''
  /** The row as editors call it. */
  function nameOf(text: Row): string {
    const name = model ? text[model['x-primary-column']] : undefined
    return typeof name === 'string' && name !== '' ? `《${name}》` : rowId
  }
  return (
    <>
      <h2>
        {model?.title ?? collection}：{stored ? nameOf(stored.text) : '新的一行'}
        {stored && nameOf(stored.text) !== rowId ? <small>　_id {rowId}</small> : null}
      </h2>
      <div className="console-bar">
        <button type="button" disabled={busy} onClick={() => mayLeave() && onClose()}>
          返回列表
        </button>
        {model ? (
          <>
            <button
              type="button"
              disabled={busy}
              aria-pressed={!asJson}
              onClick={() => asJson && show(false)}
            >
              表单
            </button>
            <button type="button" disabled={busy} aria-pressed={asJson} onClick={() => asJson || show(true)}>
              原始数据
            </button>
          </>
        ) : null}
        {stored ? (
          <button
            type="button"
            disabled={busy}
            onClick={() => void doing(async () => load(id).then(() => '已重新读取'))}
          >
            {isChanged() ? '放弃改动，重新读取' : '重新读取'}
          </button>
        ) : null}
      </div>
      {asJson || !model ? (
        <div className="console-field">
          <label htmlFor="row-json">原始数据（JSON）</label>
          <p className="console-hint" id="row-json-hint">
            数据库里的样子，给开发人员看。日期写成 {'{"$date":"2026-11-20T01:30:00Z"}'}。
          </p>
          <textarea
            id="row-json"
            className="console-long"
            aria-describedby="row-json-hint"
            spellCheck={false}
            readOnly={busy}
            value={json}
            onChange={event => setJson(event.target.value)}
          />
        </div>
      ) : (
        <>
          {stored ? null : (
            <div className="console-field">
              <label htmlFor="row-id">_id</label>
              <p className="console-hint" id="row-id-hint">
                可以不写，不写就自动生成。
              </p>
              <input
                id="row-id"
                aria-describedby="row-id-hint"
                disabled={busy}
                value={typeof draft._id === 'string' ? draft._id : ''}
                onChange={event => {
                  const { _id: _, ...others } = draft
                  setDraft(event.target.value === '' ? others : { _id: event.target.value, ...others })
                }}
              />
            </div>
          )}
          {/* What is written while the row is saved or read again would be lost. */}
          <FormBoundary>
            <fieldset key={drawn} className="console-plain" disabled={busy} ref={form}>
              <ModelForm model={model} words={words} row={draft} onChange={setDraft} />
            </fieldset>
            <OutlookBox collection={collection} row={draft} />
          </FormBoundary>
        </>
      )}
      {said ? (
        <div
          className={said.good ? 'console-box console-good' : 'console-box console-bad'}
          role={said.good ? 'status' : 'alert'}
        >
          {said.lines.map(line => (
            <p key={line}>{line}</p>
          ))}
          {conflict ? (
            <button type="button" disabled={busy} onClick={() => void doing(bringTogether)}>
              读最新的，再写上我改的
            </button>
          ) : null}
        </div>
      ) : null}
      <div className="console-bar">
        <button type="button" className="console-main" disabled={busy} onClick={() => void save()}>
          保存
        </button>
        {stored && model ? (
          <button
            type="button"
            disabled={busy}
            onClick={() =>
              void doing(async () => {
                // Reading the row again would drop what is not saved.
                if (isChanged()) throw new Error('还没有保存：请先按“保存”')
                await send('fire', { name: 'clock' }, v.unknown())
                await load(id)
                return '定时任务已运行，这一行已重新读取'
              })
            }
          >
            马上运行定时任务
          </button>
        ) : null}
        {stored && !removing ? (
          <button type="button" disabled={busy} onClick={() => setRemoving(true)}>
            删除这一行
          </button>
        ) : null}
        {stored && removing ? (
          <>
            <span>
              {`删除以后找不回来。${collection === 'drafts' ? '已经发布的文章不会跟着消失：要撤下来，先写 待撤回。' : ''}`}
            </span>
            <button
              type="button"
              disabled={busy}
              onClick={() =>
                void doing(async () => {
                  await send('remove', { collection, id, mark: stored.mark }, v.object({}))
                  onClose()
                  return '已删除'
                }, '删除')
              }
            >
              确实删除
            </button>
            <button type="button" disabled={busy} onClick={() => setRemoving(false)}>
              不删
            </button>
          </>
        ) : null}
      </div>
      {stored && collection === 'drafts' && !asJson ? (
        <StoryPanel
          key={turn}
          onRun={() => conflict || setSaid(null)}
          draft={String(stored.text._id)}
          version={typeof stored.text.version === 'number' ? stored.text.version : 0}
          isChanged={isChanged}
          onRestored={() => load(id)}
        />
      ) : null}
    </>
  )
}
