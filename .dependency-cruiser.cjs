/** Who may import whom (see the map in README.md). tests/unit/rules.test.ts plants a violation of each. */
const functionFolders = 'content|reactions|sharing|editor|clock|web'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contract-imports-only-valibot',
      severity: 'error',
      comment: 'The contract is shared by pages and functions: it may depend on nothing either lacks.',
      from: { path: '^src/contract/' },
      to: { pathNot: ['^src/contract/', '^node_modules/valibot/'] },
    },
    {
      name: 'components-know-no-feature',
      severity: 'error',
      comment: 'Components know nothing of the cloud, of votes or of any feature.',
      from: { path: '^src/components/' },
      to: { path: '^src/(cloud|votes|features|pages|more)/' },
    },
    {
      name: 'foundations-know-no-feature',
      severity: 'error',
      comment: 'What features are built on knows neither them nor anything that is drawn.',
      from: { path: '^src/(cloud|votes|platform|text)/' },
      to: { path: '^src/(components|features|pages|more)/' },
    },
    {
      name: 'platform-knows-no-cloud',
      severity: 'error',
      from: { path: '^src/(platform|text)/' },
      to: { path: '^src/(cloud|votes)/' },
    },
    {
      name: 'cache-by-its-owners',
      severity: 'error',
      comment:
        'features/reading alone caches stories, features/feed the home page; the shelf clears all of it.',
      from: {
        path: '^src/',
        pathNot:
          '^src/(platform/cache\\.ts|features/reading/story-cache\\.ts|features/feed/home-list\\.ts|pages/shelf/index\\.tsx)$',
      },
      to: { path: '^src/platform/cache' },
    },
    {
      name: 'features-are-strangers',
      severity: 'error',
      comment: 'Features never import each other; pages compose them.',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'nothing-imports-pages',
      severity: 'error',
      comment:
        'Taro opens them by their addresses in WeChat; on the web src/web does. Tests try their parts.',
      from: { pathNot: '^(src/(pages|more|web)|tests)/' },
      to: { path: '^src/(pages|more)/' },
    },
    {
      name: 'pages-import-no-page',
      severity: 'error',
      comment: 'A page imports no other page; subpackages keep their own parts beside them.',
      from: { path: '^src/(pages|more)/([^/]+)/' },
      to: { path: '^src/(pages|more)/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'client-and-cloud-meet-in-contract',
      severity: 'error',
      comment:
        'src/site.ts is data both sides may read: channels and columns are checked where they are written.',
      from: { path: '^cloudfunctions/', pathNot: '^cloudfunctions/web/' },
      to: { path: '^src/', pathNot: ['^src/contract/', '^src/site\\.ts$'] },
    },
    {
      name: 'one-function-renders-the-site',
      severity: 'error',
      comment: 'It knows the pages by src/web alone.',
      from: { path: '^cloudfunctions/web/' },
      to: { path: '^src/', pathNot: ['^src/contract/', '^src/site\\.ts$', '^src/web/'] },
    },
    {
      name: 'the-site-stands-on-top',
      severity: 'error',
      comment: 'src/web puts pages into documents: nothing of the mini-program needs it.',
      from: { path: '^(src|cloudfunctions)/', pathNot: '^(src|cloudfunctions)/web/' },
      to: { path: '^src/web/' },
    },
    {
      name: 'client-imports-no-cloudfunction',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^cloudfunctions/' },
    },
    {
      name: 'functions-are-strangers',
      severity: 'error',
      comment: 'Each function is deployed alone; what two of them need lies in shared/.',
      from: { path: `^cloudfunctions/(${functionFolders})/` },
      to: { path: `^cloudfunctions/(${functionFolders})/`, pathNot: '^cloudfunctions/$1/' },
    },
    {
      name: 'shared-imports-no-function',
      severity: 'error',
      from: { path: '^cloudfunctions/shared/' },
      to: { path: `^cloudfunctions/(${functionFolders})/` },
    },
    {
      name: 'stores-know-only-rows',
      severity: 'error',
      comment:
        'A store reads and writes one collection. Voting, publishing and handlers import stores, never the reverse.',
      from: { path: '^cloudfunctions/shared/stores/' },
      to: {
        path: [
          '^cloudfunctions/shared/(voting|publishing|reading)/',
          '^cloudfunctions/shared/(serve|caller|require-published)\\.ts$',
          `^cloudfunctions/(${functionFolders})/`,
        ],
      },
    },
    {
      name: 'one-door-to-the-sdk',
      severity: 'error',
      comment: 'Only shared/cloud.ts imports wx-server-sdk.',
      from: {
        path: '^(cloudfunctions|src|local-cloud|config|stories)/',
        pathNot: '^cloudfunctions/shared/cloud\\.ts$',
      },
      to: { path: '(^|/)node_modules/(wx-server-sdk|@cloudbase)/' },
    },
    {
      name: 'one-door-to-the-cloud',
      severity: 'error',
      comment: 'Only call.ts imports a transport; app.tsx starts it, and web/start.tsx on the web.',
      from: { path: '^src/', pathNot: '^src/(cloud/call\\.ts|app\\.tsx|web/start\\.tsx)$' },
      to: { path: '^src/cloud/transport' },
    },
    {
      name: 'nothing-shipped-imports-the-local-cloud',
      severity: 'error',
      from: { path: '^(src|cloudfunctions)/' },
      to: { path: '^local-cloud/' },
    },
    {
      name: 'nothing-shipped-imports-dev-tools',
      severity: 'error',
      from: { path: '^(src|cloudfunctions)/' },
      to: { path: '^(tests|config|deploy|simulation|stories|weapp-host)/' },
    },
    {
      name: 'weapp-host-stands-alone',
      severity: 'error',
      comment: 'The host runs any built mini-program, so it depends on nothing of this one.',
      from: { path: '^weapp-host/' },
      to: { path: '^(src|cloudfunctions|local-cloud|config|simulation|stories|tests)/' },
    },
    {
      name: 'only-tests-import-the-simulation',
      severity: 'error',
      comment: 'It takes over the time and chance of its process.',
      from: { pathNot: '^(simulation|tests)/' },
      to: { path: '^simulation/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'A rule cannot see what it cannot resolve.',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.scss$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|artifacts)/|^deploy/manager-node-check' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json', '.d.ts', '.scss'],
    },
  },
}
