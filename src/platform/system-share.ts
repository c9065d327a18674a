/** A link to share. */
export interface SharedLink {
  title: string
  url: string
}

/** Opens the system's share dialog. False where there is none: WeChat lets only its own buttons share. */
export const shareBySystem = (_link: () => SharedLink): boolean => false
