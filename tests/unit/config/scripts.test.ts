import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(__dirname, '../../..')
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** The programs of this repository that a script runs, with their arguments. */
const programsOf = (script: string): string[] =>
  script.split(' && ').flatMap(part => /^node --import tsx (\S+\.ts.*)$/.exec(part)?.[1] ?? [])

test('every program that a script of package.json runs exists', () => {
  const programs = Object.values(scripts).flatMap(programsOf)
  expect(programs.length).toBeGreaterThan(12)
  for (const program of programs) expect(existsSync(path.join(root, program.split(' ')[0] ?? ''))).toBe(true)
})

test.each([
  ['start', ['config/start.ts']],
  ['build', ['config/build.ts']],
  ['deploy', ['deploy/cli.ts']],
  ['doctor', ['deploy/doctor/cli.ts']],
  ['cost', ['deploy/cost/cli.ts']],
  // Both are one program: the word decides whether it writes into the environment or into a folder.
  ['backup', ['deploy/backup/cli.ts backup']],
  ['restore', ['deploy/backup/cli.ts restore']],
  // It runs the built functions.
  ['simulate', ['config/build.ts functions', 'simulation/run.ts']],
])('npm run %s runs %j', (name, programs) => {
  expect(programsOf(scripts[name] ?? '')).toEqual(programs)
})

describe('npm run check', () => {
  /**
   * Runs it with a program in place of npm, which notes the scripts. Those that match `failing` fail; those that match
   * `held` end only after another one has been shown.
   */
  async function check(args: string[], failing = 'none', held = 'none') {
    const folder = mkdtempSync(path.join(tmpdir(), 'check-'))
    const [notes, gate] = [path.join(folder, 'notes'), path.join(folder, 'gate')]
    execFileSync('mkfifo', [gate])
    const lines = [
      '#!/bin/sh',
      `echo "$*" >> ${notes}`,
      'echo "said $*"',
      `case "$*" in ${held}) read line < ${gate};; esac`,
      `case "$*" in ${failing}) exit 1;; esac`,
      '',
    ]
    writeFileSync(path.join(folder, 'npm'), lines.join('\n'), { mode: 0o755 })
    try {
      const child = spawn(process.execPath, ['--import', 'tsx', 'config/check.ts', ...args], {
        cwd: root,
        env: { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` },
      })
      let out = ''
      child.stdout.on('data', chunk => {
        if (out === '' && held !== 'none') void writeFile(gate, 'go\n')
        out += chunk
      })
      const [code] = await once(child, 'close')
      const run = readFileSync(notes, 'utf8').trim().split('\n')
      // What a check says is shown, also what the last one says.
      expect(out.trim().split('\n').sort()).toEqual(run.map(one => `said ${one}`).sort())
      return { code, run: run.sort() }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('checks types, dependency rules and format', async () => {
    const run = ['run -s lint', 'run -s rules', 'run -s typecheck']
    expect(await check([])).toEqual({ code: 0, run })
  })

  test('for npm test also builds all that the tests need', async () => {
    const { code, run } = await check(['--build'])
    const build = ['build -- functions stories web web-development console', 'build -- weapp']
    expect({ code, run }).toEqual({
      code: 0,
      run: [...build, 'lint', 'typecheck'].map(one => `run -s ${one}`),
    })
    expect(scripts.test).toBe('npm run -s check -- --build && jest')
  })

  test('fails if one of them fails, and begins nothing after a failure', async () => {
    expect(await check([], '*lint')).toMatchObject({ code: 1, run: { length: 3 } })
    // Two run at a time; what has begun comes to its end.
    const failed = await check([], '*typecheck', '*rules')
    expect(failed).toEqual({ code: 1, run: ['run -s rules', 'run -s typecheck'] })
  })
})
