declare global {
  /** Node's own `require`: see environment.cjs. */
  var requireOnce: NodeJS.Require | undefined
  /** How to end each process that this test file has started: see environment.cjs. */
  var leftRunning: Set<() => unknown> | undefined
}

/** Ends a process with the test file that started it, unless `ended` is called before. */
export function endWithTestFile(end: () => unknown): { ended(): void } {
  const all = globalThis.leftRunning
  all?.add(end)
  return { ended: () => void all?.delete(end) }
}
