/** Makes a disk and does nothing with it. */
import { doDiskWork } from './do-disk-work.js'

doDiskWork(2 ** 24, async () => ({}))
