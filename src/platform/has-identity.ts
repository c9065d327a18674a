/** Whether readers here can have votes of their own. */
export const hasIdentity = (): boolean => true
