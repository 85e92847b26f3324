// Copies the database and the secrets of a server, which may be running, into a folder:
//   node starter/dist/backup.js backups/monday
// The environment names what to copy, as it does for the server.
import { constants, copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { copyDatabase } from '@natter/storage-sql'
import { readSettings } from './settings.js'
import { StartError, stopReadably } from './stop-readably.js'

try {
  const [folder, ...more] = process.argv.slice(2)
  if (folder === undefined || more.length > 0) throw new StartError('Name the folder to copy to: backup.js <folder>')
  const { databaseUrl, mongoUrl, dataDir } = readSettings(process.env, [])
  if (databaseUrl === undefined || mongoUrl !== undefined) {
    throw new StartError('Only an SQLite file is copied by this. Of MongoDB make a backup with mongodump --oplog.')
  }
  const database = join(folder, 'chat.db')
  copyDatabase(databaseUrl, database)
  const secrets = join(dataDir, 'secrets')
  // After the database, so that it has every key that was used in it. A copy has the mode of its source.
  if (existsSync(secrets)) copyFileSync(secrets, join(folder, 'secrets'), constants.COPYFILE_EXCL)
  console.log(`Copied to ${folder}: the database${existsSync(secrets) ? ' and the secrets' : ''}.`)
  if (!existsSync(secrets)) console.log('The master secret is in the environment of the server: keep that too.')
} catch (error) {
  stopReadably(error)
}
