import { runOn } from './run-on.js'

await runOn('mongo', 'equivalence')
