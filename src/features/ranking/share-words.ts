/** 「占本文投票的 38%」: the share of a story's votes that chose this mood. Never 0% for a mood that somebody chose. */
export function shareWords(share: number): string {
  const percent = Math.min(100, Math.max(0, share * 100))
  return percent > 0 && percent < 1 ? '占本文投票不到 1%' : `占本文投票的 ${Math.round(percent)}%`
}
