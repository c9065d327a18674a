import { makeLazy } from '../../../config/plugins/lazy-requires'

/** Runs CommonJS code with a `require` that records each request; returns what the code exports. */
function run(
  source: string,
  modules: Record<string, object>,
): { exports: Record<string, unknown>; asked: string[] } {
  const asked: string[] = []
  const exports = {}
  const importDefault = (module: { __esModule?: boolean }) =>
    module.__esModule ? module : { default: module }
  new Function('exports', 'require', '__importDefault', source)(
    exports,
    (name: string) => {
      asked.push(name)
      return modules[name]
    },
    importDefault,
  )
  return { exports, asked }
}

describe('a compiled module made lazy', () => {
  test('loads nothing until a value is used, and then once', () => {
    const { exports, asked } = run(
      makeLazy(`const jwt_1 = __importDefault(require("jwt"));
exports.sign = (text) => jwt_1.default.sign(text) + jwt_1.default.sign(text);`),
      { jwt: { sign: (text: string) => `${text}!` } },
    )
    expect(asked).toEqual([])
    expect((exports.sign as (text: string) => string)('a')).toBe('a!a!')
    expect(asked).toEqual(['jwt'])
  })

  test('creates instances of its imports and calls them as before', () => {
    const { exports } = run(
      makeLazy(`const thing_1 = require("./thing");
exports.make = () => new thing_1.Thing(7).value + (0, thing_1.add)(1, 2);`),
      {
        './thing': {
          Thing: class {
            constructor(readonly value: number) {}
          },
          add: (a: number, b: number) => a + b,
        },
      },
    )
    expect((exports.make as () => number)()).toBe(10)
  })

  test('loads at once what a base class or an export needs', () => {
    const { exports, asked } = run(
      makeLazy(`const base_1 = require("./base");
class Mine extends base_1.Base {}
exports.Mine = Mine;`),
      { './base': { Base: class {} } },
    )
    expect(asked).toEqual(['./base'])
    expect(exports.Mine).toBeDefined()
  })
})
