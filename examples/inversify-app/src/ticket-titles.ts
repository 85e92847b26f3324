import { definePlugin, messageChange } from '@natter/core'
import { token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'

/** What the plugin needs of whoever keeps tickets. It knows neither this app nor its container. */
export interface TicketTitles {
  titleOf(number: number): string | undefined
}
export const TicketTitles: Token<TicketTitles, 'ticket-titles'> = token('ticket-titles').of()

/** Writes a ticket's title behind its number: "see #7" becomes "see #7 (Printer on fire)". */
export const ticketTitles = definePlugin({
  name: 'ticket-titles',
  needs: { tickets: TicketTitles },
  setup(api, { tickets }) {
    api.hook(messageChange, (draft) => {
      if (draft.type !== 'text') return undefined
      const text = draft.text.replaceAll(/#(\d{1,9})\b/g, (mention, number: string) => {
        const title = tickets.titleOf(Number(number))
        return title === undefined ? mention : `${mention} (${title})`
      })
      return text === draft.text ? undefined : { ...draft, text }
    })
  },
})
