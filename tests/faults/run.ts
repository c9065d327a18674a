/**
 * `npm run faults [-- filter]`: plants each fault of faults.ts in a copy of the repository, runs its test, and prints
 * the faults that the test does not find. There is one copy for each processor, and all of them work at once. The
 * filter is a part of the path of the file or of the test. Exits with 1 if a fault survives or its text is not there
 * exactly once, with 2 if the filter chooses none.
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { type Fault, faults } from './faults'

const root = path.resolve(__dirname, '../..')
/** A test that runs longer (ms) hangs, so it has found the fault. */
const patience = 240_000

/** The files of the repository that git tracks or would track, and what the tests need that they do not build. */
function copyRepository(targets: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'faults-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  for (const file of listed.split('\0').filter(Boolean)) {
    cpSync(path.join(root, file), path.join(folder, file), { errorOnExist: false })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  // Built here, because a test that builds all of it may take longer than `patience` on a busy machine.
  execFileSync(process.execPath, ['--import', 'tsx', 'config/build.ts', ...targets], {
    cwd: folder,
    stdio: 'ignore',
  })
  return folder
}

const jest = path.join(root, 'node_modules/jest/bin/jest.js')

/** Whether the test passes in the copy. */
async function passes(folder: string, test: string): Promise<boolean> {
  const run = spawn(process.execPath, [jest, '--bail', '--silent', '--runTestsByPath', test], {
    cwd: folder,
    stdio: 'ignore',
    timeout: patience,
  })
  return new Promise((done, fail) => {
    run.once('error', fail)
    run.once('close', code => done(code === 0))
  })
}

async function plant(
  folder: string,
  { file, text, replacement, test }: Fault,
): Promise<'found' | 'survived' | 'misplaced'> {
  const target = path.join(folder, file)
  const original = readFileSync(target, 'utf8')
  if (original.split(text).length !== 2) return 'misplaced'
  writeFileSync(
    target,
    original.replace(text, () => replacement),
  )
  try {
    return (await passes(folder, test)) ? 'survived' : 'found'
  } finally {
    writeFileSync(target, original)
  }
}

/** Judges the faults of one test in the copy, and prints each. Returns how many are not found. */
async function judge(folder: string, test: string, planted: readonly Fault[]): Promise<number> {
  if (!(await passes(folder, test))) {
    console.log(`${test} fails without any fault: its faults are not judged`)
    return planted.length
  }
  let bad = 0
  for (const fault of planted) {
    const result = await plant(folder, fault)
    const isFine = result === 'found' || (result === 'survived' && fault.equivalent !== undefined)
    if (!isFine) bad++
    const note = fault.equivalent === undefined ? '' : ` (equivalent: ${fault.equivalent})`
    console.log(`${result.padEnd(9)} ${fault.file}: ${JSON.stringify(fault.text)}${note}`)
  }
  return bad
}

async function main(): Promise<number> {
  const filter = process.argv[2] ?? ''
  const chosen = faults.filter(({ file, test }) => file.includes(filter) || test.includes(filter))
  if (chosen.length === 0) {
    console.error(`No fault has "${filter}" in the path of its file or of its test.`)
    return 2
  }
  const tests = [...new Set(chosen.map(({ test }) => test))]
  const isUnit = tests.every(test => test.startsWith('tests/unit/'))
  const folders = [copyRepository(isUnit ? ['stories'] : ['stories', 'functions', 'web'])]
  process.once('exit', () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
  process.once('SIGINT', () => process.exit(130))
  let bad = 0
  for (let more = Math.min(availableParallelism(), tests.length); more > 1; more--) {
    const folder = mkdtempSync(path.join(tmpdir(), 'faults-'))
    folders.push(folder)
    cpSync(folders[0] as string, folder, { recursive: true, verbatimSymlinks: true })
  }
  // Each copy takes the next test that nobody took.
  await Promise.all(
    folders.map(async folder => {
      for (let test = tests.shift(); test; test = tests.shift()) {
        const own = chosen.filter(fault => fault.test === test)
        const notFound = await judge(folder, test, own)
        bad += notFound
      }
    }),
  )
  console.log(`${chosen.length - bad} of ${chosen.length} faults are found or equivalent`)
  return bad === 0 ? 0 : 1
}

main().then(
  code => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
