import { HtmlValidate } from 'html-validate'

/** html-validate's recommended rules, without those that our HTML breaks on purpose. */
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // React writes attributes and void elements this way; the HTML standard allows each form.
    'attr-case': 'off',
    'attribute-boolean-style': 'off',
    'void-style': 'off',
    // The HTML standard allows both cases.
    'doctype-style': 'off',
    // The lengths of bars are data. The security policy allows style attributes.
    'no-inline-style': 'off',
    // A headline is as long as its editor wrote it.
    'long-title': 'off',
    // A native radio button cannot hold a face and a count, or a poll's bar.
    'prefer-native-element': 'off',
  },
})

/** What is wrong with a document as HTML. */
export async function faultsOf(document: string): Promise<string[]> {
  const { results } = await validator.validateString(document)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector})`),
  )
}
