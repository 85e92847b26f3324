/** What to add for the services that everybody meets first. Texts only: the kernel knows none of these plugins. */
const wellKnown = new Map([
  ['users', 'Add auth() or hostIdentity() to createChat({ plugins }).'],
  ['relations', 'Add friends() to createChat({ plugins }), or a plugin of yours that provides it.'],
  ['storage', "Add storageSql({ url: 'sqlite:data/chat.db' }) to createChat({ plugins })."],
])

/** What to do about a service that nobody provides. */
export function toProvide(service: string): string {
  return wellKnown.get(service) ?? `Add a plugin that provides "${service}" to createChat({ plugins }).`
}
