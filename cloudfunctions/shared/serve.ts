import * as v from 'valibot'
import type { Endpoint, InputOf, OutputOf } from '#contract/endpoint'
import { type Reply, Request } from '#contract/envelope'
import { AppError } from './app-error'
import { type Caller, currentCaller } from './caller'
import { isTransient } from './failures'
import { errorDetail, log } from './log'

/**
 * Output whose parts have been validated before. It is sent without another check, because an instance sends a cached
 * reply many times.
 */
export class Checked<Output> {
  readonly output: Output

  constructor(output: Output) {
    this.output = output
  }
}

export type Handler<E extends Endpoint> = (
  input: InputOf<E>,
  caller: Caller,
) => Promise<OutputOf<E> | Checked<OutputOf<E>>>

export interface Route {
  readonly endpoint: Endpoint
  readonly handle: (input: unknown, caller: Caller) => Promise<unknown>
}

/** Binds an endpoint to its handler. The types of both come from the contract. */
export function route<E extends Endpoint>(endpoint: E, handler: Handler<E>): Route {
  return { endpoint, handle: (input, caller) => handler(input as InputOf<E>, caller) }
}

/** The longest message. valibot repeats the value it received, which may be as long as an event. */
const longestMessage = 200

/** The first problem of an input, with its path: enough to correct a caller, without our internals. */
function whatIsWrong(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues
  if (!issue) return 'invalid input'
  const path = v.getDotPath(issue)
  return (path ? `${path}: ${issue.message}` : issue.message).slice(0, longestMessage)
}

function failure(error: unknown, detail: Record<string, unknown>): Reply {
  if (error instanceof AppError) {
    const { code, message, retryAfter } = error
    return { ok: false, error: { code, message, ...(retryAfter === undefined ? {} : { retryAfter }) } }
  }
  if (isTransient(error)) {
    // For example a read that timed out: nothing is broken, and a retry may help.
    log('warn', 'transient', { ...detail, ...errorDetail(error) })
    return { ok: false, error: { code: 'unavailable', message: 'busy, try again', retryAfter: 2 } }
  }
  log('error', 'unexpected', { ...detail, ...errorDetail(error) })
  return { ok: false, error: { code: 'internal', message: 'internal error' } }
}

/** Handles an input and checks what comes out against the contract. Throws what handlers throw. */
async function answered({ endpoint, handle }: Route, data: unknown, caller: Caller): Promise<Reply> {
  const input = v.safeParse(endpoint.input, data)
  if (!input.success) throw new AppError('invalid', whatIsWrong(input.issues))
  const result = await handle(input.output, caller)
  if (result instanceof Checked) return { ok: true, data: result.output }
  const output = v.safeParse(endpoint.output, result)
  if (!output.success)
    throw new Error(`reply of ${endpoint.name.split('/')[1]} does not fit: ${whatIsWrong(output.issues)}`)
  return { ok: true, data: output.output }
}

/** Runs an endpoint within this function and returns the reply that a call would get. `detail` goes into the log. */
export async function replyOf(
  entry: Route,
  data: unknown,
  caller: Caller,
  detail: Record<string, unknown>,
): Promise<Reply> {
  try {
    return await answered(entry, data, caller)
  } catch (error) {
    return failure(error, { ...detail, action: entry.endpoint.name })
  }
}

/**
 * Makes a function's `main`: route, validate, handle, catch. It never throws, and never sends details of an unexpected
 * error. The platform adds `userInfo` and the like to the event; only `action` and `data` are read.
 */
export function serve(routes: readonly Route[]) {
  const byAction = new Map(routes.map(entry => [entry.endpoint.name.split('/')[1], entry]))
  return async (event: unknown, context?: { request_id?: string }): Promise<Reply> => {
    const detail: Record<string, unknown> = { requestId: context?.request_id }
    try {
      const request = v.safeParse(Request, event)
      if (!request.success) throw new AppError('invalid', whatIsWrong(request.issues))
      const { action, data } = request.output
      const entry = byAction.get(action)
      if (!entry) throw new AppError('invalid', 'unknown action')
      detail.action = action
      return await answered(entry, data, currentCaller())
    } catch (error) {
      return failure(error, detail)
    }
  }
}
