/** The mini-program's code, where a visitor of the site is told to vote in WeChat. WeChat itself shows none. */
export const MiniCode = () => null
