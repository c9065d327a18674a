/** WeChat renders a placeholder as a separate element with the class that the page sets. */
const placeholder =
  '<html-div class="wx-placeholder {{placeholderClass}}" style="{{placeholderStyle}}">{{placeholder}}</html-div>'

/** Inner markup of built-in components. `html-…` stands for the browser's own elements. */
export const builtinTemplates: Record<string, string> = {
  button: '<slot/>',
  canvas: '<html-canvas class="wx-canvas"/>',
  image: '<html-img class="wx-img" bindload="handleLoad" binderror="handleError"/>',
  input: `<html-input placeholder=" " type="{{password?'password':'text'}}" bindinput="handleInput" bindfocus="handleFocus" bindblur="handleBlur" bindkeydown="handleKey"/>${placeholder}`,
  textarea: `<html-textarea placeholder=" " bindinput="handleInput" bindfocus="handleFocus" bindblur="handleBlur"/>${placeholder}`,
  'rich-text': '<html-div class="wx-rich"></html-div>',
  'scroll-view': '<slot/>',
  swiper: '<html-div class="wx-track"><slot/></html-div><html-div class="wx-dots"></html-div>',
  'swiper-item': '<slot/>',
}
