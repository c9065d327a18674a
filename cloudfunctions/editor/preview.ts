import { previewAddress } from '#contract/addresses'
import { fileAddresses } from '../shared/cloud'
import { type MadePreview, previewDraft } from '../shared/publishing/preview-draft'
import { previewsAtMost } from '../shared/publishing/preview-ids'
import { writtenTime } from '../shared/publishing/written-time'
import { readAgain } from '../shared/retry'
import { type Answer, refusal, reminderLines } from './answer'

/** WeChat's numbers for a permission that config.json declares but that was not granted with the upload [openapi]. */
const notGranted = new Set([-604101, 48001])

async function codeLines({ code }: MadePreview): Promise<string[]> {
  if ('file' in code) {
    const address = await readAgain(() => fileAddresses([code.file])).catch(() => new Map<string, string>())
    return [`小程序码　${address.get(code.file) ?? code.file}`]
  }
  const why = notGranted.has(code.refusal)
    ? '函数 editor 还没有生成小程序码的权限，请开发人员用微信开发者工具重新上传它'
    : `微信没有给出（错误 ${code.refusal}），可以过一会儿再试`
  return [`小程序码　没有：${why}。网页链接照常能用`]
}

/** Makes a preview of a draft. Only this reply contains the token; the database stores its hash. */
export async function preview(draft: string, name: string, now: number): Promise<Answer> {
  const done = await previewDraft(draft, name, now)
  switch (done.outcome) {
    case 'made': {
      const reminders = reminderLines(done.reminders)
      const live = done.live === null ? '读者还看不到这篇文章' : `读者看到的还是第 ${done.live} 版，没有变化`
      return {
        ok: true,
        lines: [
          `预览做好了：北京时间 ${writtenTime(done.expiresAt)} 前能打开，有链接的人都能看`,
          `网页　${SITE_ORIGIN}${previewAddress(done.scene)}`,
          ...(await codeLines(done)),
          live,
          ...(done.hasReplaced ? [`一篇稿件最多 ${previewsAtMost} 个预览：最早的一个从现在起打不开了`] : []),
          ...reminders,
        ],
      }
    }
    case 'refused':
      return refusal('没有做预览，请先改好', done)
    case 'missing':
      return { ok: false, lines: [`没有这篇稿件：${draft}`] }
    case 'busy':
      return { ok: false, lines: ['有人同时在预览这篇稿件，没有做预览，请过一会儿再试'] }
  }
}
