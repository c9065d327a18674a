import path from 'node:path'
import { startCloudProcess } from '../support/local-cloud'

interface Environment {
  global: { leftRunning: Set<() => unknown> }
  teardown(): Promise<void>
}

test('a cloud that no `afterAll` stops ends with its test file', async () => {
  const running = globalThis.leftRunning
  if (!running) throw new Error('jest uses another environment')
  const cloud = await startCloudProcess()
  expect(running.size).toBe(1)
  const file = path.resolve(__dirname, '../support/environment.cjs')
  const Environment = globalThis.requireOnce?.(file) as new (...given: object[]) => Environment
  const projectConfig = { testEnvironmentOptions: {}, globals: {}, fakeTimers: {} }
  const another = new Environment({ globalConfig: {}, projectConfig }, { console })
  for (const end of running) another.global.leftRunning.add(end)
  await another.teardown()
  // The set forgets a process that has exited.
  while (running.size > 0) await new Promise(setImmediate)
  await expect(cloud.control('collections')).rejects.toThrow()
  await cloud.stop()
})
