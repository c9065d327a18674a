/** The site's address without a final slash. Empty if the mini-program was built without a site: it offers no link then. */
export const siteAddress = (): string => SITE_URL
