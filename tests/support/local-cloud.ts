import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { endWithTestFile } from './left-running'

/** A client that calls functions. A guest has no OPENID. */
export interface Reader {
  token: string
  openid: string | null
}

export interface CloudProcessOptions {
  /** A given folder is kept after the test. Otherwise `stop()` removes the temporary one. */
  dataFolder?: string
  /** Default: the small functions of tests/support/functions. */
  functionsFolder?: string
  /** Default: rules that let clients call everything. */
  rulesFolder?: string
  siteFolder?: string
  /** The static files that http.json routes to. */
  hostingFolder?: string
  /** Additional arguments of `cloud start`. */
  args?: string[]
}

export interface CloudProcess {
  /** The address where signing in makes a visitor of the web. */
  url: string
  /** The address where signing in makes a reader with an OPENID. */
  previewUrl: string
  /** What the control surface and the console want to see. */
  key: string
  /** The token of the console's page. */
  consoleToken: string
  dataFolder: string
  pid: number
  /** Environment variables that point an unmodified wx-server-sdk in another process at this cloud. */
  adminEnv: Record<string, string>
  /** A new reader, or the reader with the given `openid`. */
  signIn(openid?: string): Promise<Reader>
  /** A client without login, as in Moments' single-page mode. */
  guest(): Promise<Reader>
  /** A client signed in anonymously on the web: `auth != null`, but no OPENID. */
  visitor(): Promise<Reader>
  /** Calls a function as a client and returns its result. @throws CallError */
  call<Result = unknown>(reader: Reader, functionName: string, event?: unknown): Promise<Result>
  /** Runs a command of the control surface. @throws CallError */
  control<Result = unknown>(command: string, body?: unknown): Promise<Result>
  /** What the process wrote to stderr so far. */
  errors(): string
  /** Ends the process with SIGKILL. The data folder stays. */
  kill9(): Promise<void>
  /** Ends the process normally and removes a temporary data folder. */
  stop(): Promise<void>
}

/** The error of a call that was answered with an error. */
export class CallError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'CallError'
  }
}

const root = resolve(__dirname, '../..')
export const testFunctions = join(root, 'tests/support/functions')
export const openRules = join(root, 'tests/support/rules')

/**
 * Node's arguments for the command line `cloud`: the bundle of this run of jest, or the sources through tsx, which takes
 * more than twice the time to start.
 */
export function cloudProgram(): string[] {
  const bundled = process.env.BUNDLED_CLOUD
  return bundled ? [bundled] : ['--import', 'tsx', join(root, 'local-cloud/cli.ts')]
}

/**
 * Starts `cloud start` in a separate process on a free port: in jest's vm, Node's own objects belong to another realm.
 */
export async function startCloudProcess(options: CloudProcessOptions = {}): Promise<CloudProcess> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'local-cloud-'))
  const child = spawn(
    process.execPath,
    [
      ...cloudProgram(),
      '--data',
      dataFolder,
      'start',
      '--json',
      '--with-parent',
      ...['--port', '0'],
      ...['--functions', options.functionsFolder ?? testFunctions],
      ...['--rules', options.rulesFolder ?? openRules],
      ...(options.siteFolder ? ['--site', options.siteFolder] : []),
      ...(options.hostingFolder ? ['--hosting', options.hostingFolder] : []),
      ...(options.args ?? []),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const { ended } = endWithTestFile(() => child.kill('SIGKILL'))
  child.once('exit', ended)
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const started = await firstLine(child, () => errors)
  const { url, previewUrl, key, consoleToken, env, pid } = JSON.parse(started) as {
    url: string
    previewUrl: string
    key: string
    consoleToken: string
    env: Record<string, string>
    pid: number
  }

  const control = <Result>(command: string, body: unknown = {}) =>
    post<Result>(`${url}/local/${command}`, body, { 'x-local-key': key })
  const exited = new Promise<void>(done => child.once('exit', () => done()))
  const signIn = (body: unknown) => control<Reader>('sign-in', body)

  return {
    url,
    previewUrl,
    key,
    consoleToken,
    dataFolder,
    pid,
    adminEnv: env,
    signIn: openid => signIn(openid === undefined ? {} : { openid }),
    guest: () => signIn({ kind: 'guest' }),
    visitor: () => signIn({ kind: 'visitor' }),
    call: (reader, functionName, event = {}) =>
      post(`${url}/v1/functions/${functionName}`, event, { authorization: `Bearer ${reader.token}` }),
    control,
    errors: () => errors,
    async kill9() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

async function post<Result>(url: string, body: unknown, headers: Record<string, string>): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  // Not response.json(): its objects would belong to another realm than the test's.
  const reply: unknown = JSON.parse(await response.text())
  if (response.ok) return reply as Result
  const { code, message } = reply as { code: string; message: string }
  throw new CallError(response.status, code, message)
}

function firstLine(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((done, fail) => {
    if (!child.stdout) throw new Error('the process has no stdout')
    createInterface(child.stdout).once('line', done)
    child.once('exit', code => fail(new Error(`the local cloud ended with code ${code}: ${errors()}`)))
  })
}
