/** Something wrong in a built mini-program, named so that it can be found. */
export interface Problem {
  file: string
  /** Counted from 1; absent where a whole file is missing. */
  line?: number
  message: string
}

export function describe(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`
  return `${place} ${problem.message}`
}

/** The line of a position in a text, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
