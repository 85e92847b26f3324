// What the generators of documentation share: regions of a page that they own, and tables for them.

/** The page with a region's content replaced. A region begins with `<!-- generated: NAME -->` and ends with `<!-- end -->`. */
export function fill(page, name, content) {
  const region = regionOf(name)
  if (!region.test(page)) throw new Error(`The page has no region <!-- generated: ${name} -->`)
  return page.replace(region, (_, before, after) => `${before}\n${content}\n\n${after}`)
}

/** The cells of a region's table, by their first cell. */
export function rowsOf(page, name) {
  const rows = (regionOf(name).exec(page)?.[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '))
  return new Map(rows.map((cells) => [cells[0], cells]))
}

export function table(head, rows) {
  const row = (cells) => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

const regionOf = (name) => new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`)
