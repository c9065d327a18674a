import { useEffect, useState } from 'react'
import * as v from 'valibot'
import { messageOf, type Property, send, upload } from './api'
import { Fault } from './Fault'
import { FileButton } from './FileButton'
import { LineField } from './LineField'
import { useOneAtATime } from './one-at-a-time'

interface PictureFieldProps {
  shared: object
  property: Property
  value: string
  onChange: (value: string) => void
}

const nameOfKind = (kind: string): string =>
  kind === 'image/webp' ? 'WebP' : kind.replace('image/', '').toUpperCase()

const Address = v.object({ url: v.string() })

/** An address from which the browser can load the picture; empty until it is known. */
function useAddress(picture: string): string {
  const [address, setAddress] = useState('')
  const [src = ''] = picture.split('#')
  useEffect(() => {
    setAddress('')
    let left = false
    if (src.startsWith('cloud://')) {
      send('address', { fileId: src }, Address).then(
        ({ url }) => left || setAddress(url),
        () => undefined,
      )
    }
    return () => {
      left = true
    }
  }, [src])
  return address
}

/** A field for a picture: its address, and a button that uploads a file and enters its address. */
export function PictureField({ shared, property, value, onChange }: PictureFieldProps) {
  const [fault, setFault] = useState('')
  const { busy, alone } = useOneAtATime()
  const address = useAddress(value)
  /** An address of which the browser can show no picture. */
  const [unshown, setUnshown] = useState('')
  const { 'x-image-size': most = 10_485_760, 'x-image-support': kinds = ['image/png', 'image/jpeg'] } =
    property

  async function put(file: File): Promise<void> {
    if (!kinds.includes(file.type)) {
      setFault(`只能上传 ${kinds.map(kind => nameOfKind(kind)).join('、')} 图片`)
      return
    }
    if (file.size > most) {
      setFault(`图片太大，最多 ${Math.floor(most / 1024 / 1024)} MB`)
      return
    }
    setFault('')
    try {
      onChange(await upload(file, 'pictures'))
    } catch (error) {
      setFault(messageOf(error))
    }
  }

  return (
    <>
      <LineField {...shared} value={value} onChange={onChange} />
      <div className="console-bar">
        <FileButton
          words="上传图片"
          label={`上传${property.title}`}
          accept={kinds.join(',')}
          disabled={busy}
          onChoose={([file]) => file && void alone(() => put(file))}
        />
        {busy ? <span role="status">正在上传…</span> : null}
      </div>
      <Fault words={fault} />
      {address === '' || address === unshown ? null : (
        <img
          className="console-preview"
          src={address}
          alt={`${property.title}的预览`}
          onError={() => setUnshown(address)}
        />
      )}
      <Fault
        words={address !== '' && address === unshown ? '这个文件打不开，可能不是图片：请重新上传' : ''}
      />
    </>
  )
}
