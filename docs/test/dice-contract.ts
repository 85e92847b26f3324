import type { Command } from '@natter/core/contract'

/** As the sample of the README declares it. */
export declare const roll: Command<
  'dice.roll',
  { readonly sides?: number },
  { sides: number },
  { value: number },
  false
>
