/** WeChat draws a bar with the title, a way back and a way home by itself; see SiteBar.h5.tsx for the web's. */
export function SiteBar() {
  return null
}
