/** Styles of the simulated phone and of the built-in components. The heights match wx/device.ts. */
export const baseCss = `
:root{--rpx:calc(100vw / 750);--bar:91px;--tab:0px;--vh:calc((100vh - var(--bar) - var(--tab)) / 100);--safe-top:0px;--safe-bottom:34px;--safe-left:0px;--safe-right:0px}
html,body{margin:0;height:100%;overflow:hidden;font-family:'Noto Sans SC',sans-serif;-webkit-text-size-adjust:100%;background:#fff}
.host-frame{position:fixed;top:var(--bar);left:0;right:0;bottom:var(--tab);transform:translateZ(0);overflow:hidden}
.host-frame[data-hidden]{visibility:hidden;pointer-events:none}
.host-bar{position:fixed;top:0;left:0;right:0;height:44px;padding-top:47px;display:flex;align-items:center;justify-content:center;font-weight:500;font-size:17px;z-index:50}
.host-bar span{max-width:50%;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.host-tabs{position:fixed;bottom:0;left:0;right:0;height:49px;padding-bottom:34px;display:flex;z-index:50;border-top:.5px solid}
.host-tabs div{flex:1;display:flex;flex-direction:column;align-items:center;justify-content:center;font-size:10px}
.host-tabs img{width:27px;height:27px}
.host-single-top,.host-single-bottom{position:fixed;left:0;right:0;z-index:60;background:#f7f7f7;color:#111;display:flex;align-items:center;justify-content:center}
.host-single-top{top:0;height:44px;padding-top:47px;font-size:17px}
.host-single-bottom{bottom:0;height:56px;padding-bottom:34px;font-size:15px}
.host-toast,.host-sheet{position:fixed;z-index:90;left:50%;top:45%;transform:translate(-50%,-50%);background:#4c4c4c;color:#fff;padding:12px 18px;border-radius:8px;font-size:15px;max-width:70%}
.host-sheet{background:#fff;color:#111;min-width:60%}.host-sheet div{padding:10px;text-align:center}
.host-preview{position:fixed;inset:0;z-index:95;background:#000;display:flex;align-items:center}.host-preview img{width:100%}
.host-pull{position:absolute;top:0;left:0;right:0;height:40px;text-align:center;font-size:12px;color:#888;display:none}.host-frame[data-pulling] .host-pull{display:block}
wx-page{display:block;height:100%;overflow-x:hidden;overflow-y:auto;font-size:16px;background:#fff;-webkit-user-select:none;user-select:none;overscroll-behavior:none}
wx-page wx-page-body,wx-page wx-view,wx-page wx-comp,wx-page wx-scroll-view,wx-page wx-swiper,wx-page wx-swiper-item,wx-page wx-rich-text,wx-page wx-cover-view{display:block}
wx-page wx-text{display:inline;white-space:pre-line}
wx-page wx-text[user-select=true],wx-page wx-text[selectable=true]{-webkit-user-select:text;user-select:text;display:inline-block}
wx-page wx-image{display:inline-block;width:320px;height:240px;overflow:hidden;position:relative}
wx-page wx-image>.wx-img{width:100%;height:100%;display:block;border:0}wx-page wx-image>.wx-img:not([src]){visibility:hidden}
wx-page wx-button{display:block;position:relative;margin:0 auto;padding:0 14px;box-sizing:border-box;font-size:18px;text-align:center;line-height:2.55555556;border-radius:5px;color:#000;background-color:#f8f8f8;overflow:hidden}
wx-page wx-button[disabled]{color:rgba(0,0,0,.3);pointer-events:none}
wx-page wx-swiper{height:150px;overflow:hidden;position:relative}wx-page wx-swiper>.wx-track{display:flex;height:100%;transition:transform .5s}
wx-page wx-swiper-item{flex:0 0 100%;height:100%;overflow:hidden}
wx-page .wx-dots{position:absolute;bottom:10px;left:0;right:0;text-align:center;pointer-events:none}
wx-page .wx-dots i{display:inline-block;width:8px;height:8px;margin:0 4px;border-radius:50%}
wx-page wx-canvas{display:inline-block;width:300px;height:150px}wx-page wx-canvas>.wx-canvas{width:100%;height:100%;display:block}
wx-page wx-input,wx-page wx-textarea{display:block;position:relative;overflow:hidden;height:1.4rem}
wx-page .wx-placeholder{display:none;position:absolute;top:0;right:0;bottom:0;left:0;align-items:center;white-space:nowrap;pointer-events:none}wx-page :placeholder-shown+.wx-placeholder{display:flex}wx-page wx-textarea .wx-placeholder{align-items:flex-start}
:where(wx-page .wx-placeholder){color:gray}wx-page wx-textarea{height:150px}
wx-page wx-input>input,wx-page wx-textarea>textarea{width:100%;height:100%;border:0;outline:0;padding:0;background:transparent;font:inherit;color:inherit;box-sizing:border-box;resize:none}
wx-page wx-scroll-view[data-x]{overflow-x:auto}wx-page wx-scroll-view[data-y]{overflow-y:auto}
`
