import { runOn } from './run-on.js'

await runOn('sqlite', 'equivalence')
