/**
 * `aria-checked` as a word: Taro leaves a `false` out of what it first draws, and a face without the attribute is not
 * read out as one that could be chosen.
 */
export const checkedWord = (checked: boolean): 'true' | 'false' => (checked ? 'true' : 'false')
