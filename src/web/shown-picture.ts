import { pictureUrl } from '#platform/picture.h5'

/** The address at which pages show a picture; undefined for one that they do not show. */
export const shownPicture = (src: string): string | undefined => pictureUrl(src) || undefined
