/**
 * Accessibility attributes that our pages use. Taro's base.wxml lacks them, so Taro drops them silently. Taro also renames
 * attributes to p0..pN in sorted order, so the same list must reach the templates (build) and the runtime (phone). Plain
 * JavaScript, because the phone's bundle includes it too.
 */
const aria = { 'aria-role': '', 'aria-label': '', 'aria-checked': '', 'aria-hidden': '' }

module.exports = { View: aria, Text: aria, Image: aria, Button: aria }
