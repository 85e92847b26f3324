import { execFile } from 'node:child_process'
import { access, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { findProgram } from '../find-program.js'

const run = promisify(execFile)
const policy = '/usr/sbin/policy-rc.d'

/** Installs packages of Debian or Ubuntu, and starts none of their services. */
export async function installByApt(packages: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const byHand = `install the packages ${packages.join(' ')} by hand`
  if (!findProgram('apt-get', env)) throw new Error(`there is no apt-get here; ${byHand}`)
  if (process.getuid?.() !== 0) throw new Error(`apt-get needs root; ${byHand}`)
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 }
  await withoutServices(async () => {
    await run('apt-get', ['update', '-qq'], options)
    await run('apt-get', ['install', '-qq', '--no-install-recommends', ...packages], options)
  })
}

/** @see https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt : 101 forbids the action. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const already = await access(policy).then(
    () => true,
    () => false,
  )
  if (!already) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    if (!already) await rm(policy, { force: true })
  }
}
