import { randomBytes } from 'node:crypto'
import { db } from '../cloud'
import { isDuplicate } from '../failures'

const settings = () => db.collection('settings')
const identityId = 'identity'

let salt: Promise<string> | undefined

async function loadSalt(): Promise<string> {
  const { data } = await settings().doc(identityId).get()
  if (typeof data?.salt === 'string') return data.salt
  try {
    const made = randomBytes(24).toString('base64url')
    await settings().add({ data: { _id: identityId, salt: made } })
    return made
  } catch (error) {
    // Another cold instance was faster; its salt is the one to use.
    if (isDuplicate(error)) return loadSalt()
    throw error
  }
}

/**
 * The salt of readers' hashes. It is made once per deployment and stored with its data, because a new salt would cut
 * all readers off from their votes. Each instance reads it once.
 */
export function readSalt(): Promise<string> {
  salt ??= loadSalt().catch((error: unknown) => {
    salt = undefined
    throw error
  })
  return salt
}
