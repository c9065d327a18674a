/** Runs something that nobody waits for, once what is on its way to the screen is there. */
export function afterDrawing(work: () => void): void {
  setTimeout(work, 300)
}
