/** The notice on AI-generated content that the law requires, as it stands at the end of a story. */
export const aiNotice = (made: string): string => `本文含 AI 生成的${made}。`

/** Whether a paragraph is that notice. */
export const isAiNotice = (text: string): boolean => text.startsWith('本文含 AI 生成的')
