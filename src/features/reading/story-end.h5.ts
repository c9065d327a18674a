/** As in story-end.ts. A wide window shows 相关阅读 beside the text, so the moods stand at its end. */
export const storyEnd = { selector: '.moods', ahead: 300 }
