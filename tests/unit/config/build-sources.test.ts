import path from 'node:path'
import { build } from 'esbuild'
import { sources, stampOf } from '../../../config/targets'

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

test.each([
  ['stories', 'stories/build/build-stories.ts'],
  ['console', 'local-cloud/console/page/Console.tsx'],
  ['functions', 'cloudfunctions/clock/index.ts'],
  ['functions', 'cloudfunctions/content/index.ts'],
  ['functions', 'cloudfunctions/editor/index.ts'],
  ['functions', 'cloudfunctions/reactions/index.ts'],
  ['functions', 'cloudfunctions/sharing/index.ts'],
] as const)(
  'a change of any module that the build of %s imports from %s rebuilds it',
  async (target, entry) => {
    const modules = await modulesOf(entry)
    expect(modules.length).toBeGreaterThan(4)
    const isSource = (file: string): boolean =>
      sources[target].some(source => file === source || file.startsWith(`${source}/`))
    expect(modules.filter(file => !isSource(file))).toEqual([])
  },
)

test('other addresses of the site make other functions, whose links lead there', () => {
  const { KEPU_SITE_URL: before, ...others } = process.env
  try {
    const stamps = ['https://one.example', 'https://two.example'].map(address => {
      process.env = { ...others, KEPU_SITE_URL: address }
      return stampOf('functions')
    })
    expect(new Set(stamps).size).toBe(2)
  } finally {
    process.env = { ...others, ...(before === undefined ? {} : { KEPU_SITE_URL: before }) }
  }
})

test('a mini-program without a site is another build than one that nobody chose a site for', () => {
  const { KEPU_SITE_URL: before, ...others } = process.env
  const stampFor = (site: Record<string, string>) => {
    process.env = { ...others, ...site }
    return stampOf('weapp')
  }
  try {
    const addresses = [{}, { KEPU_SITE_URL: '' }, { KEPU_SITE_URL: 'https://kepu.cn' }]
    expect(new Set(addresses.map(stampFor)).size).toBe(3)
  } finally {
    process.env = { ...others, ...(before === undefined ? {} : { KEPU_SITE_URL: before }) }
  }
})
