import type { Schema, SchemaIssue } from '../contract/index.js'
import { pathOf } from './parse-with.js'

/** One line about one setting. */
export function describeIssue(_schema: Schema, issue: SchemaIssue, _given: unknown): string {
  return `"${pathOf(issue)}": ${issue.message}`
}
