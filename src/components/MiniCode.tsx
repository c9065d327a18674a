/**
 * The mini-program's code, where a visitor of the site is told to vote in WeChat. WeChat itself shows none. An element,
 * not a component: it has no properties, and here it costs the main package almost nothing.
 */
export const miniCode = null
