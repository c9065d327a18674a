import { browserPath } from './browser'

/** Unpacks the browser once: two test files that unpack it at the same time would start a half-written program. */
export default async function beforeAllTests(): Promise<void> {
  await browserPath()
}
