export { echo } from './plugin.js'
