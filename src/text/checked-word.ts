/**
 * `aria-checked` as a string. Taro omits a `false` value from the first rendering, and a screen reader does not
 * announce an element without the attribute as something that can be checked.
 */
export const checkedWord = (checked: boolean): 'true' | 'false' => (checked ? 'true' : 'false')
