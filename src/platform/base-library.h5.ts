export { lowestBaseLibrary } from './base-library'

/** The web has no base library. */
export const baseLibrary = (): string => ''
