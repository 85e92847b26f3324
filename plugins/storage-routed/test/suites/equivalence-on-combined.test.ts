import { runOn } from './run-on.js'

await runOn('combined', 'equivalence')
