import { checkIntegrity, installedNode, releases } from '../node/binary'

// `printf pinned | openssl dgst -sha512 -binary | base64`
const pinned =
  'sha512-IoEyA7gLRR5Nht0t3d6qKd38nYZ22eb9cTjV348Jl9QK97Q6UV4f++9LkxXKNL20YrREY5VaXZDytuSIBFjywg=='

test('a tarball that differs from the pinned one is refused', () => {
  checkIntegrity('node.tgz', Buffer.from('pinned'), pinned)
  expect(() => checkIntegrity('node.tgz', Buffer.from('pinneD'), pinned)).toThrow('is not the pinned one')
})

test('tests run on exactly the releases that package.json names', async () => {
  const { engines } = require('../../package.json') as { engines: { node: string } }
  const majors = engines.node.match(/(?<=\^)\d+/g)
  expect(majors).toEqual(Object.keys(releases))
  for (const name of ['', '19', 'constructor']) {
    await expect(installedNode(name, '/nowhere')).rejects.toThrow('Name one of: 20, 22, 24.')
  }
})
