import type { Plant } from './plant.js'

const pipeline = '@natter/core/dist/pipeline/pipeline.js'
const resume = '@natter/offline/dist/resume.js'
/** A page as SQLite reads it, and as other stores give it. */
const reader = '@natter/storage-sql/dist/sqlite/log-reader.js'
const pages = '@natter/core/dist/storage/entry-page.js'

/** Bugs in what is answered and delivered. */
export const deliveryPlants: readonly Plant[] = [
  {
    name: 'retry-unanswered',
    bug: 'A retry of what is stored gets no answer.',
    breaks: 'all sent',
    shownBy: 'kills',
    patches: [
      {
        module: pipeline,
        find: 'sending.acked?.(ack, place);\n        if (stored.status',
        replace: "if (stored.status !== 'duplicate') sending.acked?.(ack, place);\n        if (stored.status",
      },
    ],
  },
  {
    name: 'deliver-before-commit',
    bug: 'A message is handed to the members while it is still being written.',
    breaks: 'I1',
    shownBy: 'kills',
    patches: [
      {
        module: pipeline,
        find: `#commit(place, sending, digest, submitted, body, context) {
        const answer = this.#parts.store({`,
        replace: `async #commit(place, sending, digest, submitted, body, context) {
        const heads = (globalThis.plantedHeads ??= new Map());
        const seq = (heads.get(place.conversation) ?? NaN) + 1;
        if (seq > 0) {
            const early = { ...place, seq, n: seq, from: sending.from, clientId: sending.clientId, at: context.now, body: body.text };
            this.#parts.deliver(place.users, entryFrame(early), { except: sending.connection, hint: undefined });
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        const answer = this.#parts.store({`,
      },
      {
        module: pipeline,
        find: 'return then(answer, (stored) => {',
        replace: `return then(answer, (stored) => {
        if (stored?.seq) heads.set(place.conversation, Math.max(heads.get(place.conversation) ?? 0, stored.seq));`,
      },
    ],
  },
  {
    name: 'entry-to-a-stranger',
    bug: 'Messages also go to the connection that was opened first, whoever that is.',
    breaks: 'I5',
    shownBy: 'kills',
    patches: [
      {
        module: '@natter/core/dist/gateway/registry.js',
        find: 'for (const connection of connections) {\n                if (connection.id === options.except',
        replace:
          'for (const connection of [...connections, ...[...this.#all].slice(0, 1)]) {\n                if (connection.id === options.except',
      },
    ],
  },
  {
    name: 'marks-to-strangers',
    bug: 'Everybody who is connected is told how far somebody has read.',
    breaks: 'I5',
    shownBy: 'kills',
    patches: [
      {
        module: '@natter/offline/dist/plugin.js',
        find: 'api.publish(contract.marked, { users }, moved)',
        replace: 'api.publish(contract.marked, { users: [...connections.all()].map(({ user }) => user) }, moved)',
      },
    ],
  },
  {
    name: 'resume-skips-an-entry',
    bug: 'A page that goes on from what a client holds leaves out its first entry.',
    breaks: 'I4',
    shownBy: 'kills',
    patches: [
      { module: reader, find: 'Math.max(first, after + 1)', replace: 'Math.max(first, after + 2)' },
      { module: pages, find: 'entries.slice(1)', replace: 'entries.slice(2)' },
    ],
  },
  {
    name: 'cursor-moves-back',
    bug: 'The cursor of a sync lies before what the sync gave.',
    breaks: 'I4',
    shownBy: 'kills',
    patches: [
      {
        module: resume,
        find: 'mark: states.at(-1)?.mark ?? after',
        replace: 'mark: Math.max(0, (states.at(-1)?.mark ?? after) - 1)',
      },
    ],
  },
  {
    name: 'epoch-ignored',
    bug: 'A cursor is trusted whatever start of the server it is from.',
    breaks: 'I13',
    shownBy: 'restored store',
    patches: [{ module: resume, find: 'given !== undefined && log.holds(given)', replace: 'given !== undefined' }],
  },
  {
    name: 'held-entry-not-compared',
    bug: 'A page goes on from a seq, whatever entry the client holds there.',
    breaks: 'I13',
    shownBy: 'restored store',
    patches: [
      { module: resume, find: 'given !== undefined && log.holds(given)', replace: 'given !== undefined' },
      { module: reader, find: 'num, after)?.[0] !== holds', replace: 'num, after)?.[0] === undefined' },
      { module: pages, find: 'held?.seq !== after || held.clientId !== holds', replace: 'held?.seq !== after' },
    ],
  },
  {
    name: 'buffer-cap-off',
    bug: 'What a slow reader does not take is kept for it without end.',
    breaks: 'I8',
    shownBy: 'slow consumers',
    patches: [
      {
        module: '@natter/core/dist/gateway/live-connection.js',
        find: 'if (this.#pressure() > this.#parts.limits.hardBufferBytes)',
        replace: 'if (this.#pressure() === Infinity)',
      },
    ],
  },
]
