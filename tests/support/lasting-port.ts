import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise(done => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })

/**
 * A free port for a server that goes down and comes back at the same address. Whoever asks the system for any port, or
 * connects to another, gets one from 32768 on (Linux; other systems begin higher), so nobody takes this one meanwhile.
 * Source: `ip_local_port_range` in ip(7).
 */
export async function lastingPort(): Promise<number> {
  const port = randomInt(20_000, 30_000)
  return (await isFree(port)) ? port : lastingPort()
}
