import { Misuse } from '../config/given'

/** A failure whose message says what to do, without a stack. */
export class Refusal extends Error {}

/** Runs a command with arguments. Returns its exit code: 2 for wrong arguments, settings or secrets, 1 if it failed. */
export type Command = (args: string[]) => Promise<number>

/**
 * Makes a command print its usage for `--help`, and answer every error by a sentence. With `--json` the error is one
 * JSON object on the standard output, like everything else that a script reads. Only what nobody expected shows its
 * stack.
 */
export const commandOf =
  (run: Command, usage: string): Command =>
  async args => {
    try {
      if (args.includes('--help')) {
        console.log(usage)
        return 0
      }
      return await run(args)
    } catch (error) {
      const { code, message = String(error) } = Object(error) as { code?: unknown; message?: string }
      const isUnreadable = String(code).startsWith('ERR_PARSE_ARGS')
      // A file, the network or a service refused: it has a code, and its message names it.
      const isExplained = error instanceof Misuse || error instanceof Refusal || typeof code === 'string'
      if (args.includes('--json')) console.log(JSON.stringify({ error: message }))
      else if (isUnreadable) console.error(`${message}\n${usage}`)
      else console.error(isExplained ? message : error)
      return error instanceof Misuse || isUnreadable ? 2 : 1
    }
  }

/** Runs a command with the arguments of this process, if its file is the one that was started, and exits. */
export function start(file: NodeJS.Module, command: Command): void {
  if (require.main !== file) return
  // A reader such as `| head` may close the pipe before the end. A backup must not end with it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  void command(process.argv.slice(2)).then(code => process.exit(code))
}
