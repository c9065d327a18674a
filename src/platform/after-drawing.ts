/** Runs work after the pending update is on the screen. */
export function afterDrawing(work: () => void): void {
  setTimeout(work, 300)
}
