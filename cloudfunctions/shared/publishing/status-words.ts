/** The statuses of drafts. Topics and polls have some of them. */
export const statuses = ['草稿', '待审', '待发布', '已定时', '已发布', '待撤回', '已撤回'] as const
export type Status = (typeof statuses)[number]
/** Those of them that editors write. The system writes the others. */
export const askable = (all: readonly string[]): string[] => all.filter(status => !status.startsWith('已'))

const english: Readonly<Record<string, Status>> = {
  draft: '草稿',
  review: '待审',
  ready: '待发布',
  scheduled: '已定时',
  published: '已发布',
  withdraw: '待撤回',
  withdrawn: '已撤回',
}

/** All accepted spellings of some statuses, each with its meaning. */
export function spellingsOf<Known extends Status>(known: readonly Known[]): Map<string, Known> {
  const isKnown = (status: Status): status is Known => known.some(one => one === status)
  return new Map([
    ...known.map(one => [one, one] as const),
    ...Object.entries(english).flatMap(([word, status]) =>
      isKnown(status) ? [[word, status] as const] : [],
    ),
  ])
}
