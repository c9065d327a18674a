/** A count as readers see it: whole up to 9,999, then in 万 with one decimal, cut and not rounded up. */
export function shortCount(count: number): string {
  // By hand: a phone's Intl is as good as its system.
  if (count < 10_000) return String(count).replace(/(\d)(?=\d{3}$)/, '$1,')
  const tenths = Math.floor(count / 1_000)
  return tenths % 10 === 0 ? `${tenths / 10}万` : `${(tenths / 10).toFixed(1)}万`
}
