/** A fault in a built mini-program, with its place. */
export interface Problem {
  file: string
  /** Counted from 1; absent when a whole file is missing. */
  line?: number
  message: string
}

export function describe(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`
  return `${place} ${problem.message}`
}

/** The line number of a position in a text, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
