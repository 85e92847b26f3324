/** `@natter/auth/oidc`: log in with an account elsewhere (OpenID Connect). */
export { oidc } from './oidc/oidc.js'
export type { OidcOptions, OidcProvider } from './oidc/options.js'
export { oidcRoutes } from './oidc/routes.js'
