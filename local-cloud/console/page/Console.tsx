import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import * as v from 'valibot'
import { forgetToken, keepToken, Models, messageOf, send, tokenOf } from './api'
import { Fault } from './Fault'
import { Files } from './Files'
import { Functions } from './Functions'
import { AllWords } from './field-words'
import { Logs } from './Logs'
import { Placement } from './Placement'
import { Rows } from './Rows'
import { mayLeave } from './unsaved'

interface Opened {
  collections: string[]
  models: v.InferOutput<typeof Models>
  words: v.InferOutput<typeof AllWords>
}

async function openConsole(): Promise<Opened> {
  const [collections, models, words] = await Promise.all([
    send('collections', {}, v.array(v.string())),
    send('models', {}, Models),
    send('words', {}, AllWords),
  ])
  // Editors work on the collections that have a form, so these come first.
  const rank = (name: string) => (name in models ? 0 : 1)
  const sorted = collections.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  return { collections: sorted, models, words }
}

function SignIn({ onOpen }: { onOpen: (opened: Opened) => void }) {
  const [token, setToken] = useState(tokenOf())
  const [fault, setFault] = useState('')

  async function enter(): Promise<void> {
    keepToken(token.trim())
    try {
      onOpen(await openConsole())
    } catch (error) {
      forgetToken()
      setFault(messageOf(error))
    }
  }

  return (
    <main>
      <h1>本地控制台</h1>
      <form
        className="console-box"
        onSubmit={event => {
          event.preventDefault()
          void enter()
        }}
      >
        <div className="console-field">
          <label htmlFor="token">控制台口令</label>
          <p className="console-hint" id="token-hint">
            启动时显示在控制台地址下面，每次启动都不同。
          </p>
          <input
            id="token"
            type="password"
            autoComplete="off"
            aria-describedby="token-hint"
            value={token}
            onChange={event => setToken(event.target.value)}
          />
        </div>
        <button type="submit" className="console-main">
          进入
        </button>
        <Fault words={fault} />
      </form>
    </main>
  )
}

const places = { rows: '数据', home: '首页布局', functions: '云函数', logs: '日志', files: '云存储' } as const
type Place = keyof typeof places

function Console({ collections, models, words }: Opened) {
  const [place, setPlace] = useState<Place>('rows')
  return (
    <>
      <header>
        <h1>本地控制台</h1>
        <nav aria-label="主菜单">
          {(Object.keys(places) as Place[]).map(one => (
            <button
              key={one}
              type="button"
              aria-current={place === one ? 'page' : undefined}
              onClick={() => {
                if (one !== place && mayLeave()) setPlace(one)
              }}
            >
              {places[one]}
            </button>
          ))}
        </nav>
      </header>
      <main>
        {place === 'rows' ? <Rows collections={collections} models={models} words={words} /> : null}
        {place === 'home' ? <Placement /> : null}
        {place === 'functions' ? <Functions /> : null}
        {place === 'logs' ? <Logs /> : null}
        {place === 'files' ? <Files /> : null}
      </main>
    </>
  )
}

function Start() {
  const [opened, setOpened] = useState<Opened | null>(null)
  return opened ? <Console {...opened} /> : <SignIn onOpen={setOpened} />
}

const container = document.getElementById('console')
if (container) createRoot(container).render(<Start />)
