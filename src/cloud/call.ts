import * as v from 'valibot'
import type { Endpoint, InputOf, OutputOf } from '#contract/endpoint'
import { Reply } from '#contract/envelope'
import { CallFailed } from './call-failed'
import { invoke } from './transport'

export { CallFailed }

/** Longest wait for a reply (ms). WeChat's own timeout is 60 s, which no reader waits for. */
const patience = 10_000

function withPatience<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CallFailed('unavailable', 'no reply in time')), patience)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * Calls an endpoint. Parses the reply against the contract: a reply that does not fit becomes `internal` and is never
 * shown. Rejects with {@link CallFailed} and nothing else.
 */
export async function call<E extends Endpoint>(endpoint: E, input: InputOf<E>): Promise<OutputOf<E>> {
  const [functionName = '', action] = endpoint.name.split('/')
  let result: unknown
  try {
    result = await withPatience(invoke(functionName, { action, data: input }))
  } catch (error) {
    if (error instanceof CallFailed) throw error
    throw new CallFailed('unavailable', error instanceof Error ? error.message : 'no reply')
  }
  const reply = v.safeParse(Reply, result)
  if (!reply.success) throw new CallFailed('internal', 'reply without envelope')
  if (!reply.output.ok) {
    const { code, message, retryAfter } = reply.output.error
    throw new CallFailed(code, message, retryAfter)
  }
  const output = v.safeParse(endpoint.output, reply.output.data)
  if (!output.success) throw new CallFailed('internal', `reply of ${endpoint.name} does not fit`)
  return output.output as OutputOf<E>
}
