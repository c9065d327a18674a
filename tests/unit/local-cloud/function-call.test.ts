import { functionActions } from '../../../local-cloud/function-actions'
import { Call, checkEvent, type Invocation } from '../../../local-cloud/function-call'
import { callerOf, instanceEnvironment } from '../../../local-cloud/function-environment'
import { createMeter, type InvocationRecord } from '../../../local-cloud/meter'
import { realTime } from '../../../local-cloud/real-time'

const kb = 1024
const invocation = (more: Partial<Invocation> = {}): Invocation => ({
  functionName: 'content',
  event: '{}',
  context: { openid: null, source: 'wx_client' },
  requestId: 'r1',
  ...more,
})

function called(more?: Partial<Invocation>) {
  let now = 0
  const failures: [InvocationRecord, string][] = []
  const call = new Call(invocation(more), {
    meter: createMeter(() => 5),
    time: { ...realTime, now: () => now },
    onFailure: (record, reason) => failures.push([record, reason]),
  })
  const outcome = call.reply.then(
    reply => `${reply.length} characters`,
    (error: Error) => error.message,
  )
  const pass = (ms: number): void => {
    now += ms
  }
  return { call, failures, outcome, pass }
}

test.each([
  ['100 KB is the most', 'x'.repeat(100 * kb), true],
  ['one byte more is refused', 'x'.repeat(100 * kb + 1), false],
  ['Chinese has three bytes a character', '语'.repeat(34_133), true],
  ['and more of it is refused', '语'.repeat(34_134), false],
])('an event: %s', (_what, event, isAccepted) => {
  const check = () => checkEvent(invocation({ event }))
  if (isAccepted) expect(check).not.toThrow()
  else expect(check).toThrow('-504001 function request exceeds the limit of 100 KB')
  expect(() => checkEvent(invocation({ event, limits: { request: 200 * kb, reply: 1 } }))).not.toThrow()
})

test('a reply of 1 MB is the most, and a longer one fails the call', async () => {
  for (const [size, limits, says] of [
    [kb * kb, undefined, `${kb * kb} characters`],
    [kb * kb + 1, undefined, '-604001 cloudfunction result size exceed limit (1MB)'],
    [kb * kb + 1, { request: 1, reply: 2 * kb * kb }, `${kb * kb + 1} characters`],
    [
      2 * kb * kb + 1,
      { request: 1, reply: 2 * kb * kb },
      '-604001 cloudfunction result size exceed limit (2MB)',
    ],
  ] as const) {
    const { call, outcome, failures } = called(limits ? { limits } : {})
    call.begin()
    call.answer('x'.repeat(size))
    expect(await outcome).toBe(says)
    const isOk = says.endsWith('characters')
    expect(call.record.outcome).toBe(isOk ? 'ok' : 'FUNCTIONS_RESULT_SIZE_EXCEED_LIMIT')
    expect(failures).toEqual(isOk ? [] : [[call.record, says]])
  }
})

test('a record has the times of its call; one that never ran has no duration', async () => {
  const ran = called()
  ran.pass(30)
  expect(ran.call.waited).toBe(30)
  ran.call.begin()
  ran.pass(12)
  ran.call.answer('1')
  expect(ran.call.record).toMatchObject({
    ...{ requestId: 'r1', functionName: 'content', source: 'wx_client', startedAt: 5 },
    ...{ waited: 30, duration: 12, outcome: 'ok' },
  })
  const { call, outcome, pass } = called()
  pass(40)
  call.fail(Object.assign(new Error('closing'), { code: 'CLOSING' }) as never)
  expect(await outcome).toBe('closing')
  expect(call.record).toMatchObject({ waited: 0, duration: 0, outcome: 'CLOSING' })
})

test('a record keeps 500 lines of 4,096 characters, without the space at their end', () => {
  const { call } = called()
  call.note('error', `${'x'.repeat(4_100)}\n`)
  for (let n = 1; n < 600; n++) call.note('log', `line ${n} \n`)
  const { lines } = call.record
  expect(lines).toHaveLength(500)
  expect(lines[0]).toEqual({ level: 'error', text: 'x'.repeat(4_096) })
  expect(lines.at(-1)).toEqual({ level: 'log', text: 'line 499' })
})

test.each([
  [
    'a reader',
    'o1',
    'wx_client',
    { TCB_SOURCE: 'wx_client', WX_APPID: 'wx0', WX_OPENID: 'o1' },
    { appId: 'wx0', openId: 'o1' },
  ],
  ['a guest', null, 'wx_client', { TCB_SOURCE: 'wx_client', WX_APPID: 'wx0' }, { appId: 'wx0' }],
  ['the console', null, null, {}, null],
])('a function learns of its caller: %s', (_who, openid, source, context, userInfo) => {
  expect(callerOf({ openid, source }, 'wx0')).toEqual({ context, userInfo })
})

test('an instance’s environment leads the SDK to this cloud, whatever variables the function has', () => {
  const variables = { EDITOR_KEYS: '{}', TCB_ENV: 'another' }
  const adminUrl = (key: string) => `http://127.0.0.1:1/admin?key=${key}`
  expect(instanceEnvironment({ envId: 'local', adminUrl, variables }, 'editor', 'k1')).toEqual({
    EDITOR_KEYS: '{}',
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-local',
    TENCENTCLOUD_SECRETID: 'local',
    TENCENTCLOUD_SECRETKEY: 'local',
    SCF_NAMESPACE: 'local',
    SCF_FUNCTIONNAME: 'editor',
    TCB_ENV: 'local',
    TCB_CONTEXT_KEYS: 'TCB_ENV,TCB_SOURCE',
    TCB_CONTEXT_CNFG: '{"URL":"http://127.0.0.1:1/admin?key=k1"}',
  })
})

test.each<[who: string, context: object | undefined, passed: object]>([
  ['a reader’s function', { openid: 'o1', source: 'wx_client' }, { openid: 'o1', source: 'wx_client,scf' }],
  ['a timer’s', { openid: null, source: 'wx_trigger' }, { openid: null, source: 'wx_trigger,scf' }],
  ['the console’s', { openid: null, source: null }, { openid: null, source: 'scf' }],
  ['a tool outside', undefined, { openid: null, source: 'scf' }],
])(
  'a function that is called by %s sees the caller, and the chain of sources',
  async (_who, context, passed) => {
    const calls: object[] = []
    const workers = {
      invoke: async (given: object) => {
        calls.push(given)
        return '{"ok":true}'
      },
    }
    const [[name, act]] = functionActions(workers as never, () => 'r2') as [
      ReturnType<typeof functionActions>[0],
    ]
    const sender = { context } as never
    expect(name).toBe('functions.invokeFunction')
    expect(await act({ function_name: 'clock', request_data: '{"a":1}' }, sender)).toEqual({
      kind: 'call',
      response: { data: { response_data: '{"ok":true}' } },
    })
    await act({ function_name: 'clock', request_data: '' }, sender)
    expect(calls).toEqual([
      { functionName: 'clock', event: '{"a":1}', context: passed, requestId: 'r2' },
      { functionName: 'clock', event: '{}', context: passed, requestId: 'r2' },
    ])
    await expect((async () => act({ request_data: '{}' }, sender))()).rejects.toMatchObject({
      code: 'INVALID_PARAM',
    })
  },
)
