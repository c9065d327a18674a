import { EventEmitter } from 'node:events'
import type { RequestOptions } from 'node:http'

/** Takes a request that has been sent in full. Its answer comes by `answer` or `fail`, or never. */
export type Network = (request: FakeRequest) => void

/** The timers of the code that makes the request. */
interface Timers {
  setTimeout(act: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

/** Takes the place of `http.ClientRequest`. No socket is ever opened. */
export class FakeRequest extends EventEmitter {
  readonly method: string
  readonly headers: Record<string, string>
  readonly path: string
  readonly host: string
  readonly protocol: string
  readonly reusedSocket = false
  readonly socket = Object.assign(new EventEmitter(), { connecting: false })
  destroyed = false
  readonly #chunks: Buffer[] = []
  #sent = false
  #over = false
  #idle: unknown

  constructor(
    private readonly network: Network,
    private readonly timers: Timers,
    url: string,
    { method = 'GET', headers = {} }: RequestOptions,
    heard?: (response: unknown) => void,
  ) {
    super()
    const { protocol, host, pathname, search } = new URL(url)
    this.method = method.toUpperCase()
    this.headers = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    )
    this.protocol = protocol
    this.host = host
    this.path = pathname + search
    if (heard) this.once('response', heard)
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  setTimeout(ms: number, heard?: () => void): this {
    if (heard) this.once('timeout', heard)
    this.timers.clearTimeout(this.#idle)
    this.#idle = this.timers.setTimeout(() => {
      if (!this.#over) this.emit('timeout')
    }, ms)
    return this
  }

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk as Uint8Array))
    return true
  }

  end(chunk?: string | Uint8Array): this {
    if (chunk) this.write(chunk)
    if (this.#sent) return this
    this.#sent = true
    // The SDK starts its own timeouts when it hears that the socket is connected.
    process.nextTick(() => {
      this.emit('socket', this.socket)
      this.socket.emit('connect')
    })
    this.network(this)
    return this
  }

  answer(status: number, headers: Record<string, string>, body: string | Buffer): void {
    if (!this.#finish()) return
    const response = Object.assign(new EventEmitter(), {
      statusCode: status,
      headers,
      req: this,
      setEncoding() {},
      resume() {},
    })
    this.emit('response', response)
    response.emit('data', Buffer.from(body as Uint8Array))
    response.emit('end')
    response.emit('close')
    this.emit('close')
  }

  /** The connection breaks. */
  fail(): void {
    if (!this.#finish()) return
    this.emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
    this.emit('close')
  }

  abort(): void {
    this.destroy()
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.#finish()
    if (error) this.emit('error', error)
    this.emit('close')
    return this
  }

  /** Returns false if the request was over before. */
  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.timers.clearTimeout(this.#idle)
    return true
  }

  setNoDelay(): void {}
  setSocketKeepAlive(): void {}
  flushHeaders(): void {}

  setHeader(name: string, value: string): void {
    this.headers[name.toLowerCase()] = value
  }

  getHeader(name: string): string | undefined {
    return this.headers[name.toLowerCase()]
  }

  removeHeader(name: string): void {
    delete this.headers[name.toLowerCase()]
  }
}
