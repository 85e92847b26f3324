import { createConnection } from 'mysql2/promise'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Engine } from '../engine.js'
import { findProgram } from '../find-program.js'
import { serverNames } from '../server-names.js'

const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []

export const mariadb: Engine = {
  ...serverNames.mariadb,
  stopSignal: 'SIGTERM',
  refusesRoot: false,
  find(env) {
    const server = findProgram('mariadbd', env, ['/usr/sbin'])
    const init = server && findProgram('mariadb-install-db', env, ['/usr/bin'])
    return init ? { server, init } : undefined
  },
  prepare: ({ init = '' }, data) => [
    {
      command: init,
      args: [
        ...['--no-defaults', ...asRoot, `--datadir=${data}`],
        ...['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
      ],
    },
  ],
  serve({ server = '' }, data, port, settings) {
    const all = {
      datadir: data,
      // Relative to the folder of the data: an address of a socket must be short.
      socket: 'socket',
      'pid-file': 'pid',
      'bind-address': '127.0.0.1',
      port,
      'character-set-server': 'utf8mb4',
      'collation-server': 'utf8mb4_bin',
      'max-connections': 300,
      ...settings,
    }
    const args = Object.entries(all).map(([name, value]) => `--${name}=${value}`)
    return { command: server, args: ['--no-defaults', ...asRoot, '--skip-name-resolve', ...args] }
  },
  url: (port) => `mysql://root@127.0.0.1:${port}/`,
  begin: () => Promise.resolve(),
  hello: (url) =>
    ask(url, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>('select version() as version, @@datadir as data')
      const { version, data } = rows[0] as { version: string; data: string }
      return { version: version.replace(/-.*/, ''), data }
    }),
  async create(url, name) {
    await ask(url, (connection) =>
      connection.query(`create database \`${name}\` character set utf8mb4 collate utf8mb4_bin`),
    )
    const own = new URL(url)
    own.pathname = `/${name}`
    return own.href
  },
  async drop(url, name) {
    await ask(url, (connection) => connection.query(`drop database if exists \`${name}\``))
  },
}

async function ask<T>(url: string, question: (connection: Connection) => Promise<T>): Promise<T> {
  const uri = url.replace(/^mariadb:/, 'mysql:')
  const connection = await createConnection({ uri, connectTimeout: 5_000 })
  connection.on('error', () => undefined)
  try {
    return await question(connection)
  } finally {
    connection.destroy()
  }
}
