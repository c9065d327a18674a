/** The web has no base library, and needs none. */
export const baseLibrary = (): string => ''
export const lowestBaseLibrary: string = ''
