import { runOn } from './run-on.js'

await runOn('mariadb', 'equivalence')
