import type { Limits } from './limits.js'

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Looks through a parsed JSON value before anything walks it recursively, and says what is wrong with it: too deep, too
 * many keys or items, a key that could reach a prototype, text that no store keeps as it is (NUL, lone surrogates).
 *
 * `texts`: whether to look into texts, for who cannot tell that they are harmless.
 */
export function inspectJson(
  value: unknown,
  limits: Pick<Limits, 'jsonDepth' | 'jsonKeys' | 'jsonItems'>,
  texts = true,
): string | undefined {
  if (typeof value === 'string') return texts ? textFault(value) : undefined
  if (typeof value !== 'object' || value === null) return undefined
  // Two parallel stacks: no object per node on the path of every frame.
  const nodes: object[] = [value]
  const depths: number[] = [1]
  let keys = 0
  const look = (child: unknown, depth: number): string | undefined => {
    if (typeof child === 'string') return texts ? textFault(child) : undefined
    if (typeof child === 'object' && child !== null) {
      nodes.push(child)
      depths.push(depth + 1)
    }
    return undefined
  }
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const depth = depths.pop()!
    if (depth > limits.jsonDepth) return `nested deeper than ${limits.jsonDepth}`
    if (Array.isArray(node)) {
      if (node.length > limits.jsonItems) return `a list of more than ${limits.jsonItems} items`
      for (const child of node as unknown[]) {
        const fault = look(child, depth)
        if (fault) return fault
      }
      continue
    }
    for (const key in node) {
      if (++keys > limits.jsonKeys) return `more than ${limits.jsonKeys} keys`
      if (forbidden.has(key)) return `the key "${key}" is not allowed`
      const fault = (texts && textFault(key)) || look((node as Record<string, unknown>)[key], depth)
      if (fault) return fault
    }
  }
  return undefined
}

function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'text with a NUL character'
  if (!text.isWellFormed()) return 'text with a lone surrogate'
  return undefined
}
