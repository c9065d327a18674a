import type { Plant } from './plant'

/**
 * Faults that the checkers must find, each in the text of the built functions or in the journal. tests/simulation
 * names a seed for each.
 */
export const plants = {
  'counts outside the transaction': {
    name: 'counts outside the transaction',
    edits: [
      {
        functions: ['reactions'],
        find: /(function addToShard\(.{0,60}\{let id=shardId\(subject,shard\),shards=)transaction/,
        put: '$1db',
      },
    ],
  },
  'no reading in the transaction': {
    name: 'no reading in the transaction',
    edits: [
      {
        functions: ['reactions'],
        find: /await findBallot\(transaction,id\):null,holds/,
        put: '(await db.collection("votes").doc(id).get()).data:null,holds',
      },
    ],
  },
  'no guard against an older choice': {
    name: 'no guard against an older choice',
    edits: [
      {
        functions: ['reactions'],
        find: /if\(holds>=revision\|\|!isBasedOn\(vote,holds\)\)return null;/,
        put: '',
      },
    ],
  },
  'no look at the revisions after a recount': {
    name: 'no look at the revisions after a recount',
    edits: [{ functions: ['clock'], find: /if\(revOf\(shards\)!==before\)return"busy";/, put: '' }],
  },
  'a journal that acknowledges before it writes': {
    name: 'a journal that acknowledges before it writes',
    acknowledgesEarly: true,
  },
  'a clock without its lease': {
    name: 'a clock without its lease',
    edits: [
      {
        functions: ['clock'],
        find: /taken\?\?=takeLease\([^)]*\)[^)]*\),handling\)/,
        put: 'taken??=Promise.resolve(!0)',
      },
    ],
  },
  'a story published in two writes': {
    name: 'a story published in two writes',
    edits: [
      {
        functions: ['editor', 'clock'],
        find: /(async function putPublished\(transaction,(\w+),(\w+)\)\{)await transaction\.collection\((\w+)\)[^}]*\}\)/,
        put: '$1let row=db.collection($4).doc($2);await row.set({data:{...$3,blocks:[]}});await row.update({data:{blocks:$3.blocks}})',
      },
      {
        functions: ['editor', 'clock'],
        find: /(async function addPublished\(transaction,(\w+),(\w+)\)\{try\{)await transaction\.collection\((\w+)\)\.add\([^)]*\)/,
        put: '$1let rows=db.collection($4);await rows.add({data:{_id:$2,...$3,blocks:[]}});await rows.doc($2).update({data:{blocks:$3.blocks}})',
      },
    ],
  },
  'a preview in the cache of stories': {
    name: 'a preview in the cache of stories',
    edits: [
      {
        functions: ['content'],
        find: /(let\{article,related,poll\}=text;)(return\{article,expiresAt)/,
        put: '$1for(let one of cached.values())one.article={...article,id:one.article.id,version:one.article.version};$2',
      },
    ],
  },
  'openings without their own id': {
    name: 'openings without their own id',
    edits: [{ functions: ['sharing'], find: /("opening",reader,mark)\)/, put: '$1,String(Math.random()))' }],
  },
  "revisions of the cloud's clock": {
    name: "revisions of the cloud's clock",
    edits: [
      {
        functions: ['reactions'],
        find: /let\{options,revision\}=vote,now=Date\.now\(\);/,
        put: 'let{options}=vote,now=Date.now(),revision=now;',
      },
    ],
  },
} as const satisfies Record<string, Plant>

export type PlantName = keyof typeof plants
