import { z } from 'zod'
import { route } from '@natter/core/contract'
import { ok, time } from '@natter/core/schema'
import { arriving, displayName, freshProof, handle } from '../inputs.js'
import { factorAnswer, registeredAnswer, sessionAnswer } from '../session-answers.js'

const many = 'NATTER_RATE_LIMITED'
const origin = 'AUTH_ORIGIN_REFUSED'
const ended = 'AUTH_FLOW_ENDED'
const exists = 'AUTH_FACTOR_EXISTS'
const proof = ['AUTH_PROOF_NEEDED', 'AUTH_WRONG_CREDENTIALS', many]
const visiting = ['AUTH_METHOD_UNKNOWN', 'AUTH_PROVIDER_FAILED', origin, many]
const provider = z.string().max(32)
const visit = {
  provider,
  /** Path on the page's own site where the browser comes back: `/` or `/settings?tab=security`. */
  returnTo: z.string().max(512).default('/'),
}
const visitAnswer = z.object({
  /** Send the browser there. */
  url: z.string(),
  expiresAt: time,
})
/** Nobody's account yet: `register` makes one, or log in to yours and link it. */
const newAnswer = z.object({
  status: z.literal('new'),
  provider,
  /** Suggestions. */
  name: z.string().optional(),
  handle: z.string().optional(),
  expiresAt: time,
})
const linkedAnswer = z.object({ status: z.literal('linked'), provider })

/**
 * Routes of OpenID Connect, below `<prefix>/auth`. The browser comes back to `returnTo` with `#natter-oidc` (go on with `finish`)
 * or `#natter-oidc=<code of an error>`.
 */
export const oidcRoutes = {
  start: route('auth.oidcStart', {
    method: 'POST',
    path: '/oidc/start',
    summary: 'Start to log in with an account elsewhere',
    public: true,
    input: z.object(visit),
    output: visitAnswer,
    errors: visiting,
  }),
  link: route('auth.oidcLink', {
    method: 'POST',
    path: '/oidc/link',
    summary: 'Start to link an account elsewhere to mine, so that it logs in to it',
    input: z.object({ ...visit, ...freshProof }),
    output: visitAnswer,
    errors: [...visiting, ...proof],
  }),
  callback: route('auth.oidcCallback', {
    method: 'GET',
    path: '/oidc/callback/:provider',
    summary: 'Where a provider sends the browser back; it goes on to the page that started',
    public: true,
    status: 303,
    input: z.object({ provider }),
  }),
  finish: route('auth.oidcFinish', {
    method: 'POST',
    path: '/oidc/finish',
    summary: 'Take what came of a visit: a session, a further factor, a link, or the question for a handle',
    public: true,
    input: z.object(arriving),
    output: z.discriminatedUnion('status', [sessionAnswer, factorAnswer, newAnswer, linkedAnswer]),
    errors: [ended, exists, 'AUTH_TOO_MANY', origin, many],
  }),
  register: route('auth.oidcRegister', {
    method: 'POST',
    path: '/oidc/register',
    summary: 'Make an account for who came from a provider and has none',
    public: true,
    status: 201,
    input: z.object({ handle, name: displayName.optional(), ...arriving }),
    output: registeredAnswer,
    errors: [ended, exists, 'AUTH_HANDLE_INVALID', 'AUTH_HANDLE_TAKEN', 'AUTH_REGISTRATION_CLOSED', origin, many],
  }),
  links: route('auth.oidcLinks', {
    method: 'GET',
    path: '/oidc/links',
    summary: 'My accounts elsewhere that log in to this one',
    input: ok,
    output: z.object({
      links: z.array(z.object({ id: z.string(), provider, name: z.string().optional(), createdAt: time })),
    }),
  }),
  unlink: route('auth.oidcUnlink', {
    method: 'POST',
    path: '/oidc/links/:id/remove',
    summary: 'Remove a link; never the last way to log in',
    input: z.object({ ...freshProof, id: z.string().max(64) }),
    output: ok,
    errors: [...proof, 'AUTH_LAST_WAY', 'NATTER_NOT_FOUND', 'NATTER_BUSY'],
  }),
} as const
