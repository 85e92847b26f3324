import { existsSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { root } from './doc-samples.js'

/** Whether a file has a test of this title. */
export type HasTest = (file: string, title: string) => boolean

/**
 * Reads the titles of tests from the sources, so that no suite has to run. Where a title is put together, what stands in
 * its gaps must be written somewhere in the same file.
 */
export function testTitles(): HasTest {
  const known = new Map<string, HasTitle>()
  return (file, title) => {
    const hasTitle = known.get(file) ?? titlesOf(file)
    known.set(file, hasTitle)
    return hasTitle(title)
  }
}

type HasTitle = (title: string) => boolean

function titlesOf(file: string): HasTitle {
  if (!existsSync(`${root}/${file}`)) return () => false
  const text = readFileSync(`${root}/${file}`, 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const titles: RegExp[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /test/i.test(node.expression.getText(source))) {
      const pattern = node.arguments[0] && patternOf(node.arguments[0])
      if (pattern) titles.push(pattern)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return (title) =>
    titles.some((pattern) => {
      const [, ...gaps] = pattern.exec(title) ?? [undefined, '\0']
      return gaps.every((gap) => text.includes(gap!.replaceAll('"', '')))
    })
}

function patternOf(title: ts.Expression): RegExp | undefined {
  if (ts.isStringLiteralLike(title)) return exactly([title.text])
  if (!ts.isTemplateExpression(title)) return undefined
  return exactly([title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)])
}

const exactly = (parts: readonly string[]) =>
  new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('(.+?)')}$`, 's')
