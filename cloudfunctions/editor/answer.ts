/** The panel's reply: whether the action succeeded, and lines of Chinese text for the editor. */
export interface Answer {
  ok: boolean
  lines: string[]
}

export const reminderLines = (reminders: readonly string[]): string[] =>
  reminders.map(reminder => `提醒　${reminder}`)

/** The reply to an action that problems prevent. */
export const refusal = (
  said: string,
  { problems, reminders }: { problems: readonly string[]; reminders: readonly string[] },
): Answer => ({
  ok: false,
  lines: [said, ...problems.map(problem => `问题　${problem}`), ...reminderLines(reminders)],
})

/** The reply to a publication that problems prevent. */
export const notPublished = (told: Parameters<typeof refusal>[1]): Answer =>
  refusal('没有发布，读者看到的没有变化', told)
