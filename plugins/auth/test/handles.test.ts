import test from 'ava'
import { comparableHandle, parseHandle, reservedSkeletons } from '#src/handles.js'

const valid: readonly (readonly [written: string, handle: string, shown?: string])[] = [
  ['alice', 'alice'],
  ['Alice', 'alice', 'Alice'],
  ['ab', 'ab'],
  ['a.b-c_d', 'a.b-c_d'],
  ['anna2', 'anna2'],
  ['ＡＬＩＣＥ', 'alice', 'ALICE'],
  ['Müller', 'müller', 'Müller'],
  ['Mu\u0308ller', 'müller', 'Müller'],
  ['straße', 'straße'],
  ['İstanbul', 'istanbul', 'istanbul'],
  ['Αλέξης', 'αλέξης'],
  ['Дмитрий', 'дмитрий'],
  ['محمد', 'محمد'],
  ['אברהם', 'אברהם'],
  ['राम', 'राम'],
  ['สมชาย', 'สมชาย'],
  ['田中さん', '田中さん'],
  ['ｶﾀｶﾅ', 'カタカナ', 'カタカナ'],
  ['김철수', '김철수'],
  ['x'.repeat(32), 'x'.repeat(32)],
]
for (const [written, handle, shown] of valid) {
  test(`"${written}" may be registered, as "${handle}"`, (t) => {
    const parsed = parseHandle(written)
    t.is(parsed?.handle, handle)
    if (shown !== undefined) t.is(parsed?.written, shown)
    t.is(comparableHandle(written), handle)
  })
}

const invalid: Readonly<Record<string, string>> = {
  'one character': 'a',
  'more than 32 characters': 'x'.repeat(33),
  'no letter': '1234',
  nothing: '',
  'a space': 'al ice',
  'a separator at the start': '.alice',
  'a separator at the end': 'alice-',
  'two separators in a row': 'al..ice',
  'an at sign': 'alice@example',
  'a slash': 'a/b',
  markup: '<b>bold</b>',
  'a line break': 'ali\nce',
  'a NUL': 'ali\0ce',
  'a lone surrogate': 'ali\ud800ce',
  'an emoji': 'alice😀',
  'a zero-width space': 'al\u200bice',
  'a zero-width joiner': 'al\u200dice',
  'a soft hyphen': 'al\u00adice',
  'a right-to-left override': 'alice\u202egnp',
  'a byte order mark': '\ufeffalice',
  'a Hangul filler, which is an invisible letter': 'alice\u3164',
  'a variation selector': 'alice\ufe0f',
  'a ligature': 'ﬁona',
  'a superscript': 'alice²',
  'a mathematical letter': '𝐚lice',
  'Latin and Cyrillic': 'аlice',
  'Latin and Greek': 'αlice',
  'Cyrillic and Greek': 'дαд',
  'Latin and Han': 'alice田',
  'Arabic and Hebrew': 'محאב',
  'a script that is not in common use': 'ᚠᚢᚦ',
  'Arabic digits': 'محمد١',
  'a right-to-left handle that starts with a digit': '1محمد',
  'an Arabic filler stroke': 'محـمد',
  'a pile of marks': 'a\u0301\u0302\u0303\u0304\u0305b',
  'a mark at the start': '\u0301alice',
  'a second dot on the i': 'i\u0307\u0307vy',
}
for (const [what, handle] of Object.entries(invalid)) {
  test(`a handle with ${what} is refused`, (t) => {
    t.is(parseHandle(handle), undefined)
  })
}

const alike: readonly (readonly [string, string])[] = [
  ['alice', 'a1ice'],
  ['alice', 'aIice'],
  ['alice', 'aiice'],
  ['bob', 'b0b'],
  ['modern', 'modem'],
  ['paypal', 'раураӏ'],
  ['оса', 'oca'],
  ['ΡΑΥΟ', 'ραυο'],
  ['istanbul', 'ıstanbul'],
  ['λογος', 'λογοσ'],
]
for (const [one, other] of alike) {
  test(`"${one}" and "${other}" share a skeleton`, (t) => {
    t.truthy(parseHandle(one))
    t.is(parseHandle(one)?.skeleton, parseHandle(other)?.skeleton)
  })
}

test('capitals that would look like other letters are not shown', (t) => {
  t.is(parseHandle('ΡΑΥΟ')?.written, 'ραυο')
  t.is(parseHandle('Paul')?.written, 'Paul')
})

for (const handle of [
  'admin',
  'Admin',
  'ADM1N',
  'ad.min',
  'аdмin',
  'system',
  'sys_tem',
  'SYSTEM',
  'supp0rt',
  'root',
  'natter',
]) {
  test(`"${handle}" is reserved`, (t) => {
    t.is(parseHandle(handle), undefined)
  })
}

test('the host can reserve more', (t) => {
  t.truthy(parseHandle('acme'))
  t.is(parseHandle('Ac-me', reservedSkeletons(['acme'])), undefined)
})
