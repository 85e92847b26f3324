import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from './refusals.js'

/** Which store is meant. */
export interface Place {
  readonly kind: 'sqlite' | 'postgres' | 'mysql' | 'mongo'
  /** For people, and to tell stores from each other: without user and password. */
  readonly name: string
  /** The path, where it is a file. */
  readonly file?: string
}
interface Named {
  readonly url: string
  readonly schema: string | undefined
  readonly prefix: string | undefined
}

const schemes: Readonly<Record<string, readonly [kind: Place['kind'], shown: string, port: number | undefined]>> = {
  postgres: ['postgres', 'postgres', 5432],
  postgresql: ['postgres', 'postgres', 5432],
  mysql: ['mysql', 'mysql', 3306],
  mariadb: ['mysql', 'mysql', 3306],
  mongodb: ['mongo', 'mongodb', 27_017],
  'mongodb+srv': ['mongo', 'mongodb+srv', undefined],
}

/** User and password end at the last @, and none may stand behind: it would be a part of a password that we showed. */
const server = /^([a-z+]+):\/\/(?:[^/?#]*@)?([^/?#@]*)(\/[^?#@]*)?(?:\?([^#@]*))?$/i
const host = /^(\[[\da-f:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/i

/** @throws UsageError, without a word of the url. */
export function placeOf(side: string, { url, schema, prefix }: Named): Place {
  if (url.startsWith('sqlite:')) return fileOf(side, { url, schema, prefix })
  const [, scheme = '', hosts = '', path = '', query = ''] = server.exec(url) ?? []
  const known = schemes[scheme.toLowerCase()]
  if (!known) return unreadable(side)
  const [kind, shown, port] = known
  if (schema !== undefined && kind !== 'postgres') throw new UsageError(`--${side}-schema is for PostgreSQL only.`)
  const parameters = new URLSearchParams(query)
  const named =
    hosts || [parameters.get('host') ?? '', parameters.get('port')].filter((each) => each !== null).join(':')
  const list = named.split(',').map((each) => {
    const [, name, own = port] = host.exec(each) ?? unreadable(side)
    return `${(name || 'localhost').toLowerCase()}${own === undefined ? '' : `:${own}`}`
  })
  const database = path.length > 1 ? path : kind === 'mongo' ? '/natter' : ''
  const more = [schema && `schema ${schema}`, prefix && prefix !== 'natter_' && `prefix ${prefix}`].filter(Boolean)
  const name = `${shown}://${list.sort().join()}${database}`
  return { kind, name: more.length > 0 ? `${name} (${more.join(', ')})` : name }
}

function fileOf(side: string, { url, schema, prefix }: Named): Place {
  const path = url.replace(/^sqlite:(\/\/(?=.))?/s, '')
  if (path === '') return unreadable(side)
  if (path === ':memory:') throw new UsageError(`--${side} is a store in memory, which keeps nothing. Name a file.`)
  if (schema !== undefined || prefix !== undefined) {
    throw new UsageError(
      `--${side}-${schema === undefined ? 'prefix' : 'schema'} is not for a file, which holds one store.`,
    )
  }
  const file = existsSync(path) ? realpathSync(path) : resolve(path)
  return { kind: 'sqlite', name: `sqlite:${file}`, file }
}

function unreadable(side: string): never {
  throw new UsageError(
    `--${side} cannot be read. Write it as sqlite:data/chat.db, postgres://user:password@host/name, mariadb://… or mongodb://…,\nwith special letters of the password as %XX.`,
  )
}
