// A module loader hook: gives one module in the place of another.
let replaced

export const initialize = (data) => {
  replaced = data
}

export const resolve = (specifier, context, next) =>
  specifier === replaced.from ? { url: replaced.to, format: 'module', shortCircuit: true } : next(specifier, context)
