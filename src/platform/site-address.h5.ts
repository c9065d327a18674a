/** The site's own address. */
export const siteAddress = (): string => location.origin
