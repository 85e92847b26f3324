import test from 'ava'
import { testCaught } from './caught.js'

testCaught(test, 1, 2)
