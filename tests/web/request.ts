import { request as send } from 'node:http'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  bytes: Buffer
}

export interface Options {
  method?: string
  headers?: Record<string, string>
  /** Returns the body's bytes without decoding them; `body` is then empty. */
  raw?: boolean
}

/** Sends a request with exactly this path. (`fetch` would normalise it.) */
export function request(
  base: string,
  path: string,
  { method = 'GET', headers = {}, raw }: Options = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base)
  return new Promise((done, fail) => {
    const sent = send(
      // Node refuses a path with characters that a URL cannot contain; a browser sends them as UTF-8.
      { hostname, port, path: path.replace(/[^\x21-\x7e]/gu, encodeURIComponent), method, headers },
      answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('error', fail)
        answer.once('end', () => {
          const bytes = Buffer.concat(parts)
          done({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: raw ? '' : bytes.toString(),
            bytes,
          })
        })
      },
    )
    sent.once('error', fail)
    sent.end()
  })
}
