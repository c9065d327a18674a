/** Inner markup of the built-in components that have one; `html-…` are the browser's own elements. */
export const builtinTemplates: Record<string, string> = {
  button: '<slot/>',
  canvas: '<html-canvas class="wx-canvas"/>',
  image: '<html-img class="wx-img" bindload="handleLoad" binderror="handleError"/>',
  input:
    '<html-input placeholder="{{placeholder}}" type="{{password?\'password\':\'text\'}}" bindinput="handleInput" bindfocus="handleFocus" bindblur="handleBlur" bindkeydown="handleKey"/>',
  textarea:
    '<html-textarea placeholder="{{placeholder}}" bindinput="handleInput" bindfocus="handleFocus" bindblur="handleBlur"/>',
  'rich-text': '<html-div class="wx-rich"></html-div>',
  'scroll-view': '<slot/>',
  swiper: '<html-div class="wx-track"><slot/></html-div><html-div class="wx-dots"></html-div>',
  'swiper-item': '<slot/>',
}
