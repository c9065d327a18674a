import type { Chance } from '../chance'
import { type StoryLedger, titleOf } from '../checks/stories'
import type { World } from '../world'

/** What all editors of a run share. */
export interface Desk {
  drafts: readonly string[]
  /** The number of the last text. */
  lastText: number
  /** Addresses of previews that editors passed on. */
  previews: string[]
}

export const editorKey = 'a-key-of-an-editor'

const day = 86_400_000

/** A time as editors write it: Beijing time, to the second. */
const written = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** One editor in a round: saves drafts in the console, and uses the panel, while another does the same. */
export async function edit(
  world: World,
  name: string,
  acts: number,
  desk: Desk,
  ledger: StoryLedger,
): Promise<void> {
  const chance = world.stream(`${name} ${world.step()}`)
  for (let act = 0; act < acts && !world.isOver(); act++) {
    await world.pause(name, chance.hits(0.5) ? chance.between(0, 60) : chance.between(200, 3_000))
    const draft = chance.pick(desk.drafts)
    const action = chance.pick([
      ...(['save', 'save', 'save', 'publish', 'publish', 'withdraw', 'restore', 'preview'] as const),
    ])
    if (action === 'save') await save(world, chance, draft, desk, ledger)
    else if (action === 'withdraw') await ask(world, name, { action, draft, reason: '数据有误' })
    else if (action === 'restore') {
      ledger.restoring(draft)
      await ask(world, name, { action, draft, version: 1 + chance.int(4) })
    } else if (action === 'preview') {
      const { lines } = await ask(world, name, { action, draft })
      for (const line of lines) {
        const scene = /[0-9a-z]{8,12}\.[0-9a-z]{16}/.exec(line)?.[0]
        if (scene) desk.previews.push(scene)
      }
    } else await ask(world, name, { action, draft })
  }
}

interface Answer {
  ok: boolean
  lines: string[]
}

/** Runs the panel, as editors do in the console. */
async function ask(world: World, name: string, event: object): Promise<Answer> {
  const caller = { actor: name, openid: null, source: null }
  const { text } = await world.call(caller, 'editor', { key: editorKey, ...event })
  const answer = text === null ? null : (JSON.parse(text) as Answer)
  if (answer?.lines.some(line => line.startsWith('出错了'))) world.problem(`the panel failed: ${text}`)
  return answer ?? { ok: false, lines: [] }
}

/** Saves a new text of a draft, as a form of the console does. */
async function save(
  world: World,
  chance: Chance,
  draft: string,
  desk: Desk,
  ledger: StoryLedger,
): Promise<void> {
  desk.lastText += 1
  const number = desk.lastText
  const now = Math.floor(world.schedule.now())
  const status = chance.pick(['草稿', '待发布', '待发布', '已定时', '待撤回'])
  const soon = chance.pick([1_500, 30_000, 200_000, 3 * day])
  // Editors write whole seconds.
  const publishAt = status === '已定时' ? Math.ceil((now + soon) / 1_000) * 1_000 : null
  // Some texts have a fault that publishing must report.
  const channel = chance.hits(0.1) ? '没有的频道' : '地球'
  ledger.saved(draft, { number, status, publishAt, at: now })
  const fields = {
    title: titleOf(number),
    teaser: `${titleOf(number)}的导语`,
    channel,
    column: '海洋',
    author: '林海',
    editor: '王编辑',
    tags: '深海',
    status,
    publishAt: publishAt === null ? '' : written(publishAt),
    body: `${titleOf(number)}的正文。`,
    updatedAt: now,
  }
  for (;;) {
    try {
      const isKnown = world.rows.in('drafts').some(({ _id }) => _id === draft)
      const kind = isKnown ? 'change' : 'add'
      world.say(`save ${draft} ${number} ${status} ${fields.publishAt}`)
      world.database().mergeRows('drafts', [{ kind, id: draft, fields }])
      return
    } catch (error) {
      // A transaction holds the row: the form saves again.
      world.say(`not saved ${draft}: ${error instanceof Error ? error.message : String(error)}`)
      await world.pause('desk', 200)
    }
  }
}
