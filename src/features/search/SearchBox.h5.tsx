import type { FormEvent } from 'react'
import { Icon } from '#components/Icon'
import { searchAddress } from '#contract/addresses'
import { queryLongest } from '#contract/search'
import type { SearchBoxProps } from './SearchBox'
import './SearchBox.scss'

/** Web version of SearchBox.tsx: a form that opens the address of its query, with or without script. */
export function SearchBox({ typed, onType, onSearch, focus }: SearchBoxProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is newer than the browsers we serve
    <form className="search-box" action={searchAddress} role="search" onSubmit={submit}>
      <div className="search-box-field">
        <Icon name="search" />
        <input
          className="search-box-input"
          type="search"
          name="q"
          aria-label="搜索文章"
          placeholder="标题或正文"
          autoComplete="off"
          enterKeyHint="search"
          maxLength={queryLongest}
          value={typed}
          // biome-ignore lint/a11y/noAutofocus: a search page without words has nothing else to do
          autoFocus={focus}
          onChange={event => onType(event.target.value)}
        />
        {typed ? (
          <button type="button" className="search-box-clear" aria-label="清除" onClick={() => onType('')}>
            <Icon name="clear" />
          </button>
        ) : null}
      </div>
      <button type="submit" className="search-box-go">
        搜索
      </button>
    </form>
  )
}
