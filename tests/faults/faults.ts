// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code
/** A small fault in a product file, and the test that must fail when it is planted. */
export interface Fault {
  /** Path from the repository's root. */
  file: string
  /** The text to replace; it occurs exactly once in the file. */
  text: string
  replacement: string
  /** Path of the test file. */
  test: string
  /** Why no test can notice this fault. Without it, the fault must be found. */
  equivalent?: string
}

type Pair = readonly [text: string, replacement: string, equivalent?: string]

const inFile = (file: string, test: string, ...pairs: Pair[]): Fault[] =>
  pairs.map(([text, replacement, equivalent]) => ({
    file,
    text,
    replacement,
    test: `tests/${test}.test.ts`,
    ...(equivalent === undefined ? {} : { equivalent }),
  }))

const rules = [
  ...inFile(
    'cloudfunctions/shared/beijing-time.ts',
    'unit/beijing-time',
    ['=== text ? instant : null', '=== text ? instant : instant'],
    ['month - 1, day', 'month, day'],
  ),
  ...inFile('cloudfunctions/shared/beijing-time.ts', 'unit/voting', [
    'Math.floor((instant + beijingOffset) / dayLength)',
    'Math.floor(instant / dayLength)',
  ]),
  ...inFile(
    'cloudfunctions/shared/bounded-map.ts',
    'unit/bounded-map',
    ['this.size > this.limit', 'this.size > this.limit + 1'],
    ['    this.delete(key)\n', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/buckets.ts',
    'unit/voting',
    ['bucket > hourOf(now) - hoursKept', 'bucket >= hourOf(now) - hoursKept'],
    ['bucket > dayOf(now) - daysKept', 'bucket >= dayOf(now) - daysKept'],
  ),
  ...inFile(
    'cloudfunctions/shared/sums.ts',
    'unit/voting/rankings',
    ['+ count * times', '+ count'],
    ['addBuckets(to.day, from.day, times)', 'addBuckets(to.day, from.hour, times)'],
    ['isLive(Number(bucket))', 'Boolean(bucket)'],
    ['addSums(difference, b, -1)', 'addSums(difference, b)'],
    ['count !== 0', 'count > 0'],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/ballot-change.ts',
    'unit/voting',
    ['if (before) count(before, -1)', ''],
    ['if (after) count(after, 1)', 'if (after) count(after, 2)'],
    ['if (isLiveHour(hourOf(castAt), now)) ', ''],
    ['if (!ranked) continue', ''],
    ['a.length === b.length && ', ''],
    ['([, by]) => by !== 0', '([, by]) => by >= 0'],
  ),
  ...inFile(
    'cloudfunctions/shared/retry.ts',
    'unit/voting',
    ['error instanceof AppError || ', '', 'no code of our own is in the list of temporary failures'],
    ['attempt >= options.attempts', 'attempt > options.attempts'],
    [' || Date.now() >= deadline', ''],
    ["'busy, try again', 2)", "'busy, try again')"],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/shard-spread.ts',
    'unit/voting',
    ['before * 2', 'before + 1'],
    ['(met + 1 + Math', '(met + Math'],
    ['Date.now() - known.usedAt > calmAfter', 'false'],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/windows.ts',
    'unit/voting/rankings',
    ['Number(bucket) <= from', 'Number(bucket) < from'],
    ["'7d': 7", "'7d': 8"],
    ['(counts[option] ?? 0) + count', 'count'],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/board.ts',
    'unit/voting/rankings',
    ['b.publishedAt - a.publishedAt', 'a.publishedAt - b.publishedAt'],
    ['!counted.has(entry.id)', 'true'],
    ['all.slice(0, retained)', 'all'],
    ['compareEntries(last, floor) <= 0', 'true'],
    ['[board.floor, all[retained] ?? null]', '[all[retained] ?? null]'],
  ),
  ...inFile(
    'cloudfunctions/shared/reading/cursor.ts',
    'unit/feed',
    ['at > lastMoment', 'false'],
    ['|| more.length > 0', ''],
    ['check !== checksum', 'false && check !== checksum'],
    ['v.is(ArticleId, id) ?', 'id ?'],
  ),
  ...inFile('cloudfunctions/shared/reading/feed-cursor.ts', 'unit/feed', [
    "${scope.channel ?? ''}|${scope.column ?? ''}",
    "${scope.channel ?? ''}",
  ]),
  ...inFile(
    'cloudfunctions/shared/reading/rank-found.ts',
    'unit/content/search',
    ['if (here === 0) return null', ''],
    ['title: 8', 'title: 1'],
    ['last && start <= last[1]', 'false'],
    ['b.score - a.score || ', ''],
  ),
  ...inFile('cloudfunctions/shared/reading/open-article.ts', 'functions/articles', [
    'load(articleId, Date.now(), caller.known)',
    'load(articleId, Date.now(), false)',
  ]),
  ...inFile(
    'cloudfunctions/shared/reading/search.ts',
    'functions/content/reading',
    ['{ ...one, terms: [token] }', 'one'],
    ['(known >= 0 ? known + 1 : Math.max(0, position.at - 1))', 'known + 1'],
    ['Math.max(0, position.at - 1)', 'position.at'],
    ['    .slice(0, foundTopicsAtMost)\n', ''],
  ),
  ...inFile('cloudfunctions/shared/reading/read-ranking.ts', 'functions/voting/rankings', [
    'Math.min(1, count / Math.max(1, total))',
    'count / Math.max(1, total)',
  ]),
  ...inFile(
    'cloudfunctions/shared/voting/poll.ts',
    'unit/voting/poll',
    ['now < opensAt', 'now <= opensAt'],
    ['now < closesAt', 'now <= closesAt'],
    ['b.closesAt - a.closesAt || ', ''],
    ['a.opensAt - b.opensAt || ', ''],
  ),
  ...inFile('cloudfunctions/shared/stores/settings.ts', 'functions/voting/deletion', [
    '    if (isDuplicate(error)) return loadSalt()\n',
    '',
  ]),
  ...inFile(
    'cloudfunctions/sharing/draw-code.ts',
    'functions/share-limits',
    ['reader: 20', 'reader: 21'],
    ['story: 40', 'story: 41'],
    ['    drawn.set(scene, code)\n', ''],
  ),
  ...inFile('src/more/poster/use-poster.ts', 'weapp/mini-codes', [
    'code.isNoted = true',
    'code.isNoted = false',
  ]),
  ...inFile('src/more/poster/send.ts', 'weapp/mini-codes', ['await open(false)', 'await open(true)']),
  ...inFile(
    'src/features/poster/layout.ts',
    'unit/poster',
    ['lines.length === most - 1', 'lines.length === most'],
    ["`${kept.join('')}…`, type) > room", "`${kept.join('')}`, type) > room"],
    ['(high - shown.height) / 2', '0'],
    ['    y = to.height\n', ''],
    ['  write(story.notice, types.meta, 2)\n', ''],
  ),
  ...inFile(
    'src/features/poster/poster-words.ts',
    'unit/poster',
    ["isAiNotice(ending) ? ending : ''", "isAiNotice(ending) ? '' : ''"],
    ['source && `来源：${source}`', "''"],
  ),
  ...inFile('src/features/poster/in-time.ts', 'unit/poster', ['    setTimeout(reject, coverWithin)\n', '']),
  ...inFile('src/platform/open-poster.h5.ts', 'web/journeys', [
    "  if (document.querySelector('script[data-mark]')) return\n",
    '',
  ]),
  ...inFile(
    'src/features/sharing/ledger.ts',
    'weapp/sharing',
    ['mark !== seen', 'true'],
    ["(can('identity') ? {} : { guest: guestId() })", '{}'],
    ['    rows.shift()\n    writeStored(key, rows)\n', '    rows.shift()\n'],
    ['/^(unavailable|internal)$/', '/^internal$/'],
  ),
  ...inFile('cloudfunctions/shared/stores/quotas.ts', 'functions/share-limits', [
    'command.lt(limit)',
    'command.lte(limit)',
  ]),
  ...inFile(
    'cloudfunctions/sharing/day-limits.ts',
    'functions/share-limits',
    ['fullOn.get(key) === day ||', 'fullOn.has(key) ||'],
    ['    fullOn.set(key, day)\n', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/stores/shares.ts',
    'functions/openings',
    ['[path]: command.exists(false),\n    opened', 'opened'],
    ['    articleId,\n    [path]: command', '    [path]: command'],
    ['command.lt(openingsOfMark.all)', 'command.lte(openingsOfMark.all)'],
    ['command.lt(openingsOfMark.guests)', 'command.lte(openingsOfMark.guests)'],
  ),
  ...inFile(
    'cloudfunctions/sharing/record-opening.ts',
    'functions/openings',
    ["hashOf(salt, 'opening', reader, mark)", "hashOf(salt, 'opening', reader)"],
    ["hashOf(salt, 'quota', reader)", 'reader'],
  ),
  ...inFile(
    'cloudfunctions/clock/sum-shares.ts',
    'functions/openings',
    ['if (!(await hasShareDay(day))) {', 'if (day > 0) {'],
    ['state.summedOn >= today ||', ''],
  ),
  ...inFile('cloudfunctions/shared/reading/site-map-positions.ts', 'web/files', [
    'found => found < foundAtMost',
    '() => true',
  ]),
  ...inFile('cloudfunctions/web/files/site-map.ts', 'unit/web/files', ["'Disallow:'", "'Disallow: /search'"]),
  ...inFile('src/text/meta-line.ts', 'web/documents', ['correctedAt && correctedMark', "''"]),
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/articles', [
    'version: true, corrected: true',
    'version: true',
  ]),
  ...inFile('src/features/shelf/shelf-store.ts', 'unit/shelf/shelf-store', [
    'correctedAt = teaser.corrected?.at',
    'correctedAt',
  ]),
  ...inFile(
    'cloudfunctions/clock/map-stories.ts',
    'web/files',
    ['await storeSiteMapPositions(deadline)', 'deadline > 0'],
    ['state.mappedOn >= today || ', ''],
  ),
  ...inFile('cloudfunctions/web/handle.ts', 'web/events', ['namesAddresses(file) && ', '']),
  ...inFile('cloudfunctions/web/document.ts', 'web/events', [
    "...(siteOrigin() ? [['property', 'og:url'",
    "...(address ? [['property', 'og:url'",
  ]),
  ...inFile('src/platform/look.ts', 'weapp/reading', ["size === 'care' ? ' look--care' : ''", "''"]),
  ...inFile('src/platform/look-steps.ts', 'weapp/reading', ['care: 1.5', 'care: 1.3']),
  ...inFile('src/web/more.scss', 'web/journeys', [
    '  :root,\n  :root.look--dark {\n    @include light;',
    '  :root {\n    @include light;',
  ]),
  ...inFile('src/features/sharing/ShareRow.scss', 'web/journeys', ['flex-wrap: wrap;', '']),
  ...inFile('src/web/offline-pages.ts', 'web/offline', ['(\\w+)\\/*$/', '(\\w+)$/']),
  ...inFile('src/web/head.ts', 'web/journeys', ["if (size === 'care') root", 'if (!size) root']),
  ...inFile(
    'cloudfunctions/shared/ledger/chains.ts',
    'unit/sharing',
    ['!seen.has(at._id) && ', ''],
    ['at.articleId === row.articleId && ', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/reading/search-query.ts',
    'unit/content/search',
    ['tokens.slice(0, tokensAtMost)', 'tokens'],
    ['commonness(a) - commonness(b)', 'commonness(b) - commonness(a)'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/tokens.ts',
    'unit/content/search',
    [".normalize('NFKC').toLowerCase()\n  return", ".normalize('NFKC')\n  return"],
    ['folded.to.push(index + character.length)', 'folded.to.push(index)'],
    [".replace(joinedLatin, '')", ''],
    ['letters.length === 1 ? letters : ', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/story-terms.ts',
    'unit/content/story-terms',
    ['letters + term.length > termLettersAtMost', 'false'],
    ['.slice(0, longestTerm)', ''],
    ["if (block.type === 'heading') return [block.text]", ''],
    ['.slice(0, rarestPairs)', '.slice(0, 1)'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/choose-related.ts',
    'unit/related',
    ['unique.delete(story.id)', ''],
    ['const sharedAtLeast = 5', 'const sharedAtLeast = 0'],
    ['b.terms - a.terms ||', ''],
    ["other.column !== '' && ", ''],
    ['        b.other.publishedAt - a.other.publishedAt ||\n', ''],
    ['.slice(0, count)', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/reading/arrange-slots.ts',
    'unit/content/arrange-slots',
    ['now < (until', 'now <= (until'],
    ['one.order >= 1 && ', ''],
  ),
  ...inFile(
    'cloudfunctions/shared/serve.ts',
    'unit/serve',
    ["if (!input.success) throw new AppError('invalid', whatIsWrong(input.issues))", ''],
    ['.slice(0, longestMessage)', ''],
    ["message: 'internal error'", 'message: String(error)'],
    ['if (!output.success)', 'if (false)'],
    [
      "if (!entry) throw new AppError('invalid', 'unknown action')",
      "if (!entry) throw new Error('unknown action')",
    ],
    ['...(retryAfter === undefined ? {} : { retryAfter })', ''],
  ),
]

const handlersAndStores = [
  ...inFile('cloudfunctions/clock/recount.ts', 'functions/voting/clock', [
    'totalOf(shards.filter(shard => !isCorrection(shard)))',
    'totalOf(shards)',
  ]),
  ...inFile('cloudfunctions/shared/voting/cast-ballot.ts', 'functions/voting/any-order', [
    'if (held >= revision || !isBasedOn(vote, held)) throw new Settled(seen)',
    '',
  ]),
  ...inFile(
    'cloudfunctions/shared/voting/cast-ballot.ts',
    'functions/voting/deletion',
    ['if (refused) throw new Settled(refused)', ''],
    ['if (holds >= revision || !isBasedOn(vote, holds)) return null', ''],
    ['if (Date.now() - begun > commitsWithin) throw', 'if (false) throw'],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/cast-ballot.ts',
    'functions/moods',
    ['if (changed && changesToday >= changesADay)', 'if (false)'],
    ['if (revision > now + revisionAheadAtMost)', 'if (false)'],
  ),
  ...inFile(
    'cloudfunctions/shared/voting/forget.ts',
    'functions/voting/deletion',
    ['if (ballot && ballot.epoch >= epoch) return false', ''],
    ['ballot.epoch >= epoch', 'ballot.epoch > epoch'],
    ['if (begun >= settled) return', 'if (true) return'],
    ['after < last.at && now - last.at < repeatedWithin', 'now - last.at < repeatedWithin'],
  ),
  ...inFile(
    'cloudfunctions/reactions/set-mood.ts',
    'functions/moods',
    ['await readAgain(() => requirePublished(articleId))', ''],
    ['mood === null ? [] : [mood]', '[mood as never]'],
  ),
  ...inFile(
    'cloudfunctions/shared/reading/open-article.ts',
    'functions/articles',
    ['titles.get(id)?.version === known.article.version', 'titles.has(id)'],
    ['.slice(0, relatedShown)', ''],
  ),
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/articles', [
    "return state === 'published' && !isAhead",
    'return !isAhead',
  ]),
  ...inFile(
    'cloudfunctions/shared/stores/articles.ts',
    'functions/clock-publishing',
    ["state === 'published' && !isAhead", "state === 'published'"],
    ['!isAhead && !isOffline', '!isAhead'],
  ),
  ...inFile(
    'cloudfunctions/clock/summarise-days.ts',
    'functions/openings',
    ['version === 1', 'version >= 1'],
    ["'cancelled', ", ''],
    ['isStory(subject) && ', ''],
    ['last - madeUpFor) + 1', 'last - madeUpFor) + 2'],
  ),
  ...inFile('cloudfunctions/shared/stores/summaries.ts', 'functions/openings', [
    'if (!isDuplicate(error)) throw error',
    'throw error',
  ]),
  ...inFile('cloudfunctions/shared/voting/sum-votes.ts', 'functions/openings', [
    'shard.day[day] ?? {}',
    'shard.all',
  ]),
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/callers', [
    'v.maxValue(storySchema.newest)',
    'v.maxValue(9)',
  ]),
  ...inFile(
    'deploy/command.ts',
    'unit/deploy/commands',
    ["typeof code === 'string'", 'false'],
    ["args.includes('--json')", 'false'],
    ['error instanceof Misuse || isUnreadable ? 2 : 1', 'error instanceof Misuse ? 2 : 1'],
  ),
  ...inFile('deploy/cli.ts', 'unit/deploy/commands', ['isOnline || given !== null', 'true']),
  ...inFile('cloudfunctions/shared/require-published.ts', 'functions/moods', [
    'now - seen < believedFor',
    'true',
  ]),
]

const clockAndPanel = [
  ...inFile(
    'cloudfunctions/clock/roll-boards.ts',
    'functions/voting/rankings',
    ['from += subjectsAtOnce', 'from += 2 * subjectsAtOnce'],
    ['overlap = 120_000', 'overlap = 0'],
    ['count >= rankingMinimum', 'count > rankingMinimum'],
  ),
  ...inFile(
    'cloudfunctions/clock/recount.ts',
    'functions/voting/clock',
    ["if (revOf(shards) !== before) return 'busy'", ''],
    ["if (resumed && resumed.rev !== before) return 'busy'", ''],
    ["if (outcome === 'counted') busy.delete(subject)", 'if (busy.size < 0) return'],
    ['else if (!busy.has(subject)) busy', 'else busy'],
  ),
  ...inFile(
    'cloudfunctions/clock/tick.ts',
    'unit/ticks',
    ['now % recheck < tickLength', 'now % recheck <= tickLength'],
    ['(turn * most) %', 'turn %'],
  ),
  ...inFile(
    'cloudfunctions/editor/compare.ts',
    'unit/publishing/compare',
    ['common < likeness *', 'common < 0 *'],
    ['characters.length > longestLine', 'false'],
  ),
]

const publishing = [
  ...inFile('cloudfunctions/editor/waiting-drafts.ts', 'unit/content/arrange-home', [
    'order.success ? order.output : null',
    'null',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/publish-draft.ts',
    'functions/publishing',
    ["story.state === 'published' && story.digest === digest", 'false'],
    ['(before?.version ?? 0) + 1', '1'],
    ["...(before.state === 'withdrawn' ?", '...(false ?'],
    ['isForLater(publishAt, now)', 'false'],
    [
      "if (!row) return { outcome: 'missing' }",
      "if (!row) return { outcome: 'settled' }",
      'a caller answers both in the same words: the name only says which case it was',
    ],
    [
      "{ at: new Date(now), key, action: 'publish',",
      "{ at: new Date(now), key: clockKey, action: 'publish',",
    ],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/publish-draft.ts',
    'functions/clock-publishing',
    ['if (waits && !waits(row)) {', 'if (false) {'],
    ['...(before.editor === draft.editor', '...(true'],
    ['(isNew && at - now <= storedAhead)', 'isNew'],
    ['now - checked.at > givenUpAfter', 'false'],
    ["const waits = !isGivenUp && askedOf(row) === 'publish'", 'const waits = !isGivenUp'],
    ['if (key === clockKey && isTold && !isOut && !isGivenUp)', 'if (false)'],
  ),
  ...inFile('local-cloud/console/outlook.ts', 'local-cloud/console', ['isForLater(publishAt, now)', 'false']),
  ...inFile(
    'local-cloud/console/local-transfer.ts',
    'unit/local-cloud/local-transfer',
    ['        await nextTurn()\n', ''],
    ['if (written === 0) return nothing(why)', 'if (why) return nothing(why)'],
  ),
  ...inFile('local-cloud/console/saved-marks.ts', 'local-cloud/console', ['  updatedAt: now,\n', '']),
  ...inFile('cloudfunctions/shared/publishing/editors-related.ts', 'functions/publishing', [
    'stories.get(name) ? []',
    'name ? []',
  ]),
  ...inFile('cloudfunctions/shared/publishing/story-content.ts', 'functions/publishing', [
    '[...new Set([...chosen.ids, ...computed])]',
    '[...new Set([...computed, ...chosen.ids])]',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/join-story.ts',
    'functions/clock-publishing',
    ['...story.relatedChosen, ', ''],
    ['if (isNews) await setRelated(story, chosen)', ''],
    ['[id, ...related.slice(0, olderAtMost)]', 'related.slice(0, olderAtMost)'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/join-story.ts',
    'functions/topics-and-polls',
    ['if (isNamed && !row.named.includes(id))', 'if (false)'],
    ['if (!isNamed && row.named.includes(id))', 'if (false)'],
    ['return first ? { id: first.id, title: first.title } :', 'return'],
  ),
  ...inFile('cloudfunctions/clock/join-fresh.ts', 'functions/clock-publishing', [
    'if (!agenda.fresh || ',
    'if (agenda || ',
  ]),
  ...inFile(
    'cloudfunctions/shared/stores/named-topics.ts',
    'functions/topics-and-polls',
    ['_id: command.in(stories), topic: command.in([null])', '_id: command.in(stories)'],
    ["'topic.listed': true, _id: command.nin(stories)", "'topic.listed': true, _id: command.in([])"],
  ),
  ...inFile('cloudfunctions/shared/publishing/withdraw-draft.ts', 'functions/publishing', [
    'if (isAhead(before, now) || isScheduled) {',
    'if (isScheduled) {',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/body/parse-html.ts',
    'unit/publishing/body',
    ['if (item && (odd >= 0 || isReversed))', 'if (item && odd >= 0)'],
    ['items[0] ?? wholeNumber(properties.start)', 'wholeNumber(properties.start)'],
  ),
  ...inFile('cloudfunctions/shared/stores/versions.ts', 'functions/clock-status', [
    'throw isDuplicate(error) ? new VersionExists(row.articleId) : error',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/clock-status', [
    'if (story?.draft !== row._id ||',
    'if (story ||',
  ]),
  ...inFile('cloudfunctions/shared/publishing/place-poll.ts', 'functions/clock-publishing', [
    'if (error instanceof PollTaken) return [error.message]',
    'if (error) return []',
  ]),
  ...inFile('cloudfunctions/shared/publishing/preview-draft.ts', 'functions/previews', [
    'poll: poll && v.parse(PreviewPoll, poll),',
    'poll: null,',
  ]),
  ...inFile(
    'cloudfunctions/shared/stores/previews.ts',
    'functions/previews',
    ['expiresAt: command.lte(now) })\n    .remove()', '})\n    .remove()'],
    ['_id: id, token: replaced.token }', '_id: id }'],
    ['expiresAt: command.gt(now) }', 'expiresAt: command.lt(now) }'],
  ),
  ...inFile('cloudfunctions/shared/transfer/cells.ts', 'unit/transfer/import', [
    'cell.startsWith("\'") && formula.test(cell)',
    'cell.startsWith("\'")',
  ]),
  ...inFile('cloudfunctions/shared/transfer/read-rows.ts', 'unit/transfer/import', [
    'rows > limits.rows',
    'rows >= limits.rows',
  ]),
  ...inFile('cloudfunctions/shared/transfer/plan-import.ts', 'functions/transfer', [
    'if (line < (job.from ?? 1)) continue',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/pictures/read-pictures.ts', 'functions/publishing-pictures', [
    "return read && 'src' in read ? read :",
    'return',
  ]),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/publishing-pictures', [
    '...(copies.length > 0 ? { copies } : {}),',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/pictures/public-address.ts', 'unit/publishing/pictures', [
    "['172.16.0.0', 12]",
    "['172.16.0.0', 13]",
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/typed-markdown.ts', 'unit/publishing/body', [
    "type === 'text' || type === 'break')",
    "type === 'text')",
  ]),
  ...inFile('cloudfunctions/shared/publishing/thumbnail.ts', 'unit/publishing/pictures', [
    '(isProcessed && stored.exec(src))',
    '(stored.exec(src))',
  ]),
  ...inFile('cloudfunctions/shared/publishing/restore-version.ts', 'functions/topics-and-polls', [
    'title: topic.title,',
    "title: '',",
  ]),
  ...inFile('cloudfunctions/shared/publishing/compose-story.ts', 'functions/topics-and-polls', [
    "draft.topic === '' && before?.topic?.listed",
    'false',
  ]),
  ...inFile('cloudfunctions/shared/publishing/compose-story.ts', 'functions/publishing-pictures', [
    '[judgeCover(shareCover, labels.shareCover)]',
    '[]',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/publish-entry.ts',
    'functions/clock-killed',
    ["before?.state === 'published' && before.digest === digest", 'false'],
    ['(taken.isNew || waits !== undefined)', 'taken.isNew'],
  ),
  ...inFile('cloudfunctions/shared/stores/named-topics.ts', 'functions/clock-killed', [
    "{ 'topic.title': command.neq(title) }",
    '{}',
  ]),
  ...inFile('cloudfunctions/shared/publishing/draft-change.ts', 'functions/clock-killed', [
    'if ((await hashNow(transaction)) !== hash) throw new SavedMeanwhile()',
    'await hashNow(transaction)',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/story-id.ts',
    'functions/publishing',
    ['if (!row || row.draft === draft) return', 'if (true) return'],
    ['nth < candidates', 'nth < 1'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/story-times.ts',
    'functions/clock-publishing',
    ['(row.publishAt?.getTime() ?? 0) <= now', 'true'],
    ['known !== undefined && known <= now ? known : undefined', 'known'],
    ['isPublic(before, now) && publishAt > first && isTimed', 'false'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/row-fields.ts',
    'unit/publishing/read-draft',
    ['v.minLength(1, `${label}：还没有填写，请写上`)', 'v.minLength(0)'],
    ['new Set(values.map(lineOf).filter(Boolean))', 'new Set(values.map(lineOf))'],
    ['values => values.every(one => one.length <= longest)', '() => true'],
    ['  value === 0 ||\n', ''],
    ['(pictureAddress.test(address) && address.length <= 2_000)', 'address.length <= 2_000'],
  ),
  ...inFile(
    'cloudfunctions/shared/publishing/place-story.ts',
    'unit/content/arrange-home',
    ['known !== undefined && known <= now ? known', 'false ? known'],
    ['rivals.length > rivalsAtMost', 'false'],
    ['until === null ? later.filter(rival => rival.until === null).at(-1) : undefined', 'undefined'],
    ['isForGood(claim) ? begins : null', 'null'],
  ),
  ...inFile(
    'cloudfunctions/shared/reading/arrange-home.ts',
    'unit/content/arrange-home',
    ['story && isWithin(place, now)', 'story'],
    ['isPinned(one, now) || !pictures', '!pictures'],
    ['candidates.delete(without)', ''],
  ),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/topics-and-polls', [
    'if (isMoved) await putPlace(transaction, id, fields)',
    '',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/read-draft.ts',
    'unit/publishing/read-draft',
    ["typeof until === 'number' && until <= from", "typeof until === 'number' && until < from"],
    ['if (until !== null && until <= now) return', 'if (until !== null && until < now) return'],
    ["id => id === '' || v.is(TopicId, id)", '() => true'],
    ["id => id === '' || v.is(PollId, id)", '() => true'],
    ['offlineAt <= Math.max(now, publishAt ?? now)', 'offlineAt <= now'],
    ["if (filled.cover !== undefined && !wrong.has('cover') &&", "if (false && !wrong.has('cover') &&"],
    ["fields.filter(field => field !== 'status')", 'fields'],
    ['written.every(one => nameOfStory(one) !== null)', 'true'],
  ),
]

const site = [
  ...inFile(
    'cloudfunctions/web/files/feeds.ts',
    'unit/web/files',
    ['isoTime(story.correctedAt)', 'isoTime(story.publishedAt)'],
    ['content_text: teaser || headline', 'content_text: teaser'],
    ["channelFeedAddress('rss', channel)", "channelFeedAddress('rss')"],
  ),
  ...inFile(
    'cloudfunctions/web/handle.ts',
    'web/documents',
    ["name === 'article' ? 0 : at", 'at'],
    ['if (known?.from === from) return known', 'if (known) return known'],
    ["status !== 200 || name === 'search'", "name === 'search'"],
    ["one.trim().replace(/^(?!W\\/)/, 'W/') === etag", 'one.trim() === etag'],
    ["if (status === 200 && matches(headers.get('if-none-match'), etag)) return answer(304, always, '')", ''],
    ["if (method !== 'GET' && method !== 'HEAD') return", 'if (false) return'],
    ["method === 'HEAD' ? { ...response, body: '' } : response", 'response'],
    ["if (address.page === 'lost' && /\\.\\w{1,8}$/.test(path)) return", 'if (false) return'],
    ['headers: { ...safetyHeaders, ...headers }', 'headers'],
  ),
  ...inFile('cloudfunctions/shared/stores/rows.ts', 'web/files', [
    'allWithoutUnseen(row) as Document',
    'row',
  ]),
  ...inFile(
    'cloudfunctions/web/read-address.ts',
    'web/documents',
    ["if (!path.startsWith('/') || path.length > longestPath) return null", ''],
    ["while (steps.at(-1) === '') steps.pop()", ''],
    ['return v.is(schema, from) ? { from } : null', 'return { from }'],
    ["mark: v.is(ShareMark, mark) ? mark : ''", 'mark'],
    ['filter(([key]) => allowedKeys.has(key))', 'filter(() => true)'],
  ),
]

const client = [
  ...inFile('src/platform/after-drawing.h5.ts', 'web/journeys', [
    "  addEventListener('pagehide', run)\n",
    '',
  ]),
  ...inFile('src/components/Segments.h5.tsx', 'web/journeys', [
    'if (option && option[0] !== chosen) onChoose(option[0])',
    '',
  ]),
  ...inFile(
    'src/votes/vote-store.ts',
    'unit/votes/vote-store',
    ['if (entry.running) return true', ''],
    ['if (entry.wanted !== sent) return undefined', ''],
    ['const late = Math.abs(clock.now() - entry.answeredAt) > readWithin', 'const late = false'],
    ['entry.unsure.push(sent.revision)', 'undefined'],
    ['&& !entry.unsure.includes(sent.revision)', ''],
    ['index === 0 || index >', 'index >'],
    ['...(live ? {} : { basedOn: sent.basedOn }),', ''],
    ['sent.basedOn = basesOf(entry.confirmed, entry.unsure)', ''],
    ['const again = before !== reconnects && !entry.cancelRetry', 'const again = false'],
    ['if (await run(subject, entry)) await sendPending()', 'await run(subject, entry)'],
    ['      entry.retried = 0\n      entry.wanted = {', '      entry.wanted = {'],
    ['if (granted || !live || deletedSince ||', 'if (granted || !live ||'],
    ['unseen?.(subject, entry.confirmed)', ''],
    ['.slice(-rowsAtMost)', ''],
    ['entry.retried < retries', 'true'],
    ['cancelled: entry.inFlight,', ''],
  ),
  ...inFile(
    'src/cloud/call.ts',
    'unit/call',
    [
      "if (!output.success) throw new CallFailed('internal', `reply of ${endpoint.name} does not fit`)\n  return output.output",
      'return (output as { output: unknown }).output',
    ],
    ['throw new CallFailed(code, message, retryAfter)', 'throw new CallFailed(code, message)'],
    ["new CallFailed('unavailable', 'no reply in time')", "new CallFailed('internal', 'no reply in time')"],
  ),
  ...inFile(
    'src/cloud/list.ts',
    'unit/cloud/list',
    ['if (asked || next === null) return', 'if (next === null) return'],
    ['    if (asked) return null\n', ''],
    ['[...page.items, ...items.slice(page.items.length)]', 'page.items'],
    ["if (pages.state === 'failed') retry()", ''],
  ),
  ...inFile(
    'src/cloud/merge-pages.ts',
    'unit/feed',
    ['if (known.has(item.id)) continue', ''],
    ['- mergePages([], shown).length', ''],
  ),
  ...inFile(
    'src/platform/cache-index.ts',
    'unit/platform/cache',
    ['total + row.size > size * part', 'false'],
    ['if (row.pinned) take', 'if (!row.pinned) take'],
    ['now - row.at <= age', 'true'],
    ['retained.size >= most * part', 'retained.size > most * part'],
  ),
  ...inFile(
    'src/platform/cache.ts',
    'unit/platform/cache',
    ['  if (size > longestEntry) return\n', ''],
    ['if (index.version === version) return', 'return'],
    ['...(pinned ? { pinned } : {})', ''],
    ['  for (const gone of dropped) removeStored(entryKey(gone.key))\n', ''],
    ['Number(b.pinned ?? false) - Number(a', 'Number(a.pinned ?? false) - Number(a'],
  ),
  ...inFile('src/platform/look-choice.ts', 'unit/platform/look', [' && stored.size === choice.size', '']),
  ...inFile(
    'src/features/reading/open-story.ts',
    'unit/reading/open-story',
    ['ahead?.id === id && now - ahead.at < useWithin', 'ahead?.id === id'],
    ['early?.id === id && Date.now() - early.at < useWithin', 'early?.id === id'],
    ['  ahead = undefined\n', ''],
    ["error instanceof CallFailed && error.code === 'not-found'", 'error'],
  ),
  ...inFile('src/cloud/web-api.ts', 'unit/web-api', ['        signingIn = null\n', '']),
  ...inFile('src/platform/scenes.ts', 'unit/platform/abilities', [
    '  if (scene === crawlerScene) return undefined\n',
    '',
  ]),
  ...inFile('src/features/ranking/share-words.ts', 'unit/ranking/share-words', ['percent > 0 && ', '']),
  ...inFile(
    'src/cloud/words.ts',
    'unit/cloud/words',
    ['seconds < 3600', 'seconds < 36'],
    ["code === 'too-many' ?", 'true ?'],
  ),
  ...inFile(
    'src/text/count.ts',
    'unit/text',
    ['count < 10_000', 'count <= 10_000'],
    ['Math.floor(count / 1_000)', 'Math.round(count / 1_000)'],
  ),
  ...inFile(
    'src/text/beijing-time.ts',
    'unit/text',
    ['instant + beijingOffset', 'instant'],
    ['age >= 0 && age < hour', 'age < hour'],
    ['age >= 0 && age < day', 'age < day'],
  ),
  ...inFile(
    'src/platform/bounded-list.ts',
    'unit/platform/bounded-list',
    ['keyOf(other) !== key', 'true'],
    ['.slice(0, most)', ''],
  ),
  ...inFile('src/platform/base-library.ts', 'unit/platform/base-library', [
    'compareVersions(version, lowestBaseLibrary) < 0',
    'version < lowestBaseLibrary',
  ]),
  ...inFile(
    'src/features/reading/fold-at.ts',
    'unit/reading/body',
    ['if (total < longStory) return null', ''],
    ['rest < restAtLeast', 'false'],
    ["blocks[at - 1]?.type === 'heading'", 'false'],
    ['of [1, 2]', 'of [1]'],
  ),
  ...inFile(
    'src/features/reading/body-pieces.ts',
    'unit/reading/body',
    ["text.replace(/[&<>\"]/g, character => entities[character] ?? '')", 'text'],
    ['open.blocks >= batchBlocks || ', ''],
    ['if (index === foldedAt) open = undefined', ''],
    ['blocks + more > batchBlocks', 'false'],
  ),
  ...inFile(
    'src/features/reading/reading-place.ts',
    'unit/reading/place',
    ['place.top >= near', 'true'],
    ['other => now - other.at <= age', '() => true'],
    ['found && Date.now() - found.at <= age ? found : undefined', 'found'],
  ),
  ...inFile(
    'src/features/shelf/shelf-store.ts',
    'unit/shelf/shelf-store',
    ["Array.from(text).slice(0, 120).join('')", 'text.slice(0, 120)'],
    ["if (!write(favourites.key, next)) return 'full'", 'write(favourites.key, next)'],
  ),
  ...inFile(
    'src/features/search/highlight.ts',
    'unit/search/highlight',
    ['if (!(end > start)) continue', ''],
    ['Math.max(at, Math.min(text.length, Math.floor(from)))', 'Math.min(text.length, Math.floor(from))'],
    ['.sort((a, b) => a[0] - b[0])', ''],
  ),
  ...inFile(
    'src/features/polls/apply-answer.ts',
    'unit/polls/apply-answer',
    ["choices === 'one' ? [option] :", ''],
    ['Math.max(0, (counts[key] ?? 0) - 1)', '(counts[key] ?? 0) - 1'],
    ['readers > 0 ?', 'true ?'],
  ),
  ...inFile(
    'src/features/moods/apply-mood.ts',
    'unit/moods',
    ['if (state.own === mood) return state', ''],
    ['Math.max(0, (counts[state.own] ?? 0) - 1)', '(counts[state.own] ?? 0) - 1'],
  ),
  ...inFile('src/features/sharing/share-mark.ts', 'unit/sharing', ['i < 10', 'i < 9']),
  ...inFile(
    'src/features/sharing/share-card.ts',
    'unit/sharing',
    ['id=${articleId}&mark=${mark}', 'id=${articleId}'],
    ['story?.shareCover ?? story?.cover', 'story?.cover'],
    ["imageUrl.includes(':') ?", 'true ?'],
    ["(story.source ? `（${story.source}）` : '')", "''"],
    ['story ? story.title', 'story?.source ? story.title'],
  ),
]

const localCloud = [
  ...inFile(
    'local-cloud/growth.ts',
    'unit/local-cloud/growth',
    ['if (pool.starting > 0) return', 'if (false) return'],
    ['crowdedPause * 2 ** crowdedStarts', 'crowdedPause'],
    ['all.starting >= startsAtOnce', 'false'],
    ['if (!load) return true', 'if (!load) return false'],
  ),
  ...inFile(
    'local-cloud/http-routes.ts',
    'unit/http-routes',
    ['b.prefix.length - a.prefix.length', 'a.prefix.length - b.prefix.length'],
    ['path === prefix || path.startsWith(`${prefix}/`)', 'path.startsWith(prefix)'],
    ["segment !== '.' && segment !== '..'", 'true'],
    ["path.slice(prefix.length) || '/'", 'path.slice(prefix.length)'],
  ),
  ...inFile('local-cloud/timers.ts', 'local-cloud/timers', [
    'nextFiring(timer.schedule, now)',
    'nextFiring(timer.schedule, timer.next)',
  ]),
  ...inFile('local-cloud/rule-expression.ts', 'local-cloud/security-rules', [
    'left > right : left >= right',
    'left >= right : left >= right',
  ]),
  ...inFile('local-cloud/admission.ts', 'local-cloud/server', [", 'x-real-ip', 'via']", ", 'x-real-ip']"]),
  ...inFile('local-cloud/http-access.ts', 'local-cloud/http-access', [
    'status === 204 || status === 304',
    'status === 304',
  ]),
  ...inFile('local-cloud/storage.ts', 'local-cloud/behaviour/storage', [
    'Number(expires) >= now() &&\n      (replaces',
    '(replaces',
  ]),
  ...inFile('local-cloud/storage.ts', 'unit/local-cloud/storage', ['size > fileLimit', 'false']),
  ...inFile('local-cloud/meter.ts', 'unit/local-cloud/meter', [
    '        ofFunction(record.functionName).failures += 1\n',
    '',
  ]),
  ...inFile('local-cloud/storage.ts', 'local-cloud/client-database', [
    '(replaces === anything || replaces === stateOf(path))',
    'true',
  ]),
  ...inFile('local-cloud/database/transactions.ts', 'local-cloud/database/transactions', [
    'holder && holder !== transaction',
    'holder',
  ]),
  ...inFile('local-cloud/database/transactions.ts', 'local-cloud/database/transactions', [
    'if (transaction.snapshot !== null) this.store.closeSnapshot(transaction.snapshot)',
    '',
  ]),
  ...inFile(
    'local-cloud/database/order.ts',
    'local-cloud/database/indexes',
    ['if (x >= 0xd800 && y >= 0xd800) {', 'if (false) {'],
    ['xNaN === yNaN ? 0 : xNaN ? -1 : 1', '0'],
  ),
]

/** Every fault that `npm run faults` plants. */
export const faults: readonly Fault[] = [
  ...rules,
  ...handlersAndStores,
  ...clockAndPanel,
  ...publishing,
  ...site,
  ...client,
  ...localCloud,
]
