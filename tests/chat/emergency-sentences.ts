import { corpusEn } from '../unit/server/chat/emergency/corpus.en.ts'
import { corpusZh } from '../unit/server/chat/emergency/corpus.zh.ts'
import { heldoutEn } from '../unit/server/chat/emergency/heldout.en.ts'
import { heldoutZh } from '../unit/server/chat/emergency/heldout.zh.ts'
import type { Phrase } from '../unit/server/chat/emergency/phrase.ts'

const told = (phrases: readonly Phrase[]) => phrases.map(({ text, expect }) => ({ text, isEmergency: expect !== null }))

/** What the emergency rules are measured on: the corpus they were written with and the phrases they had never seen. */
export const emergencySentences = { zh: told([...corpusZh, ...heldoutZh]), en: told([...corpusEn, ...heldoutEn]) }
