import { resolve } from 'node:path'
import test from 'ava'
import { readOrder } from '#src/order.js'
import { captured } from './captured.js'

const place = (from: string, ...more: string[]) =>
  readOrder(['copy', '--from', from, '--to', 'sqlite:other.db', ...more], {})!.from.place.name

test('a store is named without user and password, the same however it is written', (t) => {
  t.is(place('postgres://chat:secret@DB.example/chat'), 'postgres://db.example:5432/chat')
  t.is(place('postgresql://db.example:5432/chat?sslmode=require'), 'postgres://db.example:5432/chat')
  t.is(place('postgres:///chat?host=/run/postgresql&password=secret'), 'postgres:///run/postgresql:5432/chat')
  t.is(
    place('postgres://h/chat', '--from-schema', 'chat', '--from-prefix', 'x_'),
    'postgres://h:5432/chat (schema chat, prefix x_)',
  )
  t.is(place('postgres://h/chat', '--from-prefix', 'natter_'), 'postgres://h:5432/chat')
  t.is(place('mariadb://chat:a@b@h/chat'), 'mysql://h:3306/chat')
  t.is(place('mysql://h:3307/chat'), 'mysql://h:3307/chat')
  t.is(
    place('mongodb://u:p@b.example,a.example:27018/chat?replicaSet=rs0'),
    'mongodb://a.example:27018,b.example:27017/chat',
  )
  t.is(place('mongodb+srv://u:p@set.example'), 'mongodb+srv://set.example/natter')
  t.is(place('sqlite:data/chat.db'), `sqlite:${resolve('data/chat.db')}`)
  t.is(place('sqlite:///srv/chat.db'), 'sqlite:/srv/chat.db')
})

const refused: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[], /natter-storage copy --from URL --to URL/],
  [['move'], /natter-storage copy/],
  [['copy', 'postgres://u:hunter2@h/a', 'b'], /options only/],
  [['copy', '--to', 'sqlite:b.db'], /--from is missing: .* copy from/],
  [['copy', '--from', 'sqlite:a.db'], /--to is missing: .* copy into/],
  [['copy', '--form', 'postgres://u:hunter2@h/a'], /'--form'/],
  [['copy', '--from'], /--from <value>/],
  [['copy', '--postgres://u:hunter2@h/a'], /Unknown option '--postgres:\/\/…@h\/a'/],
  [['copy', '--from', 'redis://u:hunter2@h', '--to', 'sqlite:b.db'], /--from cannot be read/],
  [['copy', '--from', 'chat.db', '--to', 'sqlite:b.db'], /--from cannot be read/],
  [['copy', '--from', 'sqlite:', '--to', 'sqlite:b.db'], /--from cannot be read/],
  // what stands behind would be shown as host, port or path
  [['copy', '--from', 'postgres://u:1/hunter2@h/a', '--to', 'sqlite:b.db'], /--from cannot be read/],
  [['copy', '--from', 'postgres://u:1?hunter2@h/a', '--to', 'sqlite:b.db'], /--from cannot be read/],
  [['copy', '--from', 'postgres://u:1#hunter2@h/a', '--to', 'sqlite:b.db'], /--from cannot be read/],
  [['copy', '--from', 'sqlite:a.db', '--to', 'sqlite::memory:'], /--to is a store in memory/],
  [['copy', '--from', 'sqlite:a.db', '--to', 'sqlite:./x/../a.db'], /the same store/],
  [['copy', '--from', 'mysql://u:hunter2@h/a', '--to', 'mariadb://v@h:3306/a'], /the same store, mysql:\/\/h:3306\/a/],
  [['copy', '--from', 'sqlite:a.db', '--to', 'sqlite:b.db', '--to-prefix', 'x_'], /--to-prefix is not for a file/],
  [['copy', '--from', 'mongodb://h/a', '--from-schema', 'x', '--to', 'sqlite:b.db'], /--from-schema is for PostgreSQL/],
  [['copy', '--from', 'sqlite:a.db', '--to', 'sqlite:b.db', '--to-env', 'URL'], /either --to or --to-env/],
  [['copy', '--from-env', 'NOWHERE', '--to', 'sqlite:b.db'], /NOWHERE, which is not set/],
]
for (const [args, says] of refused) {
  test(`natter-storage ${args.join(' ')}: not understood`, async (t) => {
    const { code, out, err } = await captured(args)
    t.is(code, 2)
    t.is(out, '')
    t.regex(err, says)
    t.notRegex(err, /hunter2|stack|at .*\.js/)
  })
}

test('help is no failure', async (t) => {
  for (const help of ['--help', '-h']) {
    const { code, out, err } = await captured(['copy', help])
    t.is(code, 0)
    t.regex(out, /^natter-storage copy --from URL --to URL/)
    t.is(err, '')
  }
})
