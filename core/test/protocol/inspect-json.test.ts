import test from 'ava'
import { inspectJson } from '#src/protocol/inspect-json.js'

const limits = { jsonDepth: 4, jsonKeys: 4, jsonItems: 3 }

for (const [what, value, fault] of [
  ['a deep list', [[[[[]]]]], 'nested deeper than 4'],
  ['a deep object', { a: { a: { a: { a: {} } } } }, 'nested deeper than 4'],
  ['a long list in an object', { a: [1, 2, 3, 4] }, 'a list of more than 3 items'],
  [
    'many keys over several objects',
    [
      { a: 1, b: 2, c: 3 },
      { a: 1, b: 2 },
    ],
    'more than 4 keys',
  ],
  ['a key that reaches a prototype', [JSON.parse('{"__proto__":1}')], 'the key "__proto__" is not allowed'],
  ['a constructor', { a: { constructor: 1 } }, 'the key "constructor" is not allowed'],
  ['NUL in a list', ['a', 'b\0'], 'text with a NUL character'],
  ['NUL in an object', { a: 'b\0' }, 'text with a NUL character'],
  ['NUL in a key', { 'a\0': 1 }, 'text with a NUL character'],
  ['a lone surrogate', { a: ['\ud800'] }, 'text with a lone surrogate'],
  ['a text by itself', '\udc00', 'text with a lone surrogate'],
  ['what may be sent', ['a', { b: [1, null, '😀'] }], undefined],
] as const) {
  test(`${what}: ${fault ?? 'nothing is wrong'}`, (t) => t.is(inspectJson(value, limits), fault))
}

test('texts are not looked into for who knows that they are harmless, everything else is', (t) => {
  t.is(inspectJson(['\0', { a: '\0' }], limits, false), undefined)
  t.is(inspectJson([[[[['\0']]]]], limits, false), 'nested deeper than 4')
  t.is(inspectJson([JSON.parse('{"__proto__":1}')], limits, false), 'the key "__proto__" is not allowed')
})
