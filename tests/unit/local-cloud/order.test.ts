import { Binary, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { compareValues, sameValue } from '../../../local-cloud/database/order'
import { sorted } from '../../../local-cloud/database/sort'

/** Values in MongoDB's order of types, and within each type in its order; a list holds values that are equal. */
const ascending: unknown[][] = [
  [new MinKey()],
  [null, undefined],
  [Number.NaN],
  [Number.NEGATIVE_INFINITY],
  [-1.5],
  [0, -0],
  [2, Long.fromNumber(2)],
  [Number.MAX_SAFE_INTEGER],
  [Long.fromString('9007199254740993')],
  [''],
  ['10'],
  ['9'],
  ['a'],
  ['ab'],
  ['b'],
  ['日'],
  ['\u{ff01}'],
  ['\u{20bb7}'],
  [{}],
  [{ a: 1 }],
  [{ a: 1, b: 0 }],
  [{ a: 2 }],
  [{ b: 1 }],
  [{ b: 1, a: 9 }],
  [{ a: 'text' }],
  [[]],
  [[1]],
  [[1, 9]],
  [[2, 0]],
  [
    [2, 1],
    [2, Long.fromNumber(1)],
  ],
  [['a']],
  [new Binary(new Uint8Array([9]))],
  [new Binary(new Uint8Array([1, 1]))],
  [new Binary(new Uint8Array([1, 2]))],
  [new ObjectId('65'.repeat(12))],
  [new ObjectId('66'.repeat(12))],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Timestamp({ t: 1, i: 1 })],
  [new Timestamp({ t: 1, i: 2 })],
  [/a/],
  [/a/i],
  [/b/],
  [new MaxKey()],
]

test('values of all types are in MongoDB’s order, each against each', () => {
  for (const [at, ones] of ascending.entries())
    for (const [other, others] of ascending.entries())
      for (const a of ones)
        for (const b of others) {
          expect([a, b, Math.sign(compareValues(a, b))]).toEqual([a, b, Math.sign(at - other)])
          expect([a, b, sameValue(a, b)]).toEqual([a, b, at === other])
        }
})

test('an empty list is sorted before null, and after what is smaller than everything', () => {
  const inOrder = [[new MinKey()], [], [null], null, 1]
  const rows = [3, 1, 4, 0, 2].map(at => ({ at, value: inOrder[at] }))
  const order = (direction: 1 | -1) =>
    sorted(rows, { value: direction, at: direction }, row => row).map(row => row.at)
  expect(order(1)).toEqual([0, 1, 2, 3, 4])
  expect(order(-1)).toEqual([4, 3, 2, 1, 0])
})

test('a list is sorted by its smallest element upwards, by its largest downwards, and like null where a path leads nowhere', () => {
  const rows = [{ a: [{ b: 5 }, { b: 1 }] }, { a: { b: 3 } }, { a: [1] }, {}, { a: [{ b: [2, 9] }] }]
  const order = (direction: 1 | -1) =>
    sorted(rows, { 'a.b': direction }, row => row).map(row => rows.indexOf(row))
  expect(order(1)).toEqual([2, 3, 0, 4, 1])
  expect(order(-1)).toEqual([4, 0, 1, 2, 3])
})
