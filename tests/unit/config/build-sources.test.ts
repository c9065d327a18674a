import path from 'node:path'
import { build } from 'esbuild'
import { sources } from '../../../config/targets'

const root = path.resolve(__dirname, '../../..')

/** The modules of this repository that an entry imports, directly or indirectly, relative to the root. */
async function modulesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path.join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    platform: 'node',
    write: false,
    metafile: true,
    // Subpath imports such as `#shared/*` belong to this package; they are not external.
    alias: { '#shared': './cloudfunctions/shared', '#contract': './src/contract', '#site': './src/site.ts' },
  })
  return Object.keys(metafile.inputs)
}

test('a change of any module that the story build imports rebuilds the stories', async () => {
  const modules = await modulesOf('stories/build/build-stories.ts')
  expect(modules.length).toBeGreaterThan(4)
  const isSource = (file: string): boolean =>
    sources.stories.some(source => file === source || file.startsWith(`${source}/`))
  expect(modules.filter(file => !isSource(file))).toEqual([])
})
