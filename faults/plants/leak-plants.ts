import type { Plant } from './plant.js'

const leak = (name: string, bug: string, module: string, find: string, replace: string): Plant => ({
  name,
  bug,
  breaks: 'I5',
  shownBy: 'leaks',
  patches: [{ module, find, replace }],
})

/** Bugs by which somebody gets what they may not read. */
export const leakPlants: readonly Plant[] = [
  leak(
    'still-delivered',
    'Whoever was in a conversation once goes on getting what is written there.',
    '@natter/core/dist/pipeline/pipeline.js',
    'const reached = this.#parts.deliver(users, frame,',
    `const ever = (this.plantedEver ??= new Map());
        const all = new Set([...(ever.get(entry.conversation) ?? []), ...users]);
        ever.set(entry.conversation, all);
        const reached = this.#parts.deliver([...all], frame,`,
  ),
  leak(
    'entries-below-the-floor',
    'By its seq a message can be read that is older than the joining.',
    '@natter/actions/dist/reading.js',
    'seq > mine.floor && seq <= state.seq',
    'seq <= state.seq',
  ),
  leak(
    'thread-for-who-left',
    'Who is out of a conversation still reads its threads, pins and single entries.',
    '@natter/actions/dist/reading.js',
    'if (!state || state.me.left)',
    'if (!state)',
  ),
  leak(
    'floor-forgotten',
    'Who comes in reads the history from its start, whatever the policy of the group says.',
    '@natter/groups/dist/acts.js',
    "...(settings.history === 'start' && { floor: 0 })",
    'floor: 0',
  ),
  leak(
    'presence-for-all',
    'The status is told to everybody who watches, whatever the privacy settings say.',
    '@natter/presence/dist/sight.js',
    'if (answer !== undefined)\n            return answer;',
    'return true;',
  ),
  {
    name: 'edition-outlives-deletion',
    bug: 'What a message said before it was edited can be read after it was deleted.',
    breaks: 'I5',
    shownBy: 'leaks',
    patches: [
      {
        module: '@natter/actions/dist/traces.js',
        find: 'await this.#parts.editions.remove({ conversation, seq });',
        replace: '',
      },
      { module: '@natter/actions/dist/plugin.js', find: 'if (isDeleted(body) || config', replace: 'if (config' },
    ],
  },
  {
    name: 'found-below-the-floor',
    bug: 'What is found is not read by the rule of history: below where somebody came in there are hits too.',
    breaks: 'I5',
    shownBy: 'leaks',
    patches: [
      {
        module: '@natter/search/dist/messages.js',
        find: 'if (floor === undefined || row.seq <= floor ||',
        replace: 'if (floor === undefined ||',
      },
      {
        module: '@natter/search/dist/messages.js',
        find: 'return await this.#parts.conversations.entry(me, `${conversation}/${seq}`);',
        replace: `const [found] = await this.#parts.storage.log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 });
            return found && { ...found, ...JSON.parse(found.body) };`,
      },
    ],
  },
  leak(
    'export-of-who-left',
    'The export of somebody who left has what others wrote there.',
    '@natter/offline/dist/person.js',
    'if (!me.left || entry.from === user)',
    '',
  ),
  leak(
    'remark-of-the-other',
    'A remark is looked up by the friend, and so the friend reads it too.',
    '@natter/friends/dist/contact-list.js',
    'page({ user: me, other: { in: others } }, { limit: others.length });\n        return new Map(rows.map((row) => [row.other, row]));',
    'page({ user: { in: others }, other: me }, { limit: others.length });\n        return new Map(rows.map((row) => [row.user, row]));',
  ),
  leak(
    'timer-of-any-conversation',
    'Whoever names a conversation is told after how long messages disappear there.',
    '@natter/actions/dist/expiring/timers.js',
    'async of(me, conversation) {\n        await this.#parts.reading.place(me, conversation);',
    'async of(me, conversation) {',
  ),
  leak(
    'expired-stays',
    'What has disappeared at its time is only said to be gone.',
    '@natter/actions/dist/expiring/expiry.js',
    'await acts.expire(conversation, place.seq);',
    '',
  ),
  leak(
    'name-of-any-group',
    'Whoever names a group is told what it is called.',
    '@natter/groups/dist/acts.js',
    'if (!scene.inside || scene.room.dissolved)',
    'if (scene.room.dissolved)',
  ),
]
