/** What the router's files become; a Taro that moved an anchor must not build silently. */
const edits = {
  // Two stories are two pages: their addresses differ after the question mark. `stamp` is the router's own.
  'stack.js': [
    [
      `_a.replace(/\\?.*/g, '')) === pathname; });`,
      `_a.replace(/\\?.*/g, '')) === pathname && sameQuery(page.path); });`,
    ],
    [
      'class Stacks {',
      `function sameQuery(path) {
    const parts = query => {
        const found = new URLSearchParams(query);
        found.delete('stamp');
        found.sort();
        return found.toString();
    };
    return parts(path.split('?')[1] || '') === parts(window.location.search);
}
class Stacks {`,
    ],
  ],
  // The history library numbers its entries; forward is a step to a higher one, and opens a page on top.
  'spa.js': [
    [
      'const render = (_c) =>',
      `let shownIndex = (window.history.state || {}).idx || 0;
    const render = (_c) =>`,
    ],
    [
      'const currentPathname = decodeURI(location.pathname);',
      `const currentPathname = decodeURI(location.pathname);
        const index = (window.history.state || {}).idx || 0;
        if (action === 'POP' && index > shownIndex) action = 'PUSH';
        shownIndex = index;`,
    ],
  ],
}

module.exports = function webHistoryLoader(source) {
  const file = this.resourcePath.split(/[\\/]/).pop()
  return edits[file].reduce((text, [anchor, instead]) => {
    if (text.split(anchor).length !== 2) throw new Error(`web history: not once in ${file}: ${anchor}`)
    return text.replace(anchor, () => instead)
  }, source)
}
