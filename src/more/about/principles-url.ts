/** The address of the page of principles. Only 关于 links to it, so it is not in the main package. */
export const principlesUrl = '/more/principles/index'
