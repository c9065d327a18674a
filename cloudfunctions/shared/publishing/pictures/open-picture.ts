import { type LookupAddress, type LookupAllOptions, lookup as resolve } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import {
  firstBytes,
  isComplete,
  isCutAtEnd,
  isShorter,
  kindOf,
  lastBytes,
  type PictureSize,
  sizeOf,
} from './picture-size'
import { isPublicAddress } from './public-address'

/** Why a picture could not be read. */
export type Refusal =
  | 'host'
  | 'private'
  | 'redirect'
  | 'status'
  | 'slow'
  | 'too-large'
  | 'not-a-picture'
  | 'cut'
  | 'unreachable'

export class PictureRefused extends Error {
  override readonly name = 'PictureRefused'
  constructor(
    readonly refusal: Refusal,
    readonly detail = '',
  ) {
    super(`${refusal} ${detail}`)
  }
}

/** Decides which addresses may be opened, including redirect targets, and which IP addresses may be connected to. */
export interface Guard {
  allows(url: URL): boolean
  isPublic(ip: string): boolean
}

export interface OpenedPicture extends PictureSize {
  bytes: number
  /** The whole file if the caller requested it, else null. */
  content: Buffer | null
}

export const bytesAtMost = 10_000_000
/** Files up to this length are read to their end, to see whether it is there. Of others only the last bytes are read. */
const wholeAtMost = 1_000_000
/** Time limit for one picture including its redirects (ms). */
export const timeAtMost = 5_000
const redirectsAtMost = 3

/** For other sites: allows https, the listed hosts (`*.host` means every subdomain) and public IP addresses only. */
export function guardOf(hosts: readonly string[]): Guard {
  const isListed = (host: string): boolean =>
    hosts.some(one => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one))
  return {
    allows: ({ protocol, hostname, port, username, password }) =>
      protocol === 'https:' && port === '' && username === '' && password === '' && isListed(hostname),
    isPublic: isPublicAddress,
  }
}

/** For a download address from cloud storage: allows only the same origin. */
export const guardOfStorage = (address: URL): Guard => ({
  allows: ({ origin }) => origin === address.origin,
  isPublic: () => true,
})

/** Asks for every address of a host. */
type AskAll = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** Checks the IP addresses that the connection uses, because DNS may answer differently after a separate check. */
export const guardedLookup =
  (guard: Pick<Guard, 'isPublic'>, askAll: AskAll = resolve): LookupFunction =>
  (hostname, options, done) => {
    askAll(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) done(error ?? new PictureRefused('unreachable'), '', 0)
      else if (!addresses.every(({ address }) => guard.isPublic(address)))
        done(new PictureRefused('private', hostname), '', 0)
      else if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

interface Answer {
  status: number
  location: string | undefined
  length: number | null
  body: Readable
}

function ask(url: URL, guard: Guard, signal: AbortSignal, range?: string): Promise<Answer> {
  if (!guard.allows(url)) throw new PictureRefused('host', url.host)
  // Node does not call `lookup` for a literal IP address.
  const ip = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(ip) && !guard.isPublic(ip)) throw new PictureRefused('private', ip)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((give, refuse) => {
    request(
      url,
      {
        lookup: guardedLookup(guard),
        agent: false,
        signal,
        maxHeaderSize: 32_768,
        headers: {
          accept: 'image/*',
          'accept-encoding': 'identity',
          'user-agent': 'kepu-cloud',
          ...(range === undefined ? {} : { range }),
        },
      },
      response => {
        const { statusCode = 0, headers } = response
        const length = Number(headers['content-length'])
        give({
          status: statusCode,
          location: headers.location,
          length: headers['content-length'] !== undefined && Number.isSafeInteger(length) ? length : null,
          body: response,
        })
      },
    )
      .on('error', refuse)
      .end()
  })
}

async function read(start: URL, guard: Guard, whole: boolean, signal: AbortSignal): Promise<OpenedPicture> {
  let url = start
  for (let redirects = 0; ; redirects++) {
    const { status, location, length, body } = await ask(url, guard, signal)
    try {
      if (status >= 300 && status < 400 && location !== undefined) {
        if (redirects >= redirectsAtMost || !URL.canParse(location, url.href))
          throw new PictureRefused('redirect')
        url = new URL(location, url.href)
        continue
      }
      if (status !== 200) throw new PictureRefused('status', String(status))
      if (length !== null && length > bytesAtMost) throw new PictureRefused('too-large')
      const opened = await measure(body, length, whole)
      body.destroy()
      if (opened.bytes > wholeAtMost && length !== null && !whole)
        await requireEnd(url, guard, opened, signal)
      return opened
    } finally {
      body.destroy()
    }
  }
}

/**
 * Refuses a long file whose last bytes show that it was cut. A server that does not answer with those bytes alone leaves
 * it unknown, and the picture is taken.
 */
async function requireEnd(
  url: URL,
  guard: Guard,
  { kind, bytes }: OpenedPicture,
  signal: AbortSignal,
): Promise<void> {
  const end = await lastBytesOf(url, guard, bytes, signal).catch(() => null)
  if (end && isCutAtEnd(kind, end)) throw new PictureRefused('cut')
}

async function lastBytesOf(
  url: URL,
  guard: Guard,
  bytes: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const { status, length, body } = await ask(url, guard, signal, `bytes=${bytes - lastBytes}-`)
  try {
    if (status !== 206 || length !== lastBytes) return null
    const chunks: Buffer[] = []
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk)
    const end = Buffer.concat(chunks)
    return end.length === lastBytes ? end : null
  } finally {
    body.destroy()
  }
}

/** Of a long file, reads only as many bytes as it needs for format, size and length, unless `whole` is set. */
async function measure(body: Readable, length: number | null, whole: boolean): Promise<OpenedPicture> {
  let size: PictureSize | null = null
  let chunks: Buffer[] = []
  let bytes = 0
  let nextTry = firstBytes
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesAtMost) throw new PictureRefused('too-large')
    if (whole || !size || bytes <= wholeAtMost) chunks.push(chunk)
    else chunks = [Buffer.concat([...chunks, chunk]).subarray(-lastBytes)]
    if (!size && bytes >= nextTry) {
      const head = Buffer.concat(chunks)
      chunks = [head]
      if (kindOf(head) === null) throw new PictureRefused('not-a-picture')
      size = sizeOf(head)
      if (size && length !== null && isShorter(size.kind, head, length)) throw new PictureRefused('cut')
      nextTry = bytes * 2
    }
    if (size && length !== null && length > wholeAtMost && !whole)
      return { ...size, bytes: length, content: null }
  }
  const content = Buffer.concat(chunks)
  size ??= sizeOf(content)
  if (!size || (length !== null && bytes < length)) throw new PictureRefused('not-a-picture')
  const isCut = content.length === bytes ? !isComplete(size.kind, content) : isCutAtEnd(size.kind, content)
  if (isCut) throw new PictureRefused('cut')
  return { ...size, bytes, content: whole ? content : null }
}

/**
 * Opens a picture and reads its format, its size in pixels and its length in bytes from the beginning of the file.
 * @throws PictureRefused
 */
export async function openPicture(
  address: string,
  guard: Guard,
  options: { whole?: boolean; time?: number } = {},
): Promise<OpenedPicture> {
  if (!URL.canParse(address)) throw new PictureRefused('unreachable')
  const signal = AbortSignal.timeout(options.time ?? timeAtMost)
  try {
    return await read(new URL(address), guard, options.whole ?? false, signal)
  } catch (error) {
    if (error instanceof PictureRefused) throw error
    if (signal.aborted) throw new PictureRefused('slow')
    throw new PictureRefused('unreachable', error instanceof Error ? error.message : '')
  }
}
