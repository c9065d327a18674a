/** What stands at the end of a story; the lists below it are requested this far (px) before it: about a screen. */
export const storyEnd = { selector: '.related', ahead: 700 }
