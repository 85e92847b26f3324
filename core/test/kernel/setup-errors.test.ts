import test from 'ava'
import { defineErrors } from '@natter/core/contract'
import { setupOf } from './harness.js'
import { refused } from './refused.js'

test(
  'a setup that throws names the plugin',
  refused,
  () => [
    setupOf('a', () => {
      throw new TypeError('x is not a function')
    }),
  ],
  'NATTER_STEP_FAILED',
  'a: setup failed: x is not a function',
)
test(
  'a declared error thrown in setup keeps its code and gets the name',
  refused,
  () => [
    setupOf('a', () => {
      throw defineErrors('A', { NO_KEY: { status: 500, message: 'There is no key.' } }).NO_KEY()
    }),
  ],
  'A_NO_KEY',
  'a: There is no key.',
)
test(
  'an asynchronous setup is refused',
  refused,
  () => [setupOf('a', (async () => Promise.reject(new Error('later'))) as never)],
  'NATTER_PLUGIN_INVALID',
  'a: setup returned a promise.\n  Register in setup, and do what takes time in init.',
)
test(
  'a setup that returns something else is refused',
  refused,
  () => [setupOf('a', (() => true) as never)],
  'NATTER_PLUGIN_INVALID',
  'a: setup returned true.\n  Return nothing, or an object of init, start, ready, drain, stop.',
)
test(
  'a step that there is not is named',
  refused,
  () => [setupOf('a', () => ({ shutdown: () => undefined }) as never)],
  'NATTER_PLUGIN_INVALID',
  'a: setup returned "shutdown", which is no step of a life.\n  The steps are the functions init, start, ready, drain, stop.',
)
test(
  'a step that is no function is named',
  refused,
  () => [setupOf('a', () => ({ init: 5 }) as never)],
  'NATTER_PLUGIN_INVALID',
  'a: setup returned "init", which is a number.\n  The steps are the functions init, start, ready, drain, stop.',
)
