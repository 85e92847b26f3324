import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import { compile } from './doc-samples.js'

const { folder, said, remove } = await compile('docs/storage-backend.md')
if (said) throw new Error(said)
// the page's own test: it registers the suite's tests for the page's own backend in this file
await import(pathToFileURL(join(folder, 'test/conformance.test.js')).href)
test.after.always(remove)
