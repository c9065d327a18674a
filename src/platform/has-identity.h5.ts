import { webPage } from './web-page'

/** As in has-identity.ts. Visitors of the site have no identity, those of the phone preview have. */
export const hasIdentity = (): boolean => webPage().preview
