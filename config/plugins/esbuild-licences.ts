import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Plugin } from 'esbuild'
import { licenceNotices } from '../licences'

/** Writes the notices of the packages in a bundle, and of esbuild, whose helpers are among them, once it is built. */
export function bundleLicences(file: string): Plugin {
  return {
    name: 'bundle-licences',
    setup(build) {
      build.initialOptions.metafile = true
      const folder = build.initialOptions.absWorkingDir ?? process.cwd()
      build.onEnd(async ({ metafile, errors }) => {
        if (!metafile || errors.length > 0) return
        const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
          Object.keys(inputs).filter(name => inputs[name]?.bytesInOutput),
        )
        await mkdir(path.dirname(file), { recursive: true })
        const files = bundled.map(name => path.resolve(folder, name))
        await writeFile(file, licenceNotices([...files, require.resolve('esbuild')]))
      })
    },
  }
}
