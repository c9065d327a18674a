import { RingBuffer } from './ring-buffer'

/** The kinds of requests to the gateway, as WeChat's price list counts them. */
export const operationKinds = ['read', 'write', 'transaction', 'call', 'storage', 'openapi'] as const
export type OperationKind = (typeof operationKinds)[number]
export type Operations = Record<OperationKind, number> & {
  /** How many documents the database examined. */
  examined: number
}

export interface LogLine {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug'
  text: string
}

/** One invocation of a function: what it did, what it cost, and its console output. */
export interface InvocationRecord {
  requestId: string
  functionName: string
  source: string | null
  /** Cloud time, ms. */
  startedAt: number
  /** Real time (ms) that the call spent in the queue and in the function. */
  waited: number
  duration: number
  /** `running`, `ok`, or the error's code. */
  outcome: string
  operations: Operations
  lines: LogLine[]
}

export interface Counters {
  invocations: number
  failures: number
  operations: Operations
  byFunction: Record<string, { invocations: number; failures: number; operations: Operations }>
}

/** Counts operations in total and per invocation, and stores the latest invocations for logs and tests. */
export interface Meter {
  open(requestId: string, functionName: string, source: string | null): InvocationRecord
  close(record: InvocationRecord, outcome: string): void
  /** `record` is the invocation that sent the request. Undefined if no function sent it. */
  count(record: InvocationRecord | undefined, kind: OperationKind, examined: number): void
  counters(): Counters
  reset(): void
  /** The latest invocations, oldest first. */
  latest(limit: number): InvocationRecord[]
}

export function noOperations(): Operations {
  return { read: 0, write: 0, transaction: 0, call: 0, storage: 0, openapi: 0, examined: 0 }
}

type Tally = Counters['byFunction'][string]

function emptyTally(): Tally {
  return { invocations: 0, failures: 0, operations: noOperations() }
}

/** `now` is the cloud's clock; `capacity` is how many invocations it stores. */
export function createMeter(now: () => number, capacity = 2000): Meter {
  let total = emptyTally()
  let byFunction = new Map<string, Tally>()
  let recent = new RingBuffer<InvocationRecord>(capacity)

  function ofFunction(name: string): Tally {
    const known = byFunction.get(name)
    if (known) return known
    const tally = emptyTally()
    byFunction.set(name, tally)
    return tally
  }

  return {
    open(requestId, functionName, source) {
      const record: InvocationRecord = {
        requestId,
        functionName,
        source,
        startedAt: now(),
        waited: 0,
        duration: 0,
        outcome: 'running',
        operations: noOperations(),
        lines: [],
      }
      recent.push(record)
      total.invocations += 1
      ofFunction(functionName).invocations += 1
      return record
    },
    close(record, outcome) {
      record.outcome = outcome
      if (outcome !== 'ok') {
        total.failures += 1
        ofFunction(record.functionName).failures += 1
      }
    },
    count(record, kind, examined) {
      total.operations[kind] += 1
      total.operations.examined += examined
      if (!record) return
      record.operations[kind] += 1
      record.operations.examined += examined
      const { operations } = ofFunction(record.functionName)
      operations[kind] += 1
      operations.examined += examined
    },
    counters: () => structuredClone({ ...total, byFunction: Object.fromEntries(byFunction) }),
    reset() {
      total = emptyTally()
      byFunction = new Map()
      recent = new RingBuffer<InvocationRecord>(capacity)
    },
    latest: limit => recent.latest(limit),
  }
}
