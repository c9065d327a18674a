/** Counts with their names, in the names' order: `开心 3　难过 0`. */
export const countWords = <Key extends string>(
  names: Readonly<Record<Key, string>>,
  counts: Readonly<Partial<Record<Key, number>>>,
): string => (Object.keys(names) as Key[]).map(key => `${names[key]} ${counts[key] ?? 0}`).join('　')
