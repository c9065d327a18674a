// Functions run under UTC in the cloud; a laptop's own zone must not hide a mistake [云函数时区].
process.env.TZ = 'UTC'

import { Command, InvalidArgumentError } from 'commander'
import { startLocalCloud } from './cloud'

interface StartOptions {
  port: number
  host: string
  data: string
  memory?: boolean
  functions: string
  rules: string
  site?: string
  instances: number
  queue: number
  json?: boolean
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('must be a whole number')
  return number
}

const program = new Command('cloud')
  .description('the cloud on one laptop, for development and tests')
  .option('--data <folder>', 'where the data lies', '.cloud')

program
  .command('start')
  .description('start the local cloud')
  .option(
    '--port <number>',
    'port; 0 takes any free one',
    wholeNumber,
    wholeNumber(process.env.PORT ?? '8787'),
  )
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--memory', 'keep nothing on disk')
  .option('--functions <folder>', 'the built cloud functions', 'dist/cloudfunctions')
  .option('--rules <folder>', 'security rules and indexes', 'cloudfunctions/rules')
  .option('--site <folder>', 'a built web app to serve')
  .option('--instances <number>', 'function instances in all', wholeNumber, 32)
  .option('--queue <number>', 'calls of one function that may wait', wholeNumber, 1000)
  .option('--json', 'print one line of JSON when ready')
  .action(async (_, command: Command) => {
    const options = command.optsWithGlobals<StartOptions>()
    const cloud = await startLocalCloud({
      port: options.port,
      host: options.host,
      dataFolder: options.memory ? null : options.data,
      functionsFolder: options.functions,
      rulesFolder: options.rules,
      siteFolder: options.site ?? null,
      poolSize: options.instances,
      queueSize: options.queue,
      onFailure: (record, reason) => {
        process.stderr.write(`[${record.functionName}] ${record.requestId} ${reason}\n`)
      },
    })
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ url: cloud.url, key: cloud.key, env: cloud.adminEnv, pid: process.pid })}\n`
        : `The local cloud is at ${cloud.url}\n`,
    )
    const stop = () => {
      void cloud.close().then(() => process.exit(0))
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })

program.parseAsync().catch((error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code
  const port = (error as { port?: number }).port
  const message =
    code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another with --port <number> or PORT=<number>; --port 0 takes any free one.`
      : error instanceof Error
        ? error.message
        : String(error)
  process.stderr.write(`${message}\n`)
  process.exit(1)
})
