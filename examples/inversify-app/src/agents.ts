import { injectable } from 'inversify'

export interface Agent {
  readonly id: string
  readonly name: string
}

/** Who works here: the app's own directory, which the chat asks instead of copying it. */
@injectable()
export class Agents {
  readonly #all: readonly Agent[] = [
    { id: 'helpdesk', name: 'Helpdesk' },
    { id: 'ann', name: 'Ann Ames' },
    { id: 'ben', name: 'Ben Brook' },
  ]

  byIds(ids: readonly string[]): readonly Agent[] {
    return this.#all.filter(({ id }) => ids.includes(id))
  }
}
