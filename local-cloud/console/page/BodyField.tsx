import { type ClipboardEvent, useRef, useState } from 'react'
import * as v from 'valibot'
import { messageOf, send, upload } from './api'
import { Fault } from './Fault'
import { FileButton } from './FileButton'

interface BodyFieldProps {
  shared: object
  value: string
  onChange: (value: string) => void
}

const Converted = v.object({ markdown: v.string() })

/** The marks that the buttons put around the selected text, or at the beginning of its line. */
const marks = [
  { name: '小标题', before: '## ', after: '', isLine: true, sample: '小标题' },
  { name: '粗体', before: '**', after: '**', isLine: false, sample: '粗体' },
  { name: '列表', before: '- ', after: '', isLine: true, sample: '一项' },
  { name: '引用', before: '> ', after: '', isLine: true, sample: '引用的话' },
] as const

const pictureKinds = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/**
 * Whether pasted HTML has more than a line of text: headings, lists, bold or shifted words, tables, links, pictures, or
 * several paragraphs, which plain text would not set apart.
 */
const hasMarks = (html: string): boolean =>
  /<(h[1-6]|b|strong|sub|sup|del|s|ul|ol|table|blockquote|a|img)[\s>]|<p[\s>][\s\S]*<p[\s>]/i.test(html)

/** Whether Markdown must stand apart from the text beside it: several paragraphs, or anything but a paragraph. */
const isBlock = (markdown: string): boolean => /\n|^(?:#|> |- |\d+[.)] |\|)/.test(markdown)

/** A large text area for Markdown or HTML, with buttons for marks and pictures. Pasted Word text becomes Markdown. */
export function BodyField({ shared, value, onChange }: BodyFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)

  /** Types for the editor, so that the browser can undo it. */
  function type(text: string): void {
    area.current?.focus()
    document.execCommand('insertText', false, text)
  }

  /** Inserts an empty line before a mark that must begin a line. */
  function gapBefore(): string {
    const { selectionStart = 0 } = area.current ?? {}
    const before = value.slice(0, selectionStart)
    return before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  }

  function mark({ before, after, isLine, sample }: (typeof marks)[number]): void {
    const { selectionStart = 0, selectionEnd = 0 } = area.current ?? {}
    const marked = value.slice(selectionStart, selectionEnd) || sample
    type(`${isLine ? gapBefore() : ''}${before}${marked}${after}`)
  }

  async function doing(work: () => Promise<void>): Promise<void> {
    setFault('')
    setBusy(true)
    try {
      await work()
    } catch (error) {
      setFault(messageOf(error))
    } finally {
      setBusy(false)
    }
  }

  const putPicture = (file: File) =>
    doing(async () => {
      if (!pictureKinds.includes(file.type)) {
        setFault('只能上传 JPEG、PNG、WebP、GIF 图片')
        return
      }
      const fileId = await upload(file, 'pictures')
      type(`${gapBefore()}![替代文字](${fileId} "说明｜图：出处")\n\n`)
    })

  function paste(event: ClipboardEvent<HTMLTextAreaElement>): void {
    const html = event.clipboardData.getData('text/html')
    const plain = event.clipboardData.getData('text/plain')
    if (!hasMarks(html)) return
    event.preventDefault()
    void doing(async () => {
      try {
        const markdown = (await send('to-markdown', { html }, Converted)).markdown.trimEnd()
        type(isBlock(markdown) ? `${gapBefore()}${markdown}\n\n` : markdown)
      } catch (error) {
        type(plain)
        setFault(`格式没有转换成功，粘贴的是纯文字：上下标和删去的字请自己核对。原因：${messageOf(error)}`)
      }
    })
  }

  return (
    <>
      <div className="console-bar console-tools">
        {marks.map(one => (
          <button key={one.name} type="button" onClick={() => mark(one)}>
            {one.name}
          </button>
        ))}
        <FileButton
          words="插入图片"
          accept={pictureKinds.join(',')}
          disabled={busy}
          onChoose={([file]) => file && void putPicture(file)}
        />
        {busy ? <span role="status">正在处理…</span> : null}
      </div>
      <textarea
        {...shared}
        ref={area}
        className="console-body"
        value={value}
        onChange={event => onChange(event.target.value)}
        onPaste={paste}
      />
      <p className="console-hint">
        空一行是新的一段。从 Word 或网页粘贴时，标题、粗体、列表、表格会变成 Markdown 的写法。共{' '}
        {value.length} 个字符。
      </p>
      <Fault words={fault} />
    </>
  )
}
