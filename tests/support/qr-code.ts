import { create } from 'qrcode'
import sharp from 'sharp'

/** Whether the picture is the QR code of this text: the middle of each module must be dark or light as expected. */
export async function isCodeOf(picture: Buffer, text: string): Promise<boolean> {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules
  const { data: pixels, info } = await sharp(picture)
    .flatten({ background: '#fff' })
    .greyscale()
    .raw()
    .toBuffer({
      resolveWithObject: true,
    })
  const module = info.width / (size + 4)
  return data.every((dark, n) => {
    const x = Math.floor(((n % size) + 2.5) * module)
    const y = Math.floor((Math.floor(n / size) + 2.5) * module)
    return Number(pixels[(y * info.width + x) * info.channels]) < 128 === Boolean(dark)
  })
}
