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
    ['v.is(Instant, at) && at.toString', 'at.toString'],
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
    ['if (!pieces) return null', 'if (!pieces) continue'],
    ['!continuesBefore && !continuesAfter', 'true'],
    ['isTooShort || ', ''],
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
    ['? findPieces(query, candidates)', '? { found, isPartial: more }'],
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
    'if (others !== null) return others',
    '',
  ]),
  ...inFile(
    'cloudfunctions/sharing/draw-code.ts',
    'functions/share-limits',
    ['reader: 20', 'reader: 21'],
    ['story: 40', 'story: 41'],
    ['    drawn.set(scene, code)\n', ''],
  ),
  ...inFile('src/more/poster/use-poster.ts', 'weapp/mini-codes', ['[known, tries, theme]', '[known, tries]']),
  ...inFile('src/more/poster/use-poster.ts', 'weapp/mini-codes', [
    'code.isNoted = true',
    'code.isNoted = false',
  ]),
  ...inFile('src/features/poster/send.ts', 'weapp/mini-codes', ['await open(false)', 'await open(true)']),
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
  ...inFile('src/features/poster/in-time.ts', 'unit/poster', [
    'setTimeout(reject, coverWithin)',
    'undefined',
  ]),
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
    ['const sharedAtLeast = 7', 'const sharedAtLeast = 0'],
    [' / Math.sqrt(subjects.length)', ''],
    ['for (const term of story.terms) add(subjectsIn(term), weights.term)', ''],
    ['/^\\d+$/.test(part) ? [] : [part]', '[part]'],
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
    'the same is asked inside the transaction; the condition saves a repeated vote two requests',
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
    ["args.includes('--help')", 'false'],
    ['error instanceof Misuse || isUnreadable ? 2 : 1', 'error instanceof Misuse ? 2 : 1'],
  ),
  ...inFile('deploy/cli.ts', 'unit/deploy/commands', ['isOnline || given !== null', 'true']),
  ...inFile('cloudfunctions/shared/require-published.ts', 'functions/moods', [
    'now - seen < believedFor',
    'true',
  ]),
  ...inFile(
    'deploy/plan.ts',
    'unit/deploy/deployment',
    [
      '    known.timeout === wanted.timeout &&\n    added.length === 0',
      '    known.timeout === wanted.timeout',
    ],
    ['    known.memory === wanted.memory &&\n', ''],
  ),
  ...inFile(
    'deploy/apply-step.ts',
    'unit/deploy/deployment',
    ['      await publishModel(context, step.id)\n', ''],
    ["if (info?.Status === 'online') return", 'if (info) return'],
  ),
  ...inFile('deploy/backup/save.ts', 'unit/deploy/backup', [
    'if (missed > Math.max(100, total / 100))',
    'if (missed < 0)',
  ]),
  ...inFile(
    'deploy/backup/check.ts',
    'unit/deploy/backup',
    ['if (isSalt(name, _id))', 'if (false)'],
    ['if (count !== documents)', 'if (false)'],
    ["if (digest !== null && hash.digest('hex') !== digest)", 'if (false)'],
    ['if (ids?.has(_id))', 'if (false)'],
    ['if (!listed.has(file))', 'if (false)'],
    ['  rest += text.decode()\n', ''],
  ),
  ...inFile('deploy/backup/cli.ts', 'unit/deploy/commands', [
    'saltTo !== undefined && isWithin(to, saltTo)',
    'false',
  ]),
  ...inFile(
    'deploy/backup/cli.ts',
    'local-cloud/backup',
    ['{ mode: 0o600 }', '{}'],
    ['else if (saltTo !== undefined)', 'else if (false)'],
  ),
  ...inFile(
    'config/licences.ts',
    'unit/config/licences',
    ["last?.type === 'Line' && next.type === 'Line'", 'false'],
    ['copied.filter(({ mark }) => script.includes(mark))', '[]'],
  ),
  ...inFile('deploy/secrets.ts', 'unit/deploy/commands', [
    "{ ...readLines(path.join(root, 'deploy/.env')), ...environment }",
    "{ ...environment, ...readLines(path.join(root, 'deploy/.env')) }",
  ]),
  ...inFile('cloudfunctions/shared/reading/read-ranking.ts', 'functions/voting/rankings', [
    'to < rows.length ? String(to)',
    'to <= rows.length ? String(to)',
  ]),
  ...inFile('cloudfunctions/shared/reading/read-home.ts', 'functions/content/reading', [
    'rows.newest.filter(({ id }) => id !== without)',
    'rows.newest',
  ]),
]

const secondsAndBounds = [
  ...inFile(
    'cloudfunctions/sharing/record-opening.ts',
    'functions/openings',
    ['`${articleId} ${today}`, limits, now', 'articleId, limits, now'],
    ['withinDay(`open:${today.slice(0, 1)}`', 'withinDay(`open:${today}`'],
  ),
  ...inFile('cloudfunctions/sharing/day-limits.ts', 'functions/openings', [
    '`${kind} ${subject}`',
    'subject',
  ]),
  ...inFile('cloudfunctions/clock/tick.ts', 'functions/voting/clock', ['leased = 70_000', 'leased = 40_000']),
  ...inFile('cloudfunctions/clock/tend-votes.ts', 'functions/voting/clock', [
    'state.uncertain || !boards',
    '!boards',
  ]),
  ...inFile('cloudfunctions/clock/clear-previews.ts', 'functions/previews', [
    'cleared.length < listed',
    'expired.length < listed',
  ]),
  ...inFile('cloudfunctions/shared/voting/forget.ts', 'functions/voting/deletion', [
    'revision: last?.revision ?? 0,',
    'revision: 0,',
  ]),
  ...inFile('cloudfunctions/shared/reading/read-topic.ts', 'functions/content/reading', [
    'cursor === undefined ? await pollOf(topic, caller) : null',
    'await pollOf(topic, caller)',
  ]),
  ...inFile('cloudfunctions/shared/reading/arrange-home.ts', 'unit/content/arrange-home', [
    'fit.length > 0 ? fit : all',
    'fit',
  ]),
]

const clockAndPanel = [
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/articles', [
    "...shown(), channel, ...(column === '' ? {} : { column })",
    '...shown(), channel',
  ]),
  ...inFile('cloudfunctions/shared/stores/rankings.ts', 'functions/voting/clock', [
    '.where({ _id: clockStateId, leasedUntil: command.lte(now) })',
    '.where({ _id: clockStateId })',
  ]),
  ...inFile('cloudfunctions/shared/voting/forget.ts', 'functions/voting/deletion', [
    'await removeNote(id, at)',
    'return removeNote(id, at)',
  ]),
  ...inFile(
    'cloudfunctions/shared/publishing/preview-draft.ts',
    'functions/previews',
    ["isWritten ? (replaced?.code ?? '') : file", "isWritten ? '' : file"],
    ['replaced !== null && replaced.expiresAt > now', 'replaced !== null'],
  ),
  ...inFile('cloudfunctions/clock/clear-previews.ts', 'functions/previews', [
    "expired.filter(({ code }) => code === '' || gone.has(code))",
    "expired.filter(({ code }) => code === '' || gone)",
  ]),
  ...inFile('cloudfunctions/editor/transfer.ts', 'functions/transfer', [
    '    await deleteFiles([fileId])\n',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/place-poll.ts', 'functions/publishing', [
    "'draft' in own ? own.draft : ''",
    "''",
  ]),
  ...inFile('cloudfunctions/shared/publishing/publish-entry.ts', 'functions/topics-and-polls', [
    "if (before.state === 'published') await markEntryWithdrawn",
    "if (before.state === 'published') void markEntryWithdrawn",
  ]),
  ...inFile('cloudfunctions/shared/publishing/join-story.ts', 'functions/clock-publishing', [
    '].slice(0, relatedKept)',
    ']',
    'Readers see the first five. The row only keeps a few more behind the twelfth.',
  ]),
  ...inFile('src/web/components.tsx', 'web/odd-stories', [
    'if (current?.complete && current.naturalWidth === 0)',
    'if (current?.complete && current.naturalWidth === 1)',
  ]),
  ...inFile('src/web/overlays.ts', 'web/odd-stories', ['    addresses.length = at\n', '']),
  ...inFile('deploy/cost/cli.ts', 'unit/deploy/commands', [
    '/^\\d+$/.test(values.readers)',
    '/^\\d*$/.test(values.readers)',
  ]),
  ...inFile('src/web/start.tsx', 'web/odd-stories', ['replies: replies.filter(checkReplies)', 'replies']),
  ...inFile('src/web/poster.ts', 'web/journeys', [
    "return !classList.contains('look--light') && matchMedia",
    'return matchMedia',
  ]),
  ...inFile('cloudfunctions/shared/voting/cast-ballot.ts', 'functions/moods', [
    'changes: changesToday + (changed ? 1 : 0)',
    'changes: changesToday + 1',
  ]),
  ...inFile('cloudfunctions/shared/voting/poll.ts', 'functions/voting/polls', [
    '    if (topicId !== undefined) await readAgain(() => requirePublishedTopic(topicId))\n',
    '',
  ]),
  ...inFile('cloudfunctions/clock/recount.ts', 'functions/voting/clock', [
    'recountedUpTo: until,',
    'recountedUpTo: now,',
  ]),
  ...inFile('cloudfunctions/clock/summarise-days.ts', 'functions/openings', [
    '[...drafts, ...entries].filter(({ isRefused }) => isRefused).length',
    '[...drafts, ...entries].length',
  ]),
  ...inFile('cloudfunctions/clock/sum-shares.ts', 'functions/openings', [
    '      await putShareDay(day, { all, stories })\n',
    '      await removeSharesBefore(new Date(startOfDay(day + 1)))\n      await putShareDay(day, { all, stories })\n',
  ]),
  ...inFile('cloudfunctions/shared/stores/shares.ts', 'functions/openings', [
    '_id: command.gt(after._id)',
    '_id: command.gte(after._id)',
  ]),
  ...inFile('cloudfunctions/shared/stores/share-days.ts', 'functions/panel', [
    '    .limit(daysAtMost)\n',
    '',
  ]),
  ...inFile('cloudfunctions/shared/stores/quotas.ts', 'functions/openings', [
    'where({ day: command.lt(day) })',
    'where({ day: command.lte(day) })',
  ]),
  ...inFile('cloudfunctions/shared/stores/quotas.ts', 'functions/share-limits', [
    'second === undefined ? 1 :',
    'second === undefined ? 2 :',
  ]),
  ...inFile('cloudfunctions/sharing/record-share.ts', 'functions/openings', [
    'parent === mark ? undefined : parent',
    'parent',
  ]),
  ...inFile('cloudfunctions/web/story-head.ts', 'unit/web/structured-data', [
    "    ...story.tags.map(tag => ['property', 'article:tag', tag] as const),\n",
    '',
  ]),
  ...inFile(
    'cloudfunctions/web/site-address.ts',
    'unit/web/structured-data',
    ['.replace(/[^\\x21-\\x7e]|["<>\\\\^`{|}]/gu, encodeURIComponent)', ''],
    [" && !path.startsWith('//')", ''],
    ["  if (whole.startsWith('/')) return undefined\n", ''],
  ),
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/topics-and-polls', [
    "({ 'topic.id': topicId, ...shown() }",
    "({ 'topic.id': topicId }",
  ]),
  ...inFile('cloudfunctions/shared/stores/articles.ts', 'functions/panel', [
    ".orderBy('focusFrom', 'asc')",
    ".orderBy('focusFrom', 'desc')",
  ]),
  ...inFile('cloudfunctions/editor/index.ts', 'functions/panel', [
    "  'import',\n  'export',\n])",
    "  'import',\n])",
  ]),
  ...inFile('cloudfunctions/editor/stats.ts', 'functions/panel', [
    'const first = versions.at(-1)',
    'const first = versions.at(0)',
  ]),
  ...inFile('cloudfunctions/editor/stats.ts', 'functions/panel', ['?.entries.slice(0, listed)', '?.entries']),
  ...inFile('cloudfunctions/editor/placement.ts', 'functions/panel', [
    'listPlacedAfter(at)',
    'listPlacedAfter(now)',
  ]),
  ...inFile('cloudfunctions/editor/placement-lines.ts', 'unit/content/arrange-home', [
    'all.length > namedAtMost',
    'all.length >= namedAtMost',
  ]),
  ...inFile('cloudfunctions/editor/compare.ts', 'functions/publishing', [
    'const first = from ?? second - 1',
    'const first = from ?? 1',
  ]),
  ...inFile('cloudfunctions/shared/publishing/withdraw-draft.ts', 'functions/clock-publishing', [
    'isFromPanel ? { reason } : {}',
    '{ reason }',
  ]),
  ...inFile('cloudfunctions/clock/publish-waiting.ts', 'functions/clock-publishing', [
    "draft !== '' && !waiting.has(draft)",
    '!waiting.has(draft)',
  ]),
  ...inFile('cloudfunctions/clock/publish-waiting.ts', 'functions/clock-publishing', [
    'const left = more ? [] : ahead',
    'const left = ahead',
    'a story is only cancelled after its row was read again; the condition saves those reads',
  ]),
  ...inFile('cloudfunctions/shared/stores/named-topics.ts', 'functions/topics-and-polls', [
    'until: command.not(command.lte(new Date(now))) })',
    '})',
  ]),
  ...inFile('cloudfunctions/shared/stores/fresh-stories.ts', 'functions/clock-killed', [
    '    .where({ _id: id, version })\n    .update({ data: { related',
    '    .where({ _id: id })\n    .update({ data: { related',
  ]),
  ...inFile('cloudfunctions/shared/stores/fresh-stories.ts', 'functions/clock-killed', [
    '    .where({ _id: id, version })\n    .update({ data: { fresh',
    '    .where({ _id: id })\n    .update({ data: { fresh',
  ]),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/clock-publishing', [
    '  if (before.publishAt) await markOut(transaction, id)\n  const out',
    '  const out',
  ]),
  ...inFile('cloudfunctions/shared/stores/polls.ts', 'functions/voting/polls', [
    ".where({ ...place, state: 'published' })",
    '.where({ ...place })',
  ]),
  ...inFile('cloudfunctions/shared/stores/polls.ts', 'functions/topics-and-polls', [
    "if (data?.state !== 'published') return null\n  await row",
    'if (!data) return null\n  await row',
  ]),
  ...inFile('cloudfunctions/shared/stores/votes.ts', 'functions/voting/deletion', [
    'where({ _id: id, at }).remove()',
    'where({ _id: id }).remove()',
  ]),
  ...inFile('cloudfunctions/shared/voting/cast-ballot.ts', 'functions/voting/rankings', [
    'firstAt: before?.firstAt ?? new Date(now)',
    'firstAt: new Date(now)',
  ]),
  ...inFile('cloudfunctions/clock/tend-votes.ts', 'functions/voting/rankings', [
    'if ((newHour || newDay || uncertain)',
    'if ((newDay || uncertain)',
  ]),
  ...inFile('cloudfunctions/shared/reading/read-home.ts', 'functions/content/reading', [
    'loadHome(now, cachedFor)',
    'loadHome(now)',
  ]),
  ...inFile('cloudfunctions/shared/stores/settings.ts', 'web/files', [
    'where({ _id: siteMapId })',
    'where({})',
  ]),
  ...inFile(
    'cloudfunctions/web/files/load-file.ts',
    'web/files',
    ['found.catch(() => {\n    positions = undefined\n  })', 'found.catch(() => undefined)'],
    ['listTopics(now, topicsMapped)', 'listTopics(now)'],
  ),
  ...inFile('cloudfunctions/web/load-page.ts', 'web/events', [
    '...poll.filter(({ reply }) => reply.ok)]',
    '...poll]',
  ]),
  ...inFile('cloudfunctions/web/structured-data.ts', 'unit/web/structured-data', [
    'const name = known?.columns[column]',
    'const name = known?.columns[column] ?? column',
  ]),
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
  ...inFile('cloudfunctions/clock/summarise-days.ts', 'functions/openings', [
    'dayOf(now - settled) - 1',
    'dayOf(now) - 1',
  ]),
  ...inFile('cloudfunctions/editor/share-lines.ts', 'functions/panel', [
    'depthsOf([...rows, ...carriers])',
    'depthsOf(carriers)',
  ]),
  ...inFile('cloudfunctions/editor/version-lines.ts', 'unit/publishing/compare', [
    '[alt, caption, credit, src]',
    '[alt, caption, src]',
  ]),
  ...inFile(
    'cloudfunctions/editor/keys.ts',
    'unit/editor/keys',
    ['one.trim()', 'one'],
    ['[0-9a-f]{64}$/i', '[0-9a-f]{64}/i'],
  ),
  ...inFile(
    'cloudfunctions/editor/placement-lines.ts',
    'unit/editor/placement-words',
    ['.slice(0, 19)', '.slice(0, 16)'],
    ["story.cover === undefined\n        ? '没有封面'\n        : ", ''],
  ),
  ...inFile(
    'cloudfunctions/editor/waiting-drafts.ts',
    'unit/editor/placement-words',
    ['one.offlineAt > at', 'one.offlineAt >= at'],
    ['publishAt <= at', 'publishAt < at'],
  ),
  ...inFile('cloudfunctions/editor/check.ts', 'functions/panel', [
    "typeof row.link === 'string' && row.link !== ''",
    "typeof row.link === 'string'",
  ]),
  ...inFile(
    'cloudfunctions/editor/transfer.ts',
    'functions/transfer',
    ['written += done.filter(one => one === null).length', 'written += done.length'],
    ['steps.length > 0 && Date.now() - now <= budget + 4_000', 'steps.length > 0'],
  ),
  ...inFile(
    'cloudfunctions/clock/publish-waiting.ts',
    'unit/clock-work',
    ['(at - now <= lastLook ||', '(at - now < lastLook ||'],
    ['const left = more ? [] : ahead', 'const left = ahead'],
  ),
  ...inFile('cloudfunctions/clock/publish-entries.ts', 'unit/clock-work', [
    '!isRefused || isSaved',
    '!isRefused',
  ]),
  ...inFile('cloudfunctions/clock/index.ts', 'functions/voting/clock', ['    ok = false\n', '']),
  ...inFile('cloudfunctions/shared/transfer/plain-value.ts', 'unit/transfer/cells', [' || !isReal', '']),
  ...inFile('cloudfunctions/shared/reading/search.ts', 'functions/content/reading', [
    'words.every(word => text',
    'words.some(word => text',
  ]),
]

const publishing = [
  ...inFile('cloudfunctions/shared/publishing/body/mend-markdown.ts', 'unit/publishing/compose-story', [
    'end < 2 || !isYaml',
    '!isYaml',
  ]),
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
    ['...(before.editor === draft.editor', '...(true'],
    ['(isNew && at - now <= storedAhead)', 'isNew'],
    ['now - checked.at > givenUpAfter', 'false'],
    ['if (key === clockKey && isTold && !isOut && !isGivenUp)', 'if (false)'],
  ),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/clock-killed', [
    'if (waits && !waits(row)) {',
    'if (false) {',
  ]),
  ...inFile('cloudfunctions/shared/publishing/publish-draft.ts', 'functions/publishing', [
    "const waits = !isGivenUp && askedOf(row) === 'publish'",
    'const waits = !isGivenUp',
  ]),
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
    ["row.state === 'published' && row.stories.includes(id))", "row.state === 'published')"],
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
    ['next = number + (isReversed ? -1 : 1)', 'next = number + 1'],
    ['wholeNumber(properties.value) ?? next', 'next'],
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
  ...inFile('cloudfunctions/shared/publishing/body/typed-markdown.ts', 'unit/publishing/manuscripts', [
    '(row.test(last) && row.test(next)) || areItems(last, next)',
    '(row.test(last) && row.test(next))',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/parse-html.ts', 'unit/publishing/manuscripts', [
    'return [...above, table]',
    'return [table]',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/to-blocks.ts', 'unit/publishing/manuscripts', [
    "spans.length > 0 ? [...spans, '\\n', ...block.spans] : block.spans",
    'block.spans',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/mend-markdown.ts', 'unit/publishing/manuscripts', [
    'open === null ? fence : fenceEnd',
    'fenceEnd',
  ]),
  ...inFile('cloudfunctions/shared/publishing/read-poll.ts', 'unit/publishing/rows', [
    'parts.success && !Array.isArray(picture)',
    'parts.success',
  ]),
  ...inFile('cloudfunctions/shared/publishing/entry-statuses.ts', 'unit/publishing/rows', [
    "spelled === '已发布' && !isEmpty(row.version)",
    "spelled === '已发布'",
  ]),
  ...inFile('cloudfunctions/shared/publishing/place-story.ts', 'unit/publishing/stories-made', [
    'publishedAt > now ? Math.max(draft.from, publishedAt) : draft.from',
    'draft.from',
  ]),
  ...inFile('cloudfunctions/web/structured-data.ts', 'unit/web/structured-data', [
    "address.includes('(')",
    'false',
  ]),
  ...inFile('cloudfunctions/web/read-address.ts', 'unit/web/addresses', [
    '.filter(([key]) => allowedKeys.has(key))',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/read-time.ts', 'unit/publishing/times', [
    "['下午', [12, 20]]",
    "['下午', [13, 20]]",
  ]),
  ...inFile('cloudfunctions/shared/publishing/story-times.ts', 'unit/publishing/times', [
    'known !== undefined && known <= now',
    'known !== undefined',
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
  ...inFile(
    'cloudfunctions/shared/publishing/restore-version.ts',
    'functions/clock-publishing',
    ['publishedAt: isLater ? at : publishedAt', 'publishedAt'],
    ['before.offlineAt && before.offlineAt > at ?', 'before.offlineAt ?'],
  ),
  ...inFile('cloudfunctions/shared/publishing/withdraw-draft.ts', 'functions/clock-publishing', [
    "const status = row && statusOfRow(row) === '已发布' ?",
    'const status = row ?',
  ]),
  ...inFile('cloudfunctions/shared/publishing/topic-places.ts', 'unit/content/arrange-slots', [
    ' &&\n        begin(own) < end(other)',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/choose-related.ts', 'unit/related', [
    '        b.near - a.near ||\n',
    '',
  ]),
]

const site = [
  ...inFile(
    'cloudfunctions/web/files/feeds.ts',
    'unit/web/files',
    ['isoTime(story.correctedAt)', 'isoTime(story.publishedAt)'],
    ['content_text: teaser || headline', 'content_text: teaser'],
    ["channelFeedAddress('rss', channel)", "channelFeedAddress('rss')"],
  ),
  ...inFile('cloudfunctions/web/handle.ts', 'web/events', [
    "method === 'HEAD' ? { ...response, body: '' } : response",
    'response',
  ]),
  ...inFile(
    'cloudfunctions/web/handle.ts',
    'web/documents',
    ["name === 'article' ? 0 : at", 'at'],
    ['if (known?.from === from) return known', 'if (known) return known'],
    ["status !== 200 || name === 'search'", "name === 'search'"],
    ["one.trim().replace(/^(?!W\\/)/, 'W/') === etag", 'one.trim() === etag'],
    ["if (status === 200 && matches(headers.get('if-none-match'), etag)) return answer(304, always, '')", ''],
    ["if (method !== 'GET' && method !== 'HEAD') return", 'if (false) return'],
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
  ...inFile(
    'src/web/Offline.tsx',
    'web/offline',
    ['.sort((a, b) => b.at - a.at)', ''],
    ['[...listFavourites(), ...listHistory()]', '[...listHistory(), ...listFavourites()]'],
  ),
  ...inFile('src/web/wear-look.ts', 'unit/platform/look', [
    "  classList.toggle('look--care', size === 'care')\n",
    '',
  ]),
  ...inFile('src/web/service-worker.ts', 'web/service-worker', ['?? Number.NaN', '?? 0']),
  ...inFile('src/web/page-titles.ts', 'web/documents', [
    "title: params.q ? `搜索：${params.q}` : '搜索'",
    "title: '搜索'",
  ]),
  ...inFile('src/features/feed/FeedEnd.h5.tsx', 'web/journeys', [
    '    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return\n',
    '',
  ]),
  ...inFile(
    'src/web/overlays.ts',
    'web/journeys',
    ['if (event.target === box) close()', 'close()'],
    ['        event.stopPropagation()\n', ''],
  ),
  ...inFile('cloudfunctions/web/structured-data.ts', 'unit/web/structured-data', [
    'name: name || url',
    'name',
  ]),
  ...inFile('cloudfunctions/web/load-page.ts', 'web/documents', [
    'moments ? [] : await newest()',
    'await newest()',
  ]),
  ...inFile('cloudfunctions/web/files/load-file.ts', 'web/files', [
    'storyMapOf(file.after ? [] : otherPages(',
    'storyMapOf(otherPages(',
  ]),
]

const client = [
  ...inFile(
    'src/web/components.tsx',
    'unit/web/site',
    ['event.metaKey || event.ctrlKey || ', 'event.metaKey || '],
    ['(at + step + radios.length) % radios.length', '(at + step) % radios.length'],
  ),
  ...inFile('src/web/offline-pages.ts', 'unit/web/site', [' && cachedStoryIds().has(id)', '']),
  ...inFile('src/web/start.tsx', 'unit/web/site', ["anyone: can('identity')", 'anyone: false']),
  ...inFile('src/web/poster.ts', 'unit/web/site', ['article.shareCover ?? article.cover', 'article.cover']),
  ...inFile('src/cloud/transport.h5.ts', 'unit/web/site', [
    "guest ? 'cloud-token:guest' : 'cloud-token'",
    "'cloud-token'",
  ]),
  ...inFile('src/web/service-worker.ts', 'unit/web/service-worker', [' && name !== pictureCache', '']),
  ...inFile('src/platform/navigate.ts', 'unit/platform/phone', [' && opened.page === topPage()', '']),
  ...inFile('src/platform/mark.ts', 'unit/platform/phone', ['(?!\\w)', '']),
  ...inFile('src/platform/look.ts', 'unit/platform/page-life', ['!byHand && !painted', '!byHand']),
  ...inFile('src/cloud/use-list.ts', 'unit/cloud/list', ['[source.key]', '[]']),
  ...inFile('src/contract/poll.ts', 'unit/contract', ['(?!(?:constructor|prototype)$)', '']),
  ...inFile(
    'src/votes/vote-store.ts',
    'unit/votes/vote-store',
    ['next(wanted && isShown(confirmed, wanted) ? ', 'next(wanted ? '],
    ['!definite.includes(code) && ', ''],
  ),
  ...inFile('src/platform/after-drawing.h5.ts', 'web/journeys', [
    "  addEventListener('pagehide', run)\n",
    '',
    'a document that is left also becomes hidden in Chromium, which the tests use; in Safari before 14.5 it does not',
  ]),
  ...inFile('src/components/Segments.h5.tsx', 'web/journeys', [
    'if (option && option[0] !== chosen) onChoose(option[0])',
    '',
  ]),
  ...inFile(
    'src/votes/vote-store.ts',
    'unit/votes/vote-store',
    ['if (entry.running) return true', ''],
    ['Math.max(entry.confirmed?.wish ?? 0, ...entry.unsure)', 'entry.revision'],
    ['entry.unsure.filter(revision => revision !== sent.revision)', 'entry.unsure'],
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
    ['entry.wanted || entry.epoch === epoch) continue', 'entry.wanted) continue'],
    ['      cancelSlow?.()\n', ''],
    ['Math.abs(clock.now() - entry.answeredAt)', 'clock.now() - entry.answeredAt'],
    ['if (!wanted && !inFlight && listeners.size === 0)', 'if (!wanted && !inFlight)'],
    ['deletion.epoch = Math.max(deletion.epoch, state.epoch)', 'deletion.epoch = state.epoch'],
    ['entry.wanted && !entry.cancelRetry) void run', 'entry.wanted) void run'],
    ['isThere || clock.now() - wanted.at > ageAtMost', 'isThere'],
    ['sent.revision <= entry.confirmed.wish', 'sent.revision < entry.confirmed.wish'],
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
    ['cachedAt === undefined && page.items.every', 'page.items.every'],
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
  ...inFile('src/contract/article.ts', 'unit/publishing/body', [
    'v.pipe(v.number(), v.integer(), v.minValue(0))',
    'v.pipe(v.number(), v.integer(), v.minValue(1))',
  ]),
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
  ...inFile(
    'src/platform/tab-retap.ts',
    'unit/platform/page-life',
    ['    shownAt.current = 0\n  })\n  useTab', '  })\n  useTab'],
    [' || Date.now() - shownAt.current < sameTap', ''],
  ),
  ...inFile(
    'src/platform/far-away.ts',
    'unit/platform/page-life',
    ['        if (hidden.current && !seen) return\n', ''],
    ['        hidden.current = false\n', ''],
    ['    return () => attempt(() => observer?.disconnect())\n', ''],
  ),
  ...inFile(
    'src/platform/sight.ts',
    'unit/platform/page-life',
    ['    if (!stopped) attempt(watch)', '    attempt(watch)'],
    ['    attempt(() => observer?.disconnect())\n', ''],
  ),
  ...inFile(
    'src/platform/copy-url.ts',
    'unit/platform/page-life',
    ['  useUnload(stop)\n', ''],
    ['  useDidHide(stop)\n', ''],
  ),
  ...inFile('src/platform/look.ts', 'unit/platform/page-life', [
    'now.className === shown.className && now.style === shown.style ? shown : now',
    'shown',
  ]),
  ...inFile(
    'src/platform/watch-app.ts',
    'unit/platform/page-life',
    ['    if (offered) return\n', ''],
    ['if (wanted) manager.applyUpdate()', 'manager.applyUpdate()'],
  ),
  ...inFile(
    'src/cloud/use-query.ts',
    'unit/cloud/query',
    [
      '        if (mine !== latest.current) return\n        setQuery(current => {',
      '        setQuery(current => {',
    ],
    [
      '        if (mine !== latest.current) return\n        setQuery(current =>\n',
      '        setQuery(current =>\n',
    ],
    ["now.state === 'failed' ? isAway(now.error) :", "now.state === 'failed' ? true :"],
    ["now.state === 'ready' && now.from !== 'cloud'", 'false'],
    ['      stop()\n', ''],
    ['if (!came || came.anyone) reload()', 'if (!came) reload()'],
    ["current.state === 'ready' && isAway(error)", "current.state === 'ready'"],
    ["current.from === 'cloud' ? 'cloud' : 'offline'", "'offline'"],
    ['  loader.current = load\n', ''],
    ["setQuery(current => (current.state === 'failed' ? { state: 'loading' } : current))", ''],
  ),
  ...inFile(
    'src/votes/phone-votes.ts',
    'unit/votes/phone-votes',
    ["    writeStored('deletion', epoch)\n", '    void epoch\n'],
    ['  onNetworkBack(() => void send())\n', ''],
    ['  afterDrawing(() => void send())\n', ''],
    ["if (outcome.kind === 'superseded') tell(wordsOf(outcome))", 'tell(wordsOf(outcome))'],
    ['for (const kind of kinds) kind.clear()', 'kinds[0]?.clear()'],
    ['for (const kind of kinds) await kind.sendPending()', 'await kinds[0]?.sendPending()'],
    ['for (const kind of kinds) kind.forget(epoch)', 'kinds[0]?.forget(epoch)'],
    ['readStoredRows(key, Row)', "readStoredRows('mood-votes', Row)"],
  ),
  ...inFile(
    'src/votes/use-vote.ts',
    'unit/votes/phone-votes',
    ['if (subject !== undefined && read) votes.resume(subject)', ''],
    ['            onChange()\n', ''],
    ['            if (outcome) hear.current(outcome)\n', ''],
  ),
  ...inFile(
    'src/features/polls/use-poll.ts',
    'unit/votes/phone-votes',
    ['if (closed) void ask()', ''],
    ['call(readPoll, where.current).catch(() => null)', 'call(readPoll, where.current)'],
    ['brought === undefined || isForAnyone()', 'true'],
    ['(came.value.poll ?? undefined)', 'undefined'],
  ),
  ...inFile(
    'src/features/reader/forget-votes.ts',
    'unit/votes/phone-votes',
    ['epoch === undefined ? { after } : { continues: epoch }', '{ after }'],
    ['  forgetVotesBefore(epoch ?? 0)\n', ''],
    ['    total += reply.removed', '    total = reply.removed'],
    ['epoch = reply.epoch ?? epoch', 'epoch = reply.epoch'],
    ['i < callsAtMost', 'true'],
  ),
  ...inFile('src/features/moods/use-mood.ts', 'unit/votes/phone-votes', [
    'if (mood !== read) onChange(mood)',
    '',
  ]),
  ...inFile('src/features/polls/poll-votes.ts', 'unit/votes/phone-votes', [
    'own.length === answer.length && ',
    '',
  ]),
  ...inFile('src/features/moods/mood-votes.ts', 'unit/votes/phone-votes', ['  patience: 400,\n', '']),
  ...inFile('src/votes/vote-words.ts', 'unit/votes/phone-votes', [
    "waitWords(outcome.error) ?? '网络恢复'",
    'waitWords(outcome.error)',
  ]),
  ...inFile(
    'src/web/taro.ts',
    'unit/web/page-life',
    ["    addEventListener('pageshow', restored)\n", ''],
    ['if (event.persisted) latest.current()', 'latest.current()'],
    ["      removeEventListener('pageshow', restored)\n", ''],
    ["      document.removeEventListener('visibilitychange', seen)\n", ''],
    ["    addEventListener('pagehide', left)\n", ''],
    ["if (document.visibilityState === 'hidden') latest.current()", 'latest.current()'],
    ['[key, encodeURIComponent(value)]', '[key, value]'],
    ['near && !reached && grown < growsAtMost', 'near && !reached'],
    ['near && !reached && grown < growsAtMost', 'near && grown < growsAtMost'],
    ['      reached = near\n', ''],
    [
      'found.getBoundingClientRect().top + scrollY + offsetTop',
      'found.getBoundingClientRect().top + offsetTop',
    ],
    [
      'const text = isHydrated() ? localStorage.getItem(key) : null',
      'const text = localStorage.getItem(key)',
    ],
    [" && 'data' in stored ? stored.data", '  ? stored'],
    ['grown === growsAtMost || scrollHeight <= innerHeight', 'grown === growsAtMost'],
    ["    addEventListener('resize', show)\n", ''],
  ),
  ...inFile(
    'src/platform/after-drawing.h5.ts',
    'unit/web/page-life',
    ['    clearTimeout(timer)\n', ''],
    ["  document.addEventListener('visibilitychange', run)\n", ''],
    ["    document.removeEventListener('visibilitychange', run)\n", ''],
  ),
  ...inFile('src/platform/use-stored.h5.ts', 'unit/web/page-life', [
    '  useEffect(() => setValue(reader.current()), [])\n',
    '',
  ]),
  ...inFile('src/platform/document-history.ts', 'unit/web/page-life', [
    '{ ...storedInHistory(), ...change }',
    'change',
  ]),
  ...inFile('src/features/reading/use-fold.h5.ts', 'unit/web/page-life', [
    '    storeInHistory({ unfolded: true })\n',
    '',
  ]),
  ...inFile(
    'src/platform/use-grown-list.h5.ts',
    'unit/web/page-life',
    ['if (!touched) restore()', 'restore()'],
    ['if (count > brought.current) grown = count', 'grown = count'],
    ['    before.current = 0\n', ''],
    ["hadGrown() ? 'manual' : 'auto'", "'auto'"],
    ['Math.min(entriesAtMost, storedInHistory().items ?? 0)', 'storedInHistory().items ?? 0'],
  ),
  ...inFile(
    'src/features/sharing/ledger.ts',
    'unit/ledger',
    ['  if (rows.length >= rowsAtMost) return\n', ''],
    ['  sending = false\n}', '}'],
    ['      seen = mark\n', ''],
    ['  if (sending) return\n', ''],
    ['    rows.shift()\n', '    rows.shift()\n    rows.shift()\n'],
    ['    writeStored(key, rows)\n  }', '  }'],
    ['unavailable|internal', 'unavailable'],
    ["...(can('identity') ? {} : { guest: guestId() })", ''],
    ["readStored('guest', ShareMark) ?? newShareMark()", 'newShareMark()'],
    ['} else void send()', '}'],
  ),
  ...inFile(
    'src/features/feed/channel-list.ts',
    'unit/cloud/list-sources',
    ['...(cursor && { cursor })', '...(cursor && {})'],
    ['...(column && { column }), ', ''],
    ['`channel:${channel}/${column}`', '`channel:${channel}`'],
  ),
  ...inFile('src/features/feed/home-list.ts', 'unit/cloud/list-sources', [
    '    writeCached(key, home)\n',
    '',
  ]),
  ...inFile('src/features/ranking/ranking-list.ts', 'unit/cloud/list-sources', [
    '`ranking:${mood}/${span}`',
    '`ranking:${mood}`',
  ]),
  ...inFile(
    'src/features/topics/topic-list.ts',
    'unit/cloud/list-sources',
    ['...(cursor && { cursor })', '...(cursor && {})'],
    ["    if (!v.is(TopicId, id)) throw new CallFailed('not-found', 'no such id')\n", ''],
  ),
  ...inFile('src/features/reading/more-list.ts', 'unit/cloud/list-sources', [
    'call(readHome, { without: id })',
    'call(readHome, {})',
  ]),
  ...inFile('src/features/search/search-list.ts', 'unit/cloud/list-sources', [
    '...(cursor && { cursor })',
    '...(cursor && {})',
  ]),
  ...inFile(
    'src/cloud/stored-token.ts',
    'unit/platform/small-stores',
    ["      token ??= readStored(key, Token) ?? ''\n", "      token ??= ''\n"],
    ['      token = next\n', ''],
    ['      writeStored(key, next)\n', ''],
    ['v.regex(/^[\\x21-\\x7e]*$/)', 'v.trim()'],
  ),
  ...inFile('src/features/search/recent-searches.ts', 'unit/platform/small-stores', [
    'putFirst(listRecent(), query, most)',
    '[query, ...listRecent()]',
  ]),
  ...inFile(
    'src/features/reading/use-stages.ts',
    'unit/platform/page-life',
    ['stage.key === key ? stage.at : 0', 'stage.at'],
    ['useState({ key, at: 0 })', 'useState({ key, at: 1 })'],
    ['if (at < last)', 'if (at <= last)'],
  ),
  ...inFile(
    'src/features/reading/use-body.h5.ts',
    'unit/reading/use-body',
    ['pieces.slice(0, fold.at)', 'pieces.slice(1, fold.at)'],
    ['rest: folded ? rest : 0', 'rest'],
    ['rest > 0 && !whole', 'rest > 0'],
  ),
  ...inFile(
    'src/features/reading/use-body.ts',
    'unit/reading/use-body',
    ['rest: open ? 0 : parts.rest', 'rest: parts.rest'],
    ['(reached === article.id || stage >= last)', 'stage > last'],
    ['const fold = mayFold ? foldAt(blocks) : null', 'const fold = foldAt(blocks)'],
  ),
  ...inFile('local-cloud/client-database.ts', 'unit/local-cloud/rules', [
    'v.object({ ...base, query: v.optional(Ejson, {}) })',
    'v.object({ ...base, query: v.optional(v.pipe(Ejson, v.transform(() => ({}))), {}) })',
  ]),
  ...inFile(
    'src/pages/shelf/index.tsx',
    'weapp/pages',
    ['      clearCache()\n', ''],
    ['            setMost(step)\n', ''],
    ['      pinCachedStories([])\n', ''],
  ),
  ...inFile('src/pages/home/index.tsx', 'weapp/pages', [
    'listTime(pages.cachedAt, Date.now())',
    'listTime(pages.at, Date.now())',
  ]),
  ...inFile('src/pages/article/MoreReading.tsx', 'weapp/pages', [
    'pages.items.filter(item => item.id !== id)',
    'pages.items',
  ]),
  ...inFile('src/pages/article/ActionBar.tsx', 'weapp/pages', [
    '    pinCachedStories(listFavourites())\n',
    '',
  ]),
  ...inFile(
    'src/pages/article/index.tsx',
    'weapp/pages',
    ['      pinCachedStories(listFavourites())\n', ''],
    ["newMark('favourites')", "newMark('moments')"],
  ),
  ...inFile('src/features/search/FoundItem.tsx', 'weapp/pages', ['cover.thumb ?? cover.src', 'cover.src']),
  ...inFile('src/more/channel/index.tsx', 'weapp/pages', [
    "useState(channel?.columns[asked] === undefined ? '' : asked)",
    'useState(asked)',
  ]),
  ...inFile('src/more/preview/index.tsx', 'weapp/pages', [
    "new Set(['not-found', 'invalid'])",
    "new Set(['not-found'])",
  ]),
  ...inFile('src/more/about/index.tsx', 'weapp/voting', ['if (!forgetting) void forget()', 'void forget()']),
  ...inFile(
    'src/features/reading/use-reading-place.ts',
    'unit/reading/place',
    ['        if (top > 50) return\n', ''],
    ['    if (!complete) return\n', ''],
  ),
  ...inFile('src/features/poster/send.ts', 'unit/poster-send', [
    "return isCancelled(again) ? '' : '没能打开",
    "return '没能打开",
  ]),
  ...inFile('src/platform/theme.ts', 'unit/platform/page-life', [
    '[iconRanking, iconRankingOn],',
    '[iconRankingOn, iconRanking],',
  ]),
  ...inFile('src/features/reading/use-near-end.ts', 'unit/platform/page-life', [
    '(seen > 0 || top < 0) && setNear(true)',
    'seen > 0 && setNear(true)',
  ]),
  ...inFile('src/pages/shelf/index.tsx', 'weapp/pages', ['      clearPlaces()\n', '']),
  ...inFile('src/features/feed/FeedEnd.h5.tsx', 'unit/web/pages', [
    'href={next === null ? list : furtherAddress(list, next)}',
    'href={list}',
  ]),
  ...inFile('src/features/feed/FeedList.tsx', 'weapp/pages', [
    'index === 0 ? children : null',
    'index === 1 ? children : null',
  ]),
  ...inFile('src/features/moods/MoodVote.tsx', 'unit/web/pages', ["canVote || !can('invite')", 'canVote']),
  ...inFile(
    'src/features/polls/PollVote.tsx',
    'unit/web/pages',
    ['const coming = !canVote && !result', 'const coming = !canVote'],
    ["elsewhere && 'topicId' in place", 'elsewhere'],
  ),
  ...inFile('src/features/search/FoundItem.tsx', 'unit/web/pages', [
    'marks.title.length + marks.teaser.length === 0',
    'marks.title.length === 0',
  ]),
  ...inFile('src/more/search/index.tsx', 'unit/web/pages', ['[...query].length === 1', 'query.length === 1']),
  ...inFile(
    'src/more/search/index.tsx',
    'unit/web/pages',
    ["items.length === 0 && state === 'ended' ? null", 'items.length === 0 ? null'],
    ["if (!words) setQuery('')", "setQuery('')"],
  ),
  ...inFile('src/pages/article/MoreReading.tsx', 'unit/web/pages', [
    'focus.length > 0 ? (',
    'topics.length > 0 ? (',
  ]),
  ...inFile('src/features/search/use-asked.h5.ts', 'unit/web/pages', [
    'history.replaceState(',
    'history.pushState(',
  ]),
  ...inFile('src/pages/article/index.tsx', 'unit/web/pages', [
    'const cover = article?.shareCover ?? article?.cover',
    'const cover = article?.cover',
  ]),
  ...inFile('src/more/poster/index.tsx', 'weapp/mini-codes', ['words && tell(words)', 'tell(words)']),
  ...inFile('src/features/feed/FeedEnd.tsx', 'weapp/pages', [
    "state === 'more' || state === 'loading'",
    "state === 'loading'",
  ]),
  ...inFile('src/pages/shelf/index.tsx', 'weapp/pages', [
    'items.length > most ? (',
    'items.length >= most ? (',
  ]),
  ...inFile('src/app.tsx', 'weapp/pages', ["import './features/polls/poll-votes'\n", '']),
  ...inFile(
    'src/features/reading/use-reading-place.ts',
    'unit/reading/place',
    ['if (last.current !== null) last', 'last'],
    ['    back.current = undefined\n    Taro', '    Taro'],
  ),
  ...inFile('src/features/reading/use-reading-place.ts', 'unit/web/pages', [
    'seen > 0 && state.current.whole && state.current.complete',
    'seen > 0 && state.current.complete',
  ]),
  ...inFile('src/features/reading/body-of.ts', 'unit/reading/body', [
    "block.type === 'picture' && block.src === cover.src",
    "block.type === 'picture'",
  ]),
  ...inFile(
    'src/features/reading/body-pieces.ts',
    'unit/reading/body',
    ['    open.size += html.length\n', ''],
    ['${linesOf(block.text)}</div>', '${escaped(block.text)}</div>'],
  ),
  ...inFile('src/features/poster/layout.ts', 'unit/poster', ['      rest.unshift(...letters)\n', '']),
  ...inFile('src/features/poster/paint.ts', 'unit/poster', [
    'context.fillStyle = colours[type.colour]',
    'context.fillStyle = colours.ink',
  ]),
  ...inFile(
    'src/more/poster/use-poster.ts',
    'unit/poster-drawing',
    ['      code.isNoted = true\n', ''],
    ['  codes.delete(id)\n', ''],
  ),
  ...inFile('src/more/poster/phone-canvas.ts', 'unit/poster-drawing', [
    'if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)',
    '',
  ]),
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
  ...inFile('local-cloud/storage.ts', 'local-cloud/behaviour/storage', [
    "    if (req.headers['if-none-match'] === headers.etag) {",
    "    if (headers.etag === '') {",
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
  ...inFile('local-cloud/client-database.ts', 'unit/local-cloud/rules', [
    'isJsonObject(asked) && Object.keys(asked).length === 1 ? asked.$eq : asked',
    'isJsonObject(asked) ? asked.$eq : asked',
  ]),
  ...inFile(
    'local-cloud/timers.ts',
    'unit/local-cloud/timers',
    ['    for (const key of timers.keys()) if (!found.has(key)) timers.delete(key)\n', ''],
    ['      if (timer.running) options.report(', '      if (false) options.report('],
    ['        if (known?.schedule === config) continue', '        if (known) continue'],
    [
      '      if (timer.next === null || timer.next > now) continue',
      '      if (timer.next === null || timer.next >= now) continue',
    ],
    ['next !== null && (timer.next === null || next < timer.next)', 'next !== null && timer.next === null'],
    ['      timer.running = false\n', ''],
    ['timer.running && !overlap', 'timer.running'],
    ['    if (closed) return\n', ''],
    ['      closed = true\n      clearTimeout(sleeping)\n', ''],
    ['longestSleep))', 'Number.POSITIVE_INFINITY))'],
  ),
  ...inFile(
    'local-cloud/rules.ts',
    'unit/local-cloud/rules',
    ["(database.get(collection) ?? database.get('*'))", 'database.get(collection)'],
    ["if (rule === 'own') return client.uid === null ? 'none' : rule\n", "if (rule === 'own') return rule\n"],
    [
      "if (rule === 'own-asked') return client.openid === null ? 'none' : rule",
      "if (rule === 'own-asked') return rule",
    ],
    ["functions.get(name) ?? functions.get('*')", "functions.get('*')"],
    ["READONLY: { read: 'all', write: 'own' }", "READONLY: { read: 'all', write: 'none' }"],
    ["  if (client.kind === 'guest') return null\n", ''],
    ["client.kind === 'visitor' ? 'ANONYMOUS'", "client.openid ? 'ANONYMOUS'"],
    ["write: 'auth != null && resource.openid == auth.uid'", "write: 'auth != null'"],
  ),
  ...inFile('local-cloud/rule-expression.ts', 'unit/local-cloud/rules', [
    '  if (left === undefined && right === undefined) return false\n',
    '',
  ]),
  ...inFile('local-cloud/client-database.ts', 'unit/local-cloud/rules', [
    '  return { ...query, _openid: client.openid }',
    '  return query',
  ]),
  ...inFile(
    'local-cloud/database/transactions.ts',
    'local-cloud/database/transactions',
    ['    clearTimeout(transaction.timer)\n    this.open', '    this.open'],
    [
      '      record.lock = null\n      this.store.dropEmpty(collection, record)\n',
      '      record.lock = null\n      void collection\n',
    ],
  ),
  ...inFile(
    'local-cloud/database/journal.ts',
    'local-cloud/database/full-disk',
    ['    refused = false\n    heard(true)', '    heard(true)'],
    ["      if (db.inTransaction) db.exec('ROLLBACK')\n      if (!refused)", '      if (!refused)'],
  ),
  ...inFile(
    'local-cloud/database/database.ts',
    'local-cloud/database/plans',
    ['version && skip === 0 ?', 'version ?'],
    ['        if (!this.store.has(name)) return []\n', ''],
  ),
  ...inFile('local-cloud/rule-expression.ts', 'unit/local-cloud/rules', [
    'expression(power + 1)',
    'expression(power)',
  ]),
  ...inFile(
    'local-cloud/database/order.ts',
    'unit/local-cloud/order',
    [
      '      const y = b as unknown[]\n      const length = Math.min(x.length, y.length)\n      for (let i = 0;',
      '      const y = b as unknown[]\n      const length = Math.min(x.length, y.length)\n      for (let i = 1;',
    ],
    [
      '      return x.length - y.length\n    }\n    case RANK.objectId',
      '      return 0\n    }\n    case RANK.objectId',
    ],
    ['  return keysA.length - keysB.length', '  return 0'],
    ['compareText(keyA, keyB) || compareValues', 'compareValues'],
    ['typeRank(valueA) - typeRank(valueB) || ', ''],
    ['return x.length - y.length || Buffer', 'return Buffer'],
    ['\\0${value.flags}', ''],
  ),
  ...inFile(
    'local-cloud/database/expressions.ts',
    'local-cloud/database/refused-expressions',
    [
      "  if (!Number.isInteger(start))\n    throw badValue('$substrCP",
      "  if (false)\n    throw badValue('$substrCP",
    ],
    [
      "  if ((start as number) < 0) throw badValue('$substrCP: the starting index must be nonnegative integer.')\n",
      '',
    ],
    ['(places as number) > 100', '(places as number) > 1000'],
    ['(second as number) <= 0) throw', '(second as number) < 0) throw'],
    ["if (value <= 0) throw badValue(`$ln's", "if (value < 0) throw badValue(`$ln's"],
    [
      "    if (keys.length > 1) throw badValue('an object representing an expression must have exactly one field')\n",
      '',
    ],
    ["key === '__proto__' || key === 'constructor'", "key === '__proto__'"],
  ),
  ...inFile('local-cloud/admission.ts', 'local-cloud/server', [" || host.endsWith('.localhost')", '']),
  ...inFile('local-cloud/client-auth.ts', 'local-cloud/web-sdk', [
    'signIn(client.kind, client.uid ?? undefined)',
    'signIn(client.kind)',
  ]),
  ...inFile('local-cloud/hosting.ts', 'local-cloud/http-access', [
    'startsWith(root + sep)',
    'startsWith(root)',
  ]),
  ...inFile(
    'local-cloud/workers.ts',
    'unit/local-cloud/workers',
    ['        instance.idleSince = time.now()\n', ''],
    ['if (version !== null && version !== known.built.version)', 'if (version !== known.built.version)'],
  ),
  ...inFile('local-cloud/console/outlook.ts', 'local-cloud/console', [
    'says: `${says}${dated}${left}`',
    'says: `${says}${dated}`',
  ]),
  ...inFile('local-cloud/database/sort.ts', 'unit/local-cloud/order', [
    '  if (b === EMPTY) return typeRank(a) === 0 ? -1 : 1\n',
    '  if (b === EMPTY) return 1\n',
  ]),
  ...inFile('deploy/documents.ts', 'local-cloud/backup', [
    "[db.command.gte(Number.NEGATIVE_INFINITY), db.command.gte('')]",
    "[db.command.gte('')]",
  ]),
  ...inFile(
    'deploy/backup/restore.ts',
    'unit/deploy/backup',
    ['line.replaceAll(old, now)', 'line.replace(old, now)'],
    [" - (name === 'settings' && total > 0 ? 1 : 0)", ''],
  ),
  ...inFile('deploy/doctor/judge.ts', 'unit/deploy/doctor', [
    'known !== null && known !== found',
    'known !== found',
  ]),
  ...inFile('deploy/doctor/facts.ts', 'unit/deploy/doctor', [
    'if (first !== undefined || found === null) return first ?? null',
    'if (found === null) return first ?? null',
  ]),
  ...inFile('local-cloud/weather.ts', 'unit/local-cloud/weather', [
    'if (luck.lateBy > 0) await sleep(luck.lateBy)',
    'if (luck.lateBy > 0) void sleep(luck.lateBy)',
  ]),
  ...inFile('local-cloud/http.ts', 'unit/local-cloud/http', ['if (size <= limit)', 'if (size < limit)']),
  ...inFile('local-cloud/function-folder.ts', 'unit/local-cloud/function-folder', [
    "if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null\n",
    '',
  ]),
  ...inFile('local-cloud/workers.ts', 'unit/local-cloud/workers', [
    '.filter(instance => instance.ready)',
    '',
  ]),
  ...inFile('local-cloud/cli-options.ts', 'unit/local-cloud/cli-options', [
    "(name === 'late-by' || number <= 1)",
    'number <= 1',
  ]),
  ...inFile('local-cloud/console/outlook.ts', 'unit/local-cloud/outlook', [
    'ahead && isStillDue(row, ahead.publishAt.getTime(), now)',
    'ahead',
  ]),
  ...inFile(
    'local-cloud/console/page/RowEditor.tsx',
    'unit/local-cloud/console-page',
    ['!marks.has(key) && differs', 'differs'],
    ['others.includes(key) && differs', 'differs'],
  ),
  ...inFile('local-cloud/console/page/Rows.tsx', 'unit/local-cloud/console-page', [
    "            setFiltered('')\n",
    '',
  ]),
  ...inFile('local-cloud/console/page/BodyField.tsx', 'unit/local-cloud/console-page', [
    "before === '' || before.endsWith('\\n\\n')",
    "before === ''",
  ]),
  ...inFile('local-cloud/console/page/Transfer.tsx', 'unit/local-cloud/console-page', [
    'ok && !write && report',
    'ok && report',
  ]),
  ...inFile('deploy/cli.ts', 'unit/deploy/deploy-command', [
    '${at} of ${steps.length}',
    '${at + 1} of ${steps.length}',
  ]),
  ...inFile('deploy/target.ts', 'unit/deploy/target', ['      .update(`${file}\\0`)\n', '']),
  ...inFile(
    'local-cloud/database/query.ts',
    'local-cloud/database/queries',
    ['if (isNaNOperand !== Number.isNaN(value)) return false\n', ''],
    ['Array.isArray(value) && !looksInside ? [value] : value', 'value'],
  ),
  ...inFile(
    'local-cloud/database/update.ts',
    'local-cloud/database/updates',
    ['while (copy.length < position) copy.push(null)', ''],
    ['!neverCreates.has(operator)', 'true'],
  ),
  ...inFile(
    'local-cloud/database/expressions.ts',
    'local-cloud/database/expressions',
    ['Number(`${digits}e${Number(exponent) + places}`)', 'Number(`${value}e${places}`)'],
    ["iso ? 'isoWeekYear' : 'year', 1970", "'year', 1970"],
  ),
  ...inFile('local-cloud/database/aggregate.ts', 'local-cloud/database/stages', [
    'const values: Record<string, unknown> = { ...outer }',
    'const values: Record<string, unknown> = {}',
  ]),
  ...inFile('local-cloud/database/projection.ts', 'local-cloud/database/projections', [
    '.filter(item => item !== NOTHING)',
    '',
  ]),
  ...inFile('local-cloud/admission.ts', 'unit/local-cloud/admission', [
    "host.endsWith('.localhost')",
    "host.endsWith('localhost')",
  ]),
  ...inFile('local-cloud/identity.ts', 'unit/local-cloud/identity', [
    "bytes.toString('base64url') !== token",
    'token === undefined',
  ]),
  ...inFile('local-cloud/client-data.ts', 'unit/local-cloud/storage', [
    'before ? before.owner : client.uid',
    'before?.owner ?? client.uid',
  ]),
  ...inFile('local-cloud/storage-actions.ts', 'unit/local-cloud/storage', [
    "{ kind: 'guest', openid: null, uid: null }",
    "{ kind: 'visitor', openid: null, uid: null }",
  ]),
  ...inFile('local-cloud/web-api.ts', 'unit/local-cloud/requests', [
    'return requireAllowed(clientOf(req, identity))',
    'return clientOf(req, identity)',
  ]),
]

/** Faults that a reader of every room planted without knowing the tests, and that no test found then. */
const acrossRooms: Fault[] = [
  ...inFile('src/pages/ranking/index.tsx', 'unit/web/pages', [
    'hrefOf={key => rankingUrl(key, span)}',
    'hrefOf={key => rankingUrl(key, defaultSpan)}',
  ]),
  ...inFile('src/features/reading/body-pieces.ts', 'unit/reading/body', [
    "escaped(text).replace(/\\n/g, '<br>')",
    "escaped(text).replace('\\n', '<br>')",
  ]),
  ...inFile('src/components/Segments.scss', 'unit/class-names', [
    'background: var(--accent-soft);',
    'background: #e3f1ee;',
  ]),
  ...inFile('cloudfunctions/shared/publishing/place-story.ts', 'unit/content/arrange-home', [
    'endOf(other) > own.from',
    'endOf(other) >= own.from',
  ]),
  ...inFile('cloudfunctions/shared/publishing/place-poll.ts', 'functions/topics-and-polls', [
    'if (place && isIn(place, owner)) await move(transaction, before, nowhere)',
    'if (place) await move(transaction, before, nowhere)',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/sums.ts', 'unit/publishing/manuscripts', [
    'if (marks.length % 2 === 0) for',
    'for',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/mend-markdown.ts', 'unit/publishing/manuscripts', [
    '|| (isInText && isNext)',
    '',
  ]),
  ...inFile('cloudfunctions/shared/publishing/body/to-blocks.ts', 'unit/publishing/manuscripts', [
    'from = index + address.length',
    'from = index + found.length',
  ]),
  ...inFile('cloudfunctions/shared/stores/shares.ts', 'functions/openings', [
    'const first = { opened: 1, guests: isGuest ? 1 : 0, ways',
    'const first = { opened: 1, guests: 0, ways',
  ]),
  ...inFile('local-cloud/database/transactions.ts', 'local-cloud/database/transactions', [
    '    if (write)\n      return write.document ? { at: 0, document: write.document, text: write.text, older: null } : null',
    '    if (write?.document) return { at: 0, document: write.document, text: write.text, older: null }',
  ]),
  ...inFile(
    'local-cloud/workers.ts',
    'unit/local-cloud/workers',
    ['if (at >= 0) pool.idle.splice(at, 1)', 'pool.idle.splice(at, 1)'],
    ['if (pool.idle.length > 0 || busyIn(pool.all) > 0) return', 'if (pool.idle.length > 0) return'],
    ['of [...known.all]) instance.retire()', 'of [...known.idle]) instance.retire()'],
  ),
  ...inFile('local-cloud/site.ts', 'local-cloud/site', [
    '!wanted.startsWith(root + sep)',
    '!wanted.startsWith(root)',
  ]),
  ...inFile('local-cloud/http.ts', 'unit/local-cloud/http', [
    '      if (size > limit + drained) reject(tooLarge())\n',
    '',
  ]),
  ...inFile('local-cloud/database/database.ts', 'local-cloud/database/transactions', [
    'transaction ? [] : candidatePlans',
    'candidatePlans',
  ]),
  ...inFile('local-cloud/function-runtime.cjs', 'unit/local-cloud/function-runtime', [
    'for (const name of contextNames) if (!(name in next)) delete env[name]',
    '',
  ]),
  ...inFile(
    'weapp-host/program.ts',
    'unit/weapp-host/parts',
    ['  ...WindowFields,\n  singlePage: SinglePage,\n', '  ...WindowFields,\n'],
    ['given.subPackages ?? given.subpackages ?? []', 'given.subPackages ?? []'],
  ),
  ...inFile('weapp-host/logic/pages.ts', 'unit/weapp-host/logic', [
    'Math.min(Math.max(0, delta), stack.length - 1)',
    'Math.max(0, delta)',
  ]),
  ...inFile('local-cloud/database/wal.ts', 'unit/local-cloud/wal', [
    'at + frameBytes <= bytes.length;',
    'at + frameBytes < bytes.length;',
  ]),
  ...inFile('local-cloud/console/outlook.ts', 'unit/local-cloud/outlook', [
    '!isStored(src)',
    '!isStored(address)',
  ]),
  ...inFile('config/targets.ts', 'unit/config/build-sources', [
    'return { KEPU_SITE_URL: siteOf() }',
    'return {}',
  ]),
  ...inFile('src/pages/article/index.tsx', 'weapp/pages', [
    '{...(gone && !leadsOn ? {} : { action })}',
    '{...(leadsOn ? { action } : {})}',
  ]),
  ...inFile('src/features/reading/use-reading-place.ts', 'unit/reading/place', [
    '  useEffect(\n    () => () => {\n      clearTimeout(looking.current)\n      store()\n    },\n    [store],\n  )\n',
    '  useEffect(() => () => clearTimeout(looking.current), [])\n',
  ]),
  ...inFile('src/votes/phone-votes.ts', 'unit/votes/phone-votes', [
    "if (outcome.kind === 'superseded') tell(wordsOf(outcome))",
    "if (outcome.kind !== 'accepted') tell(wordsOf(outcome))",
  ]),
  ...inFile('cloudfunctions/web/load-page.ts', 'web/documents', [
    'searchHandler, { query, ...fromOf(asked) })',
    'searchHandler, { query })',
  ]),
  ...inFile('cloudfunctions/sharing/draw-code.ts', 'functions/share-limits', [
    '`${articleId} ${today}`, limits, Date.now())',
    'today, limits, Date.now())',
  ]),
  ...inFile('cloudfunctions/shared/reading/read-ranking.ts', 'functions/voting/rankings', [
    'boardAt: fresh ? known.boardAt : now',
    'boardAt: now',
  ]),
  ...inFile('config/given.ts', 'unit/config/build-sources', ["url.href.replace(/\\/$/, '')", 'url.href']),
  ...inFile('config/start-options.ts', 'unit/config/start', ['  hostingFolder: outputs.web,\n', '']),
  ...inFile('config/import-samples.ts', 'unit/config/start', [
    "const isFirst = isEmpty('articles') && isEmpty('drafts')",
    "const isFirst = isEmpty('articles')",
  ]),
  ...inFile('config/project-file.ts', 'unit/config/weapp-files', [
    "if (target === 'weapp') return rest",
    "if (target !== 'weapp') return rest",
  ]),
  ...inFile('config/targets.ts', 'unit/config/build-sources', [
    '  rmSync(made.stampFile, { force: true })\n',
    '',
  ]),
  ...inFile('config/check.ts', 'unit/config/scripts', ['passed.every(Boolean)', 'passed.some(Boolean)']),
  ...inFile('deploy/connect.ts', 'unit/deploy/connections', ['cwd: folder,', 'cwd: root,']),
  ...inFile('deploy/command.ts', 'unit/deploy/connections', [
    "if (error.code !== 'EPIPE') throw error",
    'throw error',
  ]),
  ...inFile('deploy/doctor/facts.ts', 'unit/deploy/doctor', [
    "path.join(folder, 'editor.key'), 'utf8').trim()",
    "path.join(folder, 'editor.key'), 'utf8')",
  ]),
  ...inFile('cloudfunctions/shared/publishing/restore-version.ts', 'functions/topics-and-polls', [
    "...(topic.state === 'published' ? {} : { hidden: true })",
    '',
  ]),
  ...inFile(
    'cloudfunctions/web/handle.ts',
    'unit/web/answers',
    ['passing ? busy()', '!passing ? busy()'],
    ["|| name === 'offline'", ''],
    ["workerLife = 'max-age=3600'", "workerLife = 'no-store'"],
  ),
  ...inFile('cloudfunctions/web/document.ts', 'unit/web/answers', [
    'pictureAddress(cover.src) === picture',
    'pictureAddress(cover.src)',
  ]),
  ...inFile('cloudfunctions/web/load-page.ts', 'web/documents', [
    'readTopicHandler, { topicId: id, ...fromOf(asked) })',
    'readTopicHandler, { topicId: id })',
  ]),
  ...inFile('src/votes/vote-store.ts', 'unit/votes/vote-store', [
    'Math.max(retryAfter, firstPause * 2 ** entry.retried++)',
    'firstPause * 2 ** entry.retried++',
  ]),
  ...inFile('src/platform/cache.ts', 'unit/platform/cache', [
    'writeRows(writeStored(entryKey(key), value) ? [row, ...half] : half)',
    'writeStored(entryKey(key), value)\n  writeRows([row, ...half])',
  ]),
  ...inFile('src/platform/far-away.ts', 'unit/platform/page-life', ['[id, active])', '[active])']),
  ...inFile('src/web/start.tsx', 'unit/web/site', ['  moodVotes.onUnseen(cacheMood)\n', '']),
]

/** Every fault that `npm run faults` plants. */
export const faults: readonly Fault[] = [
  ...rules,
  ...handlersAndStores,
  ...secondsAndBounds,
  ...clockAndPanel,
  ...publishing,
  ...site,
  ...client,
  ...localCloud,
  ...acrossRooms,
]
