import { Aggregator } from 'mingo/aggregator'
import { Context, ProcessingMode } from 'mingo/core'
import * as accumulators from 'mingo/operators/accumulator'
import * as expressions from 'mingo/operators/expression'
import * as stages from 'mingo/operators/pipeline'
import * as projections from 'mingo/operators/projection'
import * as windows from 'mingo/operators/window'
import { MingoError } from 'mingo/util'
import type { Document } from './ejson'
import { queryContext } from './query'

void MingoError
const context = Context.from(
  queryContext,
  Context.init({
    accumulator: accumulators as never,
    expression: expressions as never,
    pipeline: stages as never,
    projection: projections as never,
    window: windows as never,
  }),
)

/** Runs a pipeline. `collectionOf` gives the documents of another collection for `$lookup`. */
export function runPipeline(
  documents: Iterable<Document>,
  pipeline: Record<string, unknown>[],
  collectionOf: (name: string) => Document[],
): Document[] {
  const aggregator = new Aggregator(pipeline as never, {
    context,
    processingMode: ProcessingMode.CLONE_INPUT,
    scriptEnabled: false,
    collectionResolver: collectionOf as never,
  })
  return aggregator.run([...documents] as never) as Document[]
}
