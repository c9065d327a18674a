import type { PictureRead } from './read-pictures'

/** Aspect ratios to which chats (5:4) and Moments (1:1) crop the middle of a cover. */
const crops = [
  { name: '聊天卡片（5:4）', shape: 5 / 4 },
  { name: '朋友圈（1:1）', shape: 1 },
]
/** Reminds the editor when a crop shows less than this share of the cover. */
const keptAtLeast = 0.5
/** Largest ratio of the longer to the shorter side: lists and article pages reserve space for a cover. */
const widest = 3
const longestSide = 1_600
const bytesAtMost = 500_000
/** A cover whose longer side (px) is shorter is blurred even in a list. */
const blurredBelow = 480

/** Problems and reminders for the editor about a cover's shape and size. */
export function judgeCover(cover: PictureRead, label = '封面'): { problems: string[]; reminders: string[] } {
  if ('fault' in cover) return { problems: [`${label}：图片${cover.fault}`], reminders: [] }
  const { width, height, bytes } = cover
  const shape = width / height
  if (shape > widest || shape < 1 / widest) {
    const tooMuch = shape > 1 ? '宽' : '高'
    return {
      problems: [`${label}：太${tooMuch}（${width}×${height}），宽和高最多差 ${widest} 倍，请裁剪或换一张`],
      reminders: [],
    }
  }
  const cut = crops.filter(crop => Math.min(shape, crop.shape) / Math.max(shape, crop.shape) < keptAtLeast)
  const reminders: string[] = []
  if (cut.length > 0)
    reminders.push(
      `${label}：在${cut.map(({ name }) => name).join('和')}里会裁去一半以上，只留中间，请看看要不要换一张`,
    )
  if (Math.max(width, height) < blurredBelow)
    reminders.push(`${label}：只有 ${width}×${height} 像素，读者看到的会模糊，请换一张长边 1,200 像素以上的`)
  if (Math.max(width, height) > longestSide)
    reminders.push(`${label}：有 ${width}×${height} 像素，长边超过 ${longestSide}，读者打开会慢，请缩小`)
  if (bytes !== null && bytes > bytesAtMost)
    reminders.push(
      `${label}：有 ${Math.ceil(bytes / 1_000)} KB，超过 ${bytesAtMost / 1_000} KB，读者打开会慢，请压缩`,
    )
  return { problems: [], reminders }
}
