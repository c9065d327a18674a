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
    // Two cold instances met: the first one's salt is the salt.
    if (isDuplicate(error)) return loadSalt()
    throw error
  }
}

/**
 * The salt readers' hashes are made with: drawn once for a deployment and kept with its data, since a new one would
 * make every reader a stranger. Read once an instance.
 */
export function readSalt(): Promise<string> {
  salt ??= loadSalt().catch((error: unknown) => {
    salt = undefined
    throw error
  })
  return salt
}
