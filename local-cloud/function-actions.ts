import * as v from 'valibot'
import { CloudError } from './cloud-error'
import type { Action } from './sdk-api'
import type { Workers } from './workers'

const InvokeFunction = v.object({
  function_name: v.string(),
  request_data: v.optional(v.string(), ''),
})

/**
 * What `callFunction` inside a function sends. The caller's context is passed on, with its source added to the chain.
 */
export function functionActions(workers: Workers, nextRequestId: () => string): [string, Action][] {
  return [
    [
      'functions.invokeFunction',
      async (params, sender) => {
        const input = v.safeParse(InvokeFunction, params)
        if (!input.success)
          throw new CloudError('INVALID_PARAM', 'invokeFunction needs function_name and request_data')
        const reply = await workers.invoke({
          functionName: input.output.function_name,
          event: input.output.request_data === '' ? '{}' : input.output.request_data,
          context: {
            openid: sender.context?.openid ?? null,
            source: sender.context?.source ? `${sender.context.source},scf` : 'scf',
          },
          requestId: nextRequestId(),
        })
        return { kind: 'call', response: { data: { response_data: reply } } }
      },
    ],
  ]
}
