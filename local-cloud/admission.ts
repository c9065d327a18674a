import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { CloudError } from './cloud-error'

/** Characters of an address: a storage path of 850 characters, each of them encoded, fits. */
const addressLimit = 8192
/** Characters before the question mark where it is no storage path. */
const pathLimit = 2048

/**
 * What no request may be, whoever it is for. A page of a foreign site can make its own name lead to this machine (DNS
 * rebinding) and would then be same-origin with the app: so only addresses, localhost and the names in `hosts` count.
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
 * /admin is above all rules and /local/ above all readers. They answer programs on this machine only: no page (browsers
 * put Origin on every POST, and neither the SDK nor our tools do), no other machine, nobody behind a proxy or tunnel.
 * @throws CloudError PERMISSION_DENIED
 */
export function requireThisMachine(req: IncomingMessage): void {
  if (req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined) {
    throw new CloudError('PERMISSION_DENIED', 'this address is for the cloud SDK and tools, not for pages')
  }
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

/** The host name of a request without port and brackets, in lower case; empty where there is none. */
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
