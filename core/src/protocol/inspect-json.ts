import type { Limits } from './limits.js'

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Looks through a parsed JSON value before anything walks it recursively, and says what is wrong with it: too deep, too
 * many keys or items, a key that could reach a prototype, text that no store keeps as it is (NUL, lone surrogates).
 */
export function inspectJson(
  value: unknown,
  limits: Pick<Limits, 'jsonDepth' | 'jsonKeys' | 'jsonItems'>,
): string | undefined {
  if (typeof value === 'string') return textFault(value)
  if (typeof value !== 'object' || value === null) return undefined
  // Two parallel stacks: no object per node on the path of every frame.
  const nodes: object[] = [value]
  const depths: number[] = [1]
  let keys = 0
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const depth = depths.pop()!
    if (depth > limits.jsonDepth) return `nested deeper than ${limits.jsonDepth}`
    const list = Array.isArray(node)
    if (list && (node as unknown[]).length > limits.jsonItems) return `a list of more than ${limits.jsonItems} items`
    for (const key in node) {
      if (!list) {
        if (++keys > limits.jsonKeys) return `more than ${limits.jsonKeys} keys`
        if (forbidden.has(key)) return `the key "${key}" is not allowed`
        const fault = textFault(key)
        if (fault) return fault
      }
      const child = (node as Record<string, unknown>)[key]
      if (typeof child === 'string') {
        const fault = textFault(child)
        if (fault) return fault
      } else if (typeof child === 'object' && child !== null) {
        nodes.push(child)
        depths.push(depth + 1)
      }
    }
  }
  return undefined
}

function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'text with a NUL character'
  if (!text.isWellFormed()) return 'text with a lone surrogate'
  return undefined
}
