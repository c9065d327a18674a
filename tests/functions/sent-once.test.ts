import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'

/**
 * A transaction raises the counts of a poll or a mood by `$inc`, so a request must not arrive twice. The SDK can send a
 * request again when one of its own connections breaks (node-sdk, request-core.js). It has its own connections only
 * with `keepalive`, which is off in functions unless `init` asks for it.
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
