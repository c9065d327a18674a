import type { BaseIssue, BaseSchema, InferOutput } from 'valibot'

type Schema = BaseSchema<unknown, unknown, BaseIssue<unknown>>

/** `function/action`: the folder under cloudfunctions/ and the name of one thing it does. */
export type EndpointName = `${string}/${string}`

/**
 * What a page and a function say to each other, written once. Both sides parse: the function its input before it
 * acts, the page its output before it draws.
 */
export interface Endpoint<Input extends Schema = Schema, Output extends Schema = Schema> {
  readonly name: EndpointName
  readonly input: Input
  readonly output: Output
}

export type InputOf<E extends Endpoint> = InferOutput<E['input']>
export type OutputOf<E extends Endpoint> = InferOutput<E['output']>

/** Declares an endpoint. Contracts change by addition: readers' clients of last month are still calling. */
export function endpoint<Input extends Schema, Output extends Schema>(
  name: EndpointName,
  schemas: { input: Input; output: Output },
): Endpoint<Input, Output> {
  return { name, ...schemas }
}
