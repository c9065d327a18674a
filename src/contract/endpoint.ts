import type { BaseIssue, BaseSchema, InferOutput } from 'valibot'

type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>

/** `function/action`: the function's folder under cloudfunctions/, and one of its actions. */
export type EndpointName = `${string}/${string}`

/**
 * The contract of one action, shared by page and function. Both sides parse: the function its input before it acts, the
 * page its output before it renders.
 */
export interface Endpoint<Input extends Schema = Schema, Output extends Schema = Schema> {
  readonly name: EndpointName
  readonly input: Input
  readonly output: Output
}

export type InputOf<E extends Endpoint> = InferOutput<E['input']>
export type OutputOf<E extends Endpoint> = InferOutput<E['output']>

/** Declares an endpoint. Only add to a contract, never change it: old clients stay in use for weeks. */
export function endpoint<Input extends Schema, Output extends Schema>(
  name: EndpointName,
  schemas: { input: Input; output: Output },
): Endpoint<Input, Output> {
  return { name, ...schemas }
}
