// Functions run under UTC in the cloud; a laptop's own zone must not hide a mistake [云函数时区].
process.env.TZ = 'UTC'

import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import {
  describeCall,
  type Faults,
  faultNames,
  faults,
  folder,
  InvalidValue,
  isLoopback,
  type Latency,
  latency,
  messageOf,
  parseEvent,
  portUpTo,
  siteUrl,
  variable,
  wholeNumber,
} from './cli-options'
import { type LocalCloudOptions, startLocalCloud } from './cloud'
import type { Imported } from './console/local-transfer'
import { askRunning, CommandRefused, findRunning } from './data-folder'
import type { InvocationRecord } from './meter'

interface CommonOptions {
  data: string
  functions: string
  rules: string
  env: Record<string, string>
}

interface StartOptions extends CommonOptions {
  port: number
  previewPort?: number
  host: string
  allowHost: string[]
  hosting?: string
  console?: string
  memory?: boolean
  site?: string
  siteUrl?: string
  instances: number
  ownThreads?: number
  queue: number
  timers: boolean
  unauthenticatedAccess: boolean
  withParent?: boolean
  json?: boolean
  latency?: Latency
  faults?: Faults
  callLatency?: Latency
  callFaults?: Faults
  seed?: number
}

/** The user can correct this error: the message is enough, and a stack would only hide it. */
class UsageError extends Error {}

const program = new Command('cloud')
  .description('The cloud on one laptop, for development and tests.')
  .addOption(
    new Option('--data <folder>', 'where the data lies').argParser(folder).default('.cloud').env('KEPU_DATA'),
  )
  .option('--functions <folder>', 'the built cloud functions', folder, 'dist/cloudfunctions')
  .option('--rules <folder>', 'security rules and indexes', folder, 'cloudfunctions/rules')
  .option('--env <name=value>', "a variable of the functions' environment; may be repeated", variable, {})
  // As of the other commands: 2 for wrong arguments, 1 for what failed.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

program
  .command('start')
  .description('start the local cloud')
  .addOption(
    new Option('--port <number>', 'port; 0 takes any free one')
      // The phone preview takes the next one.
      .argParser(portUpTo(65534))
      .default(8787)
      .env('PORT'),
  )
  .option(
    '--preview-port <number>',
    'port of the phone preview, where who signs in is a reader (default: the one after --port)',
    portUpTo(65535),
  )
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option(
    '--allow-host <name>',
    'a host name to answer to; may be repeated',
    (name: string, before: string[]) => [...before, name],
    [],
  )
  .option('--memory', 'keep nothing on disk')
  .option('--hosting <folder>', 'static files that http.json leads to', folder)
  .option('--console <folder>', 'the built page of the console, at /console', folder)
  .option('--site <folder>', 'a built web app to serve, in place of what http.json leads to', folder)
  .option('--site-url <url>', 'where the web app is, for mini-codes to lead to', siteUrl)
  .option('--instances <number>', 'function instances in all', wholeNumber, 64)
  .option(
    '--own-threads <number>',
    'instances of a function with a thread each; further ones share (default: one a core)',
    wholeNumber,
  )
  .option('--queue <number>', 'calls of one function that may wait', wholeNumber, 1000)
  .option('--no-timers', 'let timers fire by hand only')
  .option('--no-unauthenticated-access', 'refuse guests (-501023)')
  .option(
    '--latency <min-max[~tail]>',
    'ms of each database, storage or other request of a function',
    latency,
  )
  .option('--faults <name=rate,…>', `… and its faults: ${faultNames.join(', ')}`, faults)
  .option('--call-latency <min-max[~tail]>', "ms of each client's call", latency)
  .option('--call-faults <name=rate,…>', '… and its faults', faults)
  .option('--seed <number>', 'the same seed gives the same sequence of faults', wholeNumber)
  .option('--with-parent', 'end when the process that started it has ended')
  .option('--json', 'print one line of JSON when ready')
  .action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<StartOptions>()
    const cloud = await startLocalCloud({
      ...common(options),
      port: options.port,
      ...(options.previewPort === undefined ? {} : { previewPort: options.previewPort }),
      host: options.host,
      allowedHosts: options.allowHost,
      hostingFolder: options.hosting ?? null,
      consoleFolder: options.console ?? null,
      dataFolder: options.memory ? null : options.data,
      siteFolder: options.site ?? null,
      ...(options.siteUrl ? { siteUrl: options.siteUrl } : {}),
      poolSize: options.instances,
      ...(options.ownThreads === undefined ? {} : { ownThreads: options.ownThreads }),
      queueSize: options.queue,
      byteCodeFolder: process.env.CLOUD_BYTE_CODE,
      timers: options.timers,
      unauthenticatedAccess: options.unauthenticatedAccess,
      weather: {
        operations: { latency: options.latency ?? null, faults: options.faults ?? {} },
        calls: { latency: options.callLatency ?? null, faults: options.callFaults ?? {} },
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      },
    })
    const { url, previewUrl, key, consoleToken, adminEnv: env } = cloud
    say(
      options.json
        ? JSON.stringify({ url, previewUrl, key, consoleToken, env, pid: process.pid })
        : `The local cloud is at ${url}, its phone preview at ${previewUrl}${
            options.console ? `, its console at ${url}/console (token ${consoleToken})` : ''
          }`,
    )
    if (!isLoopback(options.host)) {
      process.stderr.write(
        `Listening on ${options.host}: other machines can open pages and sign in as readers. /admin and /local/ answer this machine only.\n`,
      )
    }
    let stopping = false
    const stop = () => {
      if (stopping) process.exit(1)
      stopping = true
      void cloud.close().then(() => process.exit(0))
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    if (options.withParent) followParent(stop)
  })

program
  .command('invoke <function> [event]')
  .description("run a function with a JSON event, as the console's panel does, or as someone")
  .addOption(new Option('--as <openid>', 'as this reader').conflicts(['guest', 'trigger']))
  .addOption(new Option('--guest', 'as a client without OPENID').conflicts(['as', 'trigger']))
  .addOption(new Option('--trigger', 'as a timer').conflicts(['as', 'guest']))
  .action(async (name: string, event: string | undefined, _options, command: Command) => {
    const { as, guest, trigger } = command.opts<{ as?: string; guest?: boolean; trigger?: boolean }>()
    const source = as !== undefined || guest ? 'wx_client' : trigger ? 'wx_trigger' : null
    const body = { name, event: parseEvent(event ?? '{}'), openid: as ?? null, source }
    const { result } = (await ask(command, 'invoke', body)) as { result: unknown }
    say(JSON.stringify(result, null, 2))
  })

program
  .command('fire <function>')
  .description("fire a function's timer now")
  .option('--trigger <name>', 'which one, if it has several')
  .action(async (name: string, _options, command: Command) => {
    const { result } = (await ask(command, 'fire', { name, ...command.opts() })) as { result: unknown }
    say(JSON.stringify(result, null, 2))
  })

program
  .command('import <collection> <file>')
  .description('import JSON Lines (one document a line) or CSV; none of its rows if one is refused')
  .option('--upsert', 'change the given fields of documents whose _id exists, instead of refusing them')
  .option('--check', 'say what would be added, changed and refused, in Chinese, and write nothing')
  .action(async (collection: string, file: string, _options, command: Command) => {
    const { upsert = false, check = false } = command.opts<{ upsert?: boolean; check?: boolean }>()
    requireFile(file)
    const body = {
      collection,
      from: { path: resolve(file) },
      mode: upsert ? 'upsert' : 'insert',
      write: !check,
      job: randomUUID(),
    }
    const { ok, isPartial, report, lines } = await askTelling(command, 'import-file', body, async asked => {
      const { line } = (await asked('import-progress', { job: body.job })) as { line: number | null }
      return line === null ? null : `${line} lines read`
    })
    if (check) say(lines.join('\n'))
    if (isPartial) throw new UsageError(lines.join('\n'))
    if (!ok) {
      const refused = report.named.filter(({ kind }) => kind === 'refuse')
      const first = refused.map(({ line, text }) => `line ${line}: ${text}`)
      throw new UsageError(
        ['Nothing was imported.', ...(first.length > 0 ? first : lines.slice(1))].join('\n'),
      )
    }
    if (check) return
    const reminded = report.named.filter(({ kind }) => kind === 'remind')
    for (const { line, text } of reminded) process.stderr.write(`line ${line}: ${text}\n`)
    say(`${collection}: ${report.added} inserted, ${report.changed + report.same} updated`)
  })

program
  .command('export <collection>')
  .description('print a collection as canonical EJSON, one document a line')
  .option('--csv', 'as CSV, under the Chinese titles of its data model')
  .action(async (collection: string, _options, command: Command) => {
    if (command.opts<{ csv?: boolean }>().csv) {
      const { text } = (await ask(command, 'export-file', { collection, format: 'csv' })) as { text: string }
      process.stdout.write(text)
      return
    }
    const { lines } = (await ask(command, 'export', { collection })) as { lines: string }
    if (lines !== '') say(lines)
  })

program
  .command('reset')
  .description('forget all documents and files; readers stay who they are')
  .action(async (_options, command: Command) => {
    await ask(command, 'reset', {})
    say('All documents and files are gone.')
  })

program
  .command('env')
  .description('print the variables that point an unmodified wx-server-sdk at the running cloud')
  .action(async (_options, command: Command) => {
    const { adminEnv } = (await askCloudOf(command, 'about', {})) as { adminEnv: Record<string, string> }
    for (const [name, value] of Object.entries(adminEnv)) say(`export ${name}='${value}'`)
  })

program
  .command('logs')
  .description('print the latest invocations and their console output')
  .option('--limit <number>', 'how many', wholeNumber, 20)
  .option('--function <name>', 'of one function only')
  .action(async (_options, command: Command) => {
    const { limit, function: only } = command.opts<{ limit: number; function?: string }>()
    const records = (await askCloudOf(command, 'logs', { limit: 2000 })) as InvocationRecord[]
    const wanted = records.filter(record => only === undefined || record.functionName === only)
    for (const record of wanted.slice(-limit)) say(describeCall(record))
  })

/** @throws InvalidValue where there is no such file to read */
function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new InvalidValue(`There is no file "${file}".`)
}

/** If a test run is killed, the clouds it started must end too. */
function followParent(stop: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 1000)
  watch.unref()
}

function common(
  options: CommonOptions,
): Pick<LocalCloudOptions, 'functionsFolder' | 'rulesFolder' | 'variables' | 'report'> {
  return {
    functionsFolder: options.functions,
    rulesFolder: options.rules,
    variables: options.env,
    report: line => process.stderr.write(`${line}\n`),
  }
}

/**
 * Sends the command to the cloud that has the data folder open. If there is none, opens the folder for this one
 * command.
 */
async function ask(command: Command, name: string, body: unknown): Promise<unknown> {
  return withCloud(command, asked => asked(name, body))
}

type Asked = (name: string, body: unknown) => Promise<unknown>

/** How often (ms) a long command reports its progress. */
const told = 1000

/** As `ask`, for an import: reports the progress on stderr. */
async function askTelling(
  command: Command,
  name: string,
  body: unknown,
  tell: (asked: Asked) => Promise<string | null>,
): Promise<Imported> {
  return withCloud(command, async asked => {
    const timer = setInterval(() => {
      tell(asked).then(
        line => line !== null && process.stderr.write(`${line}\n`),
        () => undefined,
      )
    }, told)
    try {
      return (await asked(name, body)) as Imported
    } finally {
      clearInterval(timer)
    }
  })
}

async function withCloud<Result>(command: Command, work: (asked: Asked) => Promise<Result>): Promise<Result> {
  const options = command.optsWithGlobals<CommonOptions>()
  if ((await findRunning(options.data))?.url) {
    return work((name, body) => askCloudOf(command, name, body))
  }
  const cloud = await startLocalCloud({
    ...common(options),
    report: () => undefined,
    port: 0,
    previewPort: null,
    dataFolder: options.data,
    timers: false,
  })
  try {
    return await work((name, body) => cloud.command(name, body))
  } finally {
    await cloud.close()
  }
}

async function askCloudOf(command: Command, name: string, body: unknown): Promise<unknown> {
  const { data } = command.optsWithGlobals<CommonOptions>()
  const running = await findRunning(data)
  if (!running?.url) {
    throw new UsageError(`No local cloud is running on ${data}. Start one with: npm run cloud -- start`)
  }
  try {
    return await askRunning(running, name, body)
  } catch (error) {
    if (error instanceof CommandRefused) throw new UsageError(error.message)
    throw new UsageError(`The local cloud at ${running.url} does not answer: ${messageOf(error)}`)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

// `cloud export articles | head -1` closes the pipe before the end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
program.parseAsync().catch((error: unknown) => {
  const { code, port } = error as { code?: string; port?: number }
  process.stderr.write(
    code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another with --port <number> or PORT=<number>; --port 0 takes any free one.\n`
      : `${messageOf(error)}\n`,
  )
  process.exit(error instanceof InvalidValue ? 2 : 1)
})
