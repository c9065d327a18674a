import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { CloudError } from './cloud-error'

/** The longest address, in characters. It fits a storage path of 850 characters, all of them percent-encoded. */
const addressLimit = 8192
/** The longest path before the question mark, in characters. Storage paths may be longer. */
const pathLimit = 2048

/**
 * Checks that apply to every request, whoever sends it. A foreign page can point its own host name at this machine (DNS
 * rebinding) and would then be same-origin with the app. So the host must be an IP address, localhost or one of
 * `hosts`.
 * @throws CloudError PERMISSION_DENIED, URI_TOO_LONG, INVALID_PARAM
 */
export function admit(req: IncomingMessage, hosts: ReadonlySet<string>): void {
  const { url = '' } = req
  const path = url.startsWith('/storage/') ? '' : (url.split('?', 1)[0] ?? '')
  if (url.length > addressLimit || path.length > pathLimit) {
    throw new CloudError(
      'URI_TOO_LONG',
      `an address has ${pathLimit} characters at most, of a file ${addressLimit}`,
    )
  }
  const host = hostName(req)
  if (!isAddress(host) && !isLocalName(host) && !hosts.has(host)) {
    throw new CloudError(
      'PERMISSION_DENIED',
      `the local cloud does not answer to the host name ${JSON.stringify(host)}; start it with --allow-host ${host || '<name>'} if that is meant`,
    )
  }
}

/**
 * /admin bypasses all security rules, and /local/ can act as any reader. Both answer only programs on this machine.
 * They refuse web pages (browsers put Origin on every POST; the SDK and our tools do not), other machines, and requests
 * that came through a proxy or tunnel.
 * @throws CloudError PERMISSION_DENIED
 */
export function requireThisMachine(req: IncomingMessage): void {
  if (req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined) {
    throw new CloudError('PERMISSION_DENIED', 'this address is for the cloud SDK and tools, not for pages')
  }
  requireNear(req)
}

/**
 * The console is a page, and only a browser on this machine may open it. Its requests come from the page itself: those
 * of other sites, and links on them, are refused.
 * @throws CloudError PERMISSION_DENIED
 */
export function requireOwnPage(req: IncomingMessage): void {
  requireNear(req)
  const { origin, host, 'sec-fetch-site': site } = req.headers
  const isOwn = origin === undefined || origin === `http://${host}`
  // `none`: the address was typed.
  if (!isOwn || !(site === undefined || site === 'same-origin' || site === 'none')) {
    throw new CloudError('PERMISSION_DENIED', 'the console answers its own page only')
  }
}

function requireNear(req: IncomingMessage): void {
  const { remoteAddress = '', localAddress } = req.socket
  const host = hostName(req)
  const near = isLoopback(remoteAddress) || remoteAddress === localAddress
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    name => req.headers[name] !== undefined,
  )
  if (!near || forwarded || !(isAddress(host) || isLocalName(host))) {
    throw new CloudError('PERMISSION_DENIED', 'this address is for programs on this machine only')
  }
}

/** The host name of a request in lower case, without port and brackets. Empty without a Host header. */
function hostName(req: IncomingMessage): string {
  const host = (req.headers.host ?? '').toLowerCase()
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host)
  return match?.[1] ?? match?.[2] ?? host
}

function isAddress(host: string): boolean {
  return isIP(host) !== 0
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
