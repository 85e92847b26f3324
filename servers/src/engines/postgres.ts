import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import type { Engine } from '../engine.js'
import { findProgram } from '../find-program.js'
import { serverNames } from '../server-names.js'

const debian = '/usr/lib/postgresql'

export const postgres: Engine = {
  ...serverNames.postgres,
  // SIGTERM would wait until the last client has left.
  stopSignal: 'SIGINT',
  refusesRoot: true,
  find(env) {
    const server = findProgram('postgres', env, newestFirst())
    const init = server && findProgram('initdb', env, [dirname(server)])
    return init ? { server, init } : undefined
  },
  prepare: ({ init = '' }, data) => [
    {
      command: init,
      args: [
        ...['-D', data, '-U', 'natter', '-A', 'trust', '-E', 'UTF8', '--locale=C'],
        ...['--no-sync', '--no-instructions'],
      ],
    },
  ],
  serve({ server = '' }, data, port, settings) {
    const all = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 300,
      ...settings,
    }
    return {
      command: server,
      args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    }
  },
  url: (port) => `postgres://natter@127.0.0.1:${port}/postgres`,
  begin: () => Promise.resolve(),
  hello: (url) =>
    ask(url, async (client) => {
      const { rows } = await client.query<{ version: string; data: string | null }>(
        "select current_setting('server_version') as version, current_setting('data_directory', true) as data",
      )
      const { version = '', data } = rows[0] ?? {}
      return { version: version.replace(/ .*/, ''), data: data ?? '' }
    }),
  async create(url, name) {
    await ask(url, (client) => client.query(`create database "${name}" template template0 encoding 'UTF8'`))
    const own = new URL(url)
    own.pathname = `/${name}`
    return own.href
  },
  async drop(url, name) {
    await ask(url, (client) => client.query(`drop database if exists "${name}" with (force)`))
  },
}

function newestFirst(): string[] {
  try {
    const versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(debian, version, 'bin'))
  } catch {
    return []
  }
}

async function ask<T>(url: string, question: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A server that is killed breaks the line also between two questions.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await question(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
