module.exports = {
  // `a ?? b` and `a?.b` without the case of `document.all`, which no page of ours meets.
  assumptions: { noDocumentAll: true },
  presets: [
    [
      'taro',
      {
        framework: 'react',
        ts: true,
        compiler: 'webpack5',
        useBuiltIns: false,
        // Native on every phone of our browserslist; rewritten by default for corner cases of old Safari only.
        exclude: ['@babel/plugin-transform-parameters', '@babel/plugin-transform-destructuring'],
      },
    ],
  ],
}
