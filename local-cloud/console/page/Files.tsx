import { useState } from 'react'
import { messageOf, upload } from './api'
import { FileButton } from './FileButton'

interface Uploaded {
  name: string
  fileId: string
}

/** Uploads files to cloud storage and shows their ids, for copying into a row. */
export function Files() {
  const [files, setFiles] = useState<Uploaded[]>([])
  const [said, setSaid] = useState('')

  async function put(chosen: readonly File[]): Promise<void> {
    setSaid('正在上传…')
    try {
      for (const file of chosen) {
        const fileId = await upload(file, 'uploads')
        setFiles(before => [{ name: file.name, fileId }, ...before])
      }
      setSaid('已上传')
    } catch (error) {
      setSaid(messageOf(error))
    }
  }

  async function copy(fileId: string): Promise<void> {
    await navigator.clipboard.writeText(fileId).then(
      () => setSaid('已复制'),
      () => setSaid('浏览器不让复制，请选中编号自己复制'),
    )
  }

  return (
    <>
      <h2>云存储</h2>
      <div className="console-field">
        <p className="console-hint" id="files-hint">
          传上去以后得到 cloud:// 开头的编号，写在封面、正文的图片或导入里。
        </p>
        <FileButton words="上传文件" multiple disabled={false} describedBy="files-hint" onChoose={put} />
      </div>
      <p role="status">{said}</p>
      {files.map(({ name, fileId }) => (
        <div className="console-box" key={fileId}>
          <p>{name}</p>
          <pre>{fileId}</pre>
          <button type="button" onClick={() => void copy(fileId)}>
            复制编号
          </button>
        </div>
      ))}
    </>
  )
}
