declare const components: Readonly<Record<'View' | 'Text' | 'Image' | 'Button', Record<string, string>>>
export default components
