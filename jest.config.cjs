/** ESM-only packages that code under test imports: jest runs CommonJS, so these are transformed too. */
const esmOnly = [
  'mingo',
  'bson',
  'unified',
  'remark-[^/]+',
  'mdast-[^/]+',
  'micromark[^/]*',
  'unist-[^/]+',
  'vfile[^/]*',
  'bail',
  'trough',
  'is-plain-obj',
  'decode-named-character-reference',
  'character-entities',
  'ccount',
  'devlop',
  'dequal',
  'escape-string-regexp',
  'fault',
  'longest-streak',
  'markdown-table',
  'zwitch',
  'hast-[^/]+',
  'hastscript',
  'rehype-[^/]+',
  'property-information',
  'space-separated-tokens',
  'comma-separated-tokens',
  'web-namespaces',
  'html-void-elements',
  'stringify-entities',
  'trim-[^/]+',
  'collapse-white-space',
  'feedsmith',
  'fast-xml-parser',
  '@nodable/[^/]+',
  'anynum',
  'fast-xml-builder',
  'is-unsafe',
  'path-expression-matcher',
  'strnum',
  'xml-naming',
]

/**
 * Globals that code which computes uses often and no test replaces. In jest's vm each use of a global first asks the
 * sandbox, which makes such code two to thirty times as slow; as a parameter of each module it costs nothing. A module
 * keeps the one that it was loaded with, so those that tests replace (`Date`, timers, `fetch`) are not here. Neither are
 * those that a package declares at its top, such as `RegExp` and `TextDecoder`: that would be a syntax error.
 */
const oftenUsedGlobals = [
  'Array',
  'BigInt',
  'Boolean',
  'Buffer',
  'Error',
  'Infinity',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'Reflect',
  'Set',
  'String',
  'Symbol',
  'TypeError',
  'Uint8Array',
  'WeakMap',
  'isNaN',
  'parseFloat',
  'parseInt',
  'process',
]

/** @type {import('jest').Config} */
const config = {
  testEnvironment: '<rootDir>/tests/support/environment.cjs',
  globalSetup: '<rootDir>/tests/support/before-all.ts',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  transform: {
    '^.+\\.(t|j|mj)sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
      },
    ],
  },
  // Tests of components outside a build see no styles.
  moduleNameMapper: { '\\.scss$': '<rootDir>/tests/support/no-styles.cjs' },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`, '/dist/'],
  sandboxInjectedGlobals: oftenUsedGlobals,
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cloud/', '<rootDir>/.cache/'],
  testSequencer: '<rootDir>/tests/support/longest-first.cjs',
  // Two cores, and many tests that wait for clouds, browsers and timeouts: two workers leave a third of both idle.
  maxWorkers: 3,
  // The slowest tests take twelve seconds on two quiet cores. A busy machine may take four times as long.
  testTimeout: 60_000,
}

module.exports = config
