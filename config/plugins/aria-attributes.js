/**
 * Accessibility attributes our pages use. Taro's base.wxml knows none of them and drops them silently; it also renames
 * attributes to p0..pN in sorted order, so this one list must reach the template (build) and the runtime (phone).
 * Plain JavaScript because the phone's bundle takes it too.
 */
const aria = { 'aria-role': '', 'aria-label': '', 'aria-checked': '', 'aria-hidden': '' }

module.exports = { View: aria, Text: aria, Image: aria, Button: aria }
