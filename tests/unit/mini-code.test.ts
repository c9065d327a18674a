import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { MiniCode } from '../../src/components/MiniCode.h5'
import { site } from '../../src/site'

const drawn = (src: string) => renderToString(createElement(MiniCode, { src }))

test('a visitor is shown the mini-program’s code if the site has one, else the name to search for', () => {
  const src = 'https://pictures.example/code.png'
  expect(drawn(src)).toContain(`src="${src}"`)
  expect(drawn(src)).toContain(`alt="${site.name}的小程序码"`)
  expect(drawn('')).not.toContain('<img')
  expect(drawn('')).toContain(`「${site.name}」`)
})
