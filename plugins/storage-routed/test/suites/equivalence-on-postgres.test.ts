import { runOn } from './run-on.js'

await runOn('postgres', 'equivalence')
