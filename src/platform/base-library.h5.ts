export { lowestBaseLibrary } from './base-library'

/** The web runs on none. */
export const baseLibrary = (): string => ''
