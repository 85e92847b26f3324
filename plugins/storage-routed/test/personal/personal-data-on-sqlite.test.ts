import { personalDataOn } from './personal-data-on.js'

await personalDataOn('sqlite')
