// Loaded with the suites, not before: a hook is the beginning of a file's tests, like a test.
import test from 'ava'
import { stops } from './stops.js'

test.after.always('its servers end', () => Promise.all(stops.map((stop) => stop())))
