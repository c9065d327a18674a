import path from 'node:path'
import { ensureBuilt } from '../../config/build'
import { editNames } from '../../config/plugins/lean-runtime-loader'
import { measurePackages } from '../weapp/measure'

/**
 * Prints how many bytes each edit of config/plugins/lean-runtime saves in the main package. It builds the mini-program
 * once without each edit (half a minute per build). `node --import tsx tests/bench/lean-runtime.ts`
 */
async function mainPackage(without: string) {
  process.env.KEPU_LEAN_WITHOUT = without
  await ensureBuilt(['weapp'])
  const { main } = measurePackages(path.resolve(__dirname, '../../dist/weapp'))
  if (!main) throw new Error('the build has no main package')
  return main
}

async function run(): Promise<void> {
  const whole = await mainPackage('')
  console.log(`with every edit: ${whole.bytes} bytes, ${whole.zip} zipped`)
  for (const name of [...editNames, 'absent-globals']) {
    const { bytes, zip } = await mainPackage(name)
    console.log(`${name}: ${bytes - whole.bytes} bytes, ${zip - whole.zip} zipped`)
  }
  await mainPackage('')
}

run().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
