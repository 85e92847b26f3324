/** A frame as text, and what must come of it: a close code, a refusal's code, or only "documented". */
export interface HandPicked {
  readonly text: string
  readonly closed?: number
  readonly code?: string
}

const closes = (...texts: string[]): HandPicked[] => texts.map((text) => ({ text, closed: 4400 }))
const refused = (code: string, ...frames: unknown[]): HandPicked[] =>
  frames.map((frame) => ({ text: typeof frame === 'string' ? frame : JSON.stringify(frame), code }))
const documented = (...frames: unknown[]): HandPicked[] =>
  frames.map((frame) => ({ text: typeof frame === 'string' ? frame : JSON.stringify(frame) }))

const nest = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth)
const send = (...rest: unknown[]) => ['s', 1, ...rest]
const to = { user: 'alice' }
const operators = ['$gt', '$ne', '$where', '$regex', '$expr', '$function', '$or', '$in', '$exists', '$text']
const strings = [
  "'; drop table natter_entry; --",
  '" or ""="',
  "1' union select 1--",
  '{{7*7}}',
  '${process.exit()}',
  '<script>alert(1)</script>',
  '\r\nHTTP/1.1 200 OK',
  '\u2028\u2029',
  '\ufeffbom',
  '\u202e\u2066evil',
  'Z\u0335\u0321a\u0338l\u0334g\u0337o',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'ﷺﷺﷺ',
]

export const handPicked: readonly HandPicked[] = [
  // not JSON, or not quite
  ...closes(
    '',
    ' ',
    '[',
    ']',
    '{',
    '{}',
    'null',
    'true',
    '1',
    '"s"',
    '[]',
    '[1]',
    '[null]',
    '[[]]',
    '[{}]',
    '["s",1',
    "['s',1]",
  ),
  ...closes(
    'NaN',
    'Infinity',
    '-',
    '01',
    '["s",01]',
    '["s",+1]',
    '["s",1e]',
    '["s",.5]',
    '["s",1,]',
    '["s" 1]',
    '["s",undefined]',
  ),
  ...closes(
    '\ufeff["p"]',
    '["p"]["p"]',
    '["p"]\0',
    '["p"] //',
    '/* */["p"]',
    '["\\x41"]',
    '["\\u12"]',
    '["\n"]',
    '["\t"]',
  ),
  // text that no store keeps
  ...closes('["s",1,{"user":"alice"},"a",{"text":"\\u0000"}]', '["s",1,{"user":"alice"},"a",{"text":"\\ud800"}]'),
  ...closes(
    '["s",1,{"user":"alice"},"a",{"text":"\\udc00x"}]',
    '["q",1,"a.b",{"\\ud800":1}]',
    '["q",1,"a.b\\u0000",{}]',
  ),
  ...closes('["s",1,{"user":"alice\\u0000"},"a",{"text":"x"}]', '["p","\\ud83d"]', '["\\ud800",1]'),
  // deep, wide, long
  ...closes(nest(17), nest(1_000), `["q",1,"a.b",${nest(20)}]`, `["q",1,"a.b",${nest(10_000)}]`),
  ...closes(
    `["q",1,"a.b",${'{"a":'.repeat(20)}1${'}'.repeat(20)}]`,
    `["q",1,"a.b",${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}]`,
  ),
  ...closes(JSON.stringify(['q', 1, 'a.b', Object.fromEntries(Array.from({ length: 257 }, (_, i) => [i, 0]))])),
  ...closes(JSON.stringify(['q', 1, 'a.b', Array.from({ length: 1_001 }, () => 0)]), `[${'0,'.repeat(1_500)}0]`),
  // prototypes
  ...closes('["q",1,"a.b",{"__proto__":{"polluted":1}}]', '["q",1,"a.b",{"constructor":{"prototype":{"polluted":1}}}]'),
  ...closes('["q",1,"a.b",{"prototype":1}]', '["s",1,{"user":"alice"},"a",{"__proto__":{"isAdmin":true},"text":"x"}]'),
  ...closes('["s",1,{"__proto__":{"user":"alice"}},"a",{"text":"x"}]', '["q",1,"a.b",[{"a":{"__proto__":1}}]]'),
  ...closes('["q",1,"a.b",{"\\u005f_proto__":1}]', '["__proto__","x",{"__proto__":1}]'),
  // out of turn
  ...closes('["hello",{}]', '["hello",{"token":"alice"}]', '["hello"]', '["hello",5]'),
  // requests without a usable id
  ...closes(
    '["s"]',
    '["q"]',
    '["s",null]',
    '["s","1"]',
    '["s",-1]',
    '["s",1.5]',
    '["s",2147483648]',
    '["s",1e99]',
    '["s",9007199254740993]',
  ),
  ...closes('["q",{}]', '["q",[]]', '["q",true]', '["q",-0.5]', '["q",1e-9]', '["s",[1]]'),
  // shapes that are not
  ...refused(
    'NATTER_INVALID',
    send(),
    send(to),
    send(to, 'a'),
    send(to, 'a', null),
    send(to, 'a', []),
    send(to, 'a', 'x'),
    send(to, 'a', 5),
  ),
  ...refused(
    'NATTER_INVALID',
    send(null, 'a', { text: 'x' }),
    send({}, 'a', { text: 'x' }),
    send({ user: '' }, 'a', { text: 'x' }),
  ),
  ...refused('NATTER_INVALID', send({ user: 5 }, 'a', { text: 'x' }), send({ user: ['alice'] }, 'a', { text: 'x' })),
  ...refused(
    'NATTER_INVALID',
    send({ user: 'a'.repeat(65) }, 'a', { text: 'x' }),
    send({ user: 'a b' }, 'a', { text: 'x' }),
  ),
  ...refused(
    'NATTER_INVALID',
    send(to, '', { text: 'x' }),
    send(to, 'a/b', { text: 'x' }),
    send(to, 'ä', { text: 'x' }),
  ),
  ...refused(
    'NATTER_INVALID',
    send(to, 5, { text: 'x' }),
    send(to, null, { text: 'x' }),
    send(to, 'a'.repeat(65), { text: 'x' }),
  ),
  ...refused(
    'NATTER_INVALID',
    send(to, 'a', {}),
    send(to, 'a', { text: '' }),
    send(to, 'a', { text: null }),
    send(to, 'a', { text: 5 }),
  ),
  ...refused(
    'NATTER_INVALID',
    send(to, 'a', { text: ['x'] }),
    send(to, 'a', { text: { $gt: '' } }),
    send(to, 'a', { type: 'text' }),
  ),
  ...refused('NATTER_INVALID', send(to, 'a', { type: 'opaque' }), send(to, 'a', { type: 'opaque', data: 5 })),
  ...refused('NATTER_INVALID', send(to, 'a', { type: 'opaque', data: 'x'.repeat(24_001) })),
  ...refused(
    'NATTER_UNKNOWN_BODY',
    send(to, 'a', { type: 'poll' }),
    send(to, 'a', { type: '' }),
    send(to, 'a', { type: 5, text: 'x' }),
  ),
  ...refused(
    'NATTER_UNKNOWN_BODY',
    send(to, 'a', { type: { $ne: 1 }, text: 'x' }),
    send(to, 'a', { type: 'toString' }),
  ),
  ...refused(
    'NATTER_UNKNOWN_BODY',
    send(to, 'a', { type: 'hasOwnProperty' }),
    send(to, 'a', { type: 'x'.repeat(5_000) }),
  ),
  ...refused(
    'NATTER_TOO_LARGE',
    send(to, 'a', { text: 'x'.repeat(16_385) }),
    send(to, 'a', { text: '界'.repeat(16_000) }),
  ),
  // foreign, absent and made-up conversations
  ...refused('NATTER_NOT_FOUND', send('d000000000000000000000', 'a', { text: 'x' }), send('x', 'a', { text: 'x' })),
  ...refused(
    'NATTER_NOT_FOUND',
    send('system', 'a', { text: 'x' }),
    send('..', 'a', { text: 'x' }),
    send('toString', 'a', { text: 'x' }),
  ),
  ...refused(
    'NATTER_NOT_AVAILABLE',
    send({ user: 'nobody' }, 'a', { text: 'x' }),
    send({ user: 'nobody-else' }, 'a', { text: 'x' }),
  ),
  // commands
  ...refused(
    'NATTER_INVALID',
    ['q', 1],
    ['q', 1, ''],
    ['q', 1, 'a'],
    ['q', 1, 5],
    ['q', 1, 'A.b', {}],
    ['q', 1, 'a.b ', {}],
    ['q', 1, '../x.y', {}],
  ),
  ...refused(
    'NATTER_INVALID',
    ['q', 1, 'a.b', {}, 5],
    ['q', 1, 'a.b', {}, 'no spaces'],
    ['q', 1, `a.${'b'.repeat(80)}`, {}],
  ),
  ...refused(
    'NATTER_PLUGIN_ABSENT',
    ['q', 1, 'groups.create', {}],
    ['q', 1, 'a.b', {}],
    ['q', 1, 'core.x', {}],
    ['q', 1, 'to-string.x', {}],
  ),
  ...refused(
    'NATTER_UNKNOWN_COMMAND',
    ['q', 1, 'offline.nothing', {}],
    ['q', 1, 'offline.sync.more', {}],
    ['zz', 1],
    ['M', 1, 2],
    ['', 1],
  ),
  ...refused(
    'NATTER_INVALID',
    ['q', 1, 'offline.page', {}],
    ['q', 1, 'offline.page', null],
    ['q', 1, 'offline.page', 'x'],
    ['q', 1, 'offline.page', []],
  ),
  ...refused(
    'NATTER_INVALID',
    ['q', 1, 'offline.page', { conversation: 5 }],
    ['q', 1, 'offline.page', { conversation: { $gt: '' } }],
  ),
  ...[-1, 1.5, 2 ** 53, 1e300, '1', null, [1], { $gt: 0 }].flatMap((after) =>
    refused('NATTER_INVALID', ['q', 1, 'offline.page', { conversation: 'x', after }]),
  ),
  ...[0, -1, 201, 1e9, '50', 2.5, null].flatMap((limit) =>
    refused('NATTER_INVALID', ['q', 1, 'offline.page', { conversation: 'x', limit }]),
  ),
  ...refused(
    'NATTER_NOT_FOUND',
    ['q', 1, 'offline.page', { conversation: 'x' }],
    ['q', 1, 'offline.state', { conversation: 'toString' }],
  ),
  ...refused('NATTER_NOT_FOUND', ['q', 1, 'offline.mark', { conversation: 'x', read: 2 ** 53 - 1 }]),
  ...[5, null, {}, 'x'.repeat(257), ['a']].flatMap((cursor) =>
    refused('NATTER_INVALID', ['q', 1, 'offline.sync', { cursor }]),
  ),
  ...documented(
    ['q', 1, 'offline.sync', { cursor: '' }],
    ['q', 1, 'offline.sync', { cursor: 'a.zzzzzzzzzzz' }],
    ['q', 1, 'offline.sync', { cursor: '../..' }],
  ),
  // operators and injections, everywhere a text goes
  ...operators.flatMap((operator) => [
    ...refused(
      'NATTER_INVALID',
      send({ user: { [operator]: '' } }, 'a', { text: 'x' }),
      send(to, { [operator]: '' }, { text: 'x' }),
    ),
    ...refused('NATTER_INVALID', ['q', 1, 'offline.state', { conversation: { [operator]: '' } }]),
    ...documented(send(to, 'a', { text: 'x', [operator]: { a: 1 } })),
  ]),
  ...strings.map((text) => ({ text: JSON.stringify(send(to, 'a', { text })) })),
  ...strings.flatMap((text) => refused('NATTER_INVALID', ['q', 1, 'offline.page', { conversation: text }])),
  // numbers at their edges
  ...documented(
    '["s",0,{"user":"alice"},"a",{"text":"x"}]',
    '["s",2147483647,{"user":"alice"},"a",{"text":"x"}]',
    '["s",1e0,{"user":"alice"},"a",{"text":"x"}]',
  ),
  ...documented(
    '["s",1,{"user":"alice"},"a",{"text":"x","n":1e999}]',
    '["s",1,{"user":"alice","user":"bob"},"a",{"text":"x","text":"y"}]',
  ),
  // keeping alive, and what only a server says
  ...documented(
    ['p'],
    ['o'],
    ['p', 1, 2, 3],
    ['o', {}],
    ['m', 'x', 1, 1, 'alice', 0, 'a', { text: 'x' }],
    ['a', 1, 1, 1],
    ['goaway', {}],
    ['h', 'x', 5],
  ),
]
