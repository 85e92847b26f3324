import { runOn } from './run-on.js'

await runOn('mariadb', 'search')
