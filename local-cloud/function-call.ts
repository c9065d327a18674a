import { CloudError } from './cloud-error'
import type { InvocationRecord, LogLine, Meter } from './meter'
import type { RealTime } from './real-time'

/** The WX context of one request. Without a source it is empty, as in a run from the console. */
export interface RequestContext {
  openid: string | null
  /** wx_client, wx_trigger, scf, or a chain such as `wx_client,scf`. */
  source: string | null
}

export interface Invocation {
  functionName: string
  /** An object as JSON text. */
  event: string
  context: RequestContext
  requestId: string
  /** Limits of event and reply in bytes. Default: those of `callFunction`. */
  limits?: { request: number; reply: number }
}

/** Maximum size of a function's event and reply, in bytes [云函数限制]. */
export const requestLimit = 100 * 1024
export const replyLimit = 1024 * 1024

/** How many console lines of one invocation a record stores, and how many characters of one line. */
const keptLines = 500
const keptText = 4096

/** @param limit bytes; a UTF-16 code unit takes at most three */
function isLonger(text: string, limit: number): boolean {
  return text.length * 3 > limit && Buffer.byteLength(text) > limit
}

/** @throws CloudError EXCEED_MAX_PAYLOAD_SIZE */
export function checkEvent({ event, limits }: Invocation): void {
  if (!isLonger(event, limits?.request ?? requestLimit)) return
  throw new CloudError('EXCEED_MAX_PAYLOAD_SIZE', '-504001 function request exceeds the limit of 100 KB')
}

/** A function's reply, or an error in its place if the reply is too long. */
function withinLimit(reply: string, { limits }: Invocation): string | CloudError {
  const limit = limits?.reply ?? replyLimit
  if (!isLonger(reply, limit)) return reply
  return new CloudError(
    'FUNCTIONS_RESULT_SIZE_EXCEED_LIMIT',
    `-604001 cloudfunction result size exceed limit (${limit / 1024 / 1024}MB)`,
  )
}

export interface CallOptions {
  meter: Meter
  time: RealTime
  onFailure: ((record: InvocationRecord, reason: string) => void) | undefined
}

/** One call of a function, from arrival to reply. */
export class Call {
  readonly record: InvocationRecord
  /** The function's reply as JSON text. Rejects with a CloudError. */
  readonly reply: Promise<string>
  readonly #options: CallOptions
  readonly #queuedAt: number
  /** Start of the run. 0 while the call waits. */
  #ranAt = 0
  #resolve: (reply: string) => void = () => {}
  #reject: (error: CloudError) => void = () => {}

  constructor(
    readonly invocation: Invocation,
    options: CallOptions,
  ) {
    const { requestId, functionName, context } = invocation
    this.#options = options
    this.record = options.meter.open(requestId, functionName, context.source)
    this.#queuedAt = options.time.now()
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Milliseconds since the call arrived. */
  get waited(): number {
    return this.#options.time.now() - this.#queuedAt
  }

  /** Marks that an instance takes the call. */
  begin(): void {
    this.record.waited = this.waited
    this.#ranAt = this.#options.time.now()
  }

  note(level: LogLine['level'], text: string): void {
    const { lines } = this.record
    if (lines.length < keptLines) lines.push({ level, text: text.trimEnd().slice(0, keptText) })
  }

  answer(reply: string): void {
    const result = withinLimit(reply, this.invocation)
    if (result instanceof CloudError) {
      this.fail(result)
      return
    }
    this.#close('ok')
    this.#resolve(result)
  }

  fail(error: CloudError): void {
    this.#close(error.code)
    this.#options.onFailure?.(this.record, error.message)
    this.#reject(error)
  }

  #close(outcome: string): void {
    if (this.#ranAt > 0) this.record.duration = this.#options.time.now() - this.#ranAt
    this.#options.meter.close(this.record, outcome)
  }
}
