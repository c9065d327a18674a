import { Input, View } from '@tarojs/components'
import { Icon } from '#components/Icon'
import { queryLongest } from '#contract/search'
import './SearchBox.scss'

export interface SearchBoxProps {
  typed: string
  onType: (typed: string) => void
  onSearch: () => void
  focus: boolean
}

/** The search box. 搜索 on the keyboard or beside the box starts the search. */
export function SearchBox({ typed, onType, onSearch, focus }: SearchBoxProps) {
  return (
    <View className="search-box">
      <View className="search-box-field">
        <Icon name="search" />
        <Input
          className="search-box-input"
          value={typed}
          placeholder="标题或正文"
          placeholderClass="search-box-placeholder"
          confirmType="search"
          maxlength={queryLongest}
          focus={focus}
          onInput={event => onType(event.detail.value)}
          onConfirm={onSearch}
        />
        {typed ? (
          <View className="search-box-clear" aria-role="button" aria-label="清除" onClick={() => onType('')}>
            <Icon name="clear" />
          </View>
        ) : null}
      </View>
      <View className="search-box-go" aria-role="button" onClick={onSearch}>
        搜索
      </View>
    </View>
  )
}
