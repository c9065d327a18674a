import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { filesUnder } from '../../../weapp-host/program'
import type { Problem } from './problem'

/** The binaries come without the executable bit, and node_modules may be read-only, so copies of them are run. */
function toolFolder(): string {
  const system = { linux: 'linux', darwin: 'mac', win32: 'windows' }[process.platform as string]
  if (!system) throw new Error(`WeChat's compilers do not run on ${process.platform}`)
  const home = path.join(path.dirname(require.resolve('miniprogram-compiler/package.json')), 'bin', system)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-compilers-'))
  for (const name of fs.readdirSync(home)) {
    fs.copyFileSync(path.join(home, name), path.join(folder, name))
    fs.chmodSync(path.join(folder, name), 0o755)
  }
  return folder
}

/** The two formats of a compiler's message: `./a.wxml:1:881: words` and `ERR: ./a.wxss(3:4): words`. */
const places = [
  /^\.\/(?<file>[^:]+):(?<line>\d+):\d+:\s*(?<message>.*)$/,
  /^ERR: \.\/(?<file>[^(]+)\((?<line>\d+):\d+\):\s*(?<message>.*)$/,
]

function readComplaints(output: string, exitCode: number | null, files: readonly string[]): Problem[] {
  const lines = output.split('\n').map(line => line.trim())
  const found = lines.flatMap((line): Problem[] => {
    for (const place of places) {
      const { file, line: at, message } = place.exec(line)?.groups ?? {}
      if (file && at) return [{ file, line: Number(at), message: message ?? '' }]
    }
    return line.startsWith('ERR:') ? [{ file: files[0] ?? '', message: line.slice(5) }] : []
  })
  if (found.length > 0 || exitCode === 0) return found
  return [
    {
      file: files[0] ?? '',
      message: lines.filter(Boolean).join(' ') || `the compiler ended with ${exitCode}`,
    },
  ]
}

/**
 * Compiles every WXML, WXS and WXSS with WeChat's own wcc and wcsc, as the developer tool does. When a compilation
 * fails, each file is compiled alone, because both compilers stop at their first error.
 */
export function compileOfficially(dist: string): Problem[] {
  const tools = toolFolder()
  const out = path.join(tools, 'out.js')
  const run = (tool: string, args: string[]) =>
    spawnSync(path.join(tools, tool), args, { cwd: dist, encoding: 'utf8' })
  try {
    execFileSync(path.join(tools, 'wcc'), ['-h'], { stdio: 'ignore', cwd: tools })
  } catch (error) {
    // A non-zero exit is fine; an error code exists only if the binary cannot start.
    if (error instanceof Error && 'code' in error && error.code) throw error
  }
  try {
    const files = filesUnder(dist).map(file => `./${file}`)
    const markup = files.filter(file => /\.(wxml|wxs)$/.test(file))
    const sheets = files.filter(file => file.endsWith('.wxss'))
    const complain = (tool: string, args: (list: string[]) => string[], list: string[]): Problem[] => {
      const { status, stdout, stderr } = run(tool, args(list))
      return readComplaints(
        `${stdout}\n${stderr}`,
        status,
        list.map(file => file.slice(2)),
      )
    }
    return [
      ...complain('wcc', list => [...list, '-o', out], markup),
      ...sheets.flatMap(sheet =>
        complain('wcsc', list => ['-js', ...list, '-o', out], [
          sheet,
          ...sheets.filter(one => one !== sheet),
        ]),
      ),
    ].filter((one, i, all) => all.findIndex(it => it.file === one.file && it.line === one.line) === i)
  } finally {
    fs.rmSync(tools, { recursive: true, force: true })
  }
}
