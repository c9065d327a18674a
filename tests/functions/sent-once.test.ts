import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'

/*
 * Counts of a poll or a mood are raised by `$inc` inside a transaction, so a request must not arrive twice. The SDK has
 * code to send one again when a connection of its own breaks under it (node-sdk, request-core.js); it has connections of
 * its own only with `keepalive`, which is off in functions unless `init` asks for it.
 */
test('a change whose connection breaks is not sent a second time', async () => {
  const actions: string[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', chunk => {
      body += chunk
    })
    req.on('end', () => {
      const { action, collectionName } = JSON.parse(body) as { action: string; collectionName: string }
      actions.push(`${action} ${collectionName}`)
      if (collectionName === 'counted') req.socket.resetAndDestroy()
      else {
        res.setHeader('content-type', 'application/json')
        res.end(JSON.stringify({ requestId: 'r', data: { list: [] } }))
      }
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`
  const env = {
    ...process.env,
    TCB_CONTEXT_CNFG: JSON.stringify({ URL: url }),
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: 'local',
    TCB_ENV: 'local',
  }
  const sender = join(resolve(__dirname, '../support'), 'request-sender.ts')
  try {
    const said = await new Promise<string>((done, fail) => {
      const root = resolve(__dirname, '../..')
      execFile(process.execPath, ['--import', 'tsx', sender], { cwd: root, env }, (error, stdout) =>
        error ? fail(error) : done(stdout),
      )
    })
    expect(actions).toEqual(['database.getDocument warm', 'database.modifyDocument counted'])
    expect(JSON.parse(said)).toEqual({ change: 'failed', carriers: ['node'] })
  } finally {
    server.close()
  }
})
