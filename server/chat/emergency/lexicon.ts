import { serviceByKind } from './emergency-kinds.ts'
import { markNames } from './emergency-rules.ts'
import type { DangerRule, EmergencyRules } from './emergency-rules.ts'
import { tokenize } from './tokenize.ts'
import type { Respell } from './tokenize.ts'

/** One step of a phrase: where each next token leads, and which concepts end here. */
export interface TrieNode {
  next: Map<string, TrieNode>
  /** Marks that end here, by their index in `markNames`. */
  marks: number[]
  /** Rule parts that end here. */
  parts: number[]
}

export interface CompiledRule extends Required<DangerRule> {
  partConcepts: readonly number[]
  /** Place of the kind in the order of gravity, 0 first. */
  rank: number
}

/** All locales' phrases in one trie, so that one walk over a text finds everything. */
export interface Lexicon {
  root: TrieNode
  respell: Respell
  /** Rules that a concept may complete. Numbers below `markNames.length` are marks and complete none. */
  rulesByConcept: readonly (readonly CompiledRule[])[]
}

const kindsByGravity = Object.keys(serviceByKind)
const ruleDefaults = { within: 8, inOrder: true, acrossClauses: false, sure: false, loud: false }

/** Joins the rules of all locales; phrases pass through the same tokeniser as the texts. */
export function compileLexicon(locales: readonly EmergencyRules[]): Lexicon {
  const respell = makeRespell(locales)
  const root = makeNode()
  const conceptByPhrases = new Map<string, number>()
  const rulesByConcept: CompiledRule[][] = markNames.map(() => [])

  function add(phrases: string, concept: number): void {
    for (const phrase of phrases.split('|')) {
      const tokens = tokenizePhrase(phrase, respell)
      if (tokens.length === 0) throw new Error(`empty emergency phrase in "${phrases.slice(0, 60)}"`)
      let node = root
      for (const token of tokens) {
        let next = node.next.get(token)
        if (next === undefined) node.next.set(token, (next = makeNode()))
        node = next
      }
      const ending = concept < markNames.length ? node.marks : node.parts
      if (!ending.includes(concept)) ending.push(concept)
    }
  }

  for (const { marks, dangers } of locales) {
    for (const [index, name] of markNames.entries()) if (marks[name] !== '') add(marks[name], index)
    for (const rule of dangers) {
      const partConcepts = rule.parts.map((phrases) => {
        let concept = conceptByPhrases.get(phrases)
        if (concept === undefined) {
          concept = rulesByConcept.push([]) - 1
          conceptByPhrases.set(phrases, concept)
          add(phrases, concept)
        }
        return concept
      })
      const compiled: CompiledRule = { ...ruleDefaults, ...rule, partConcepts, rank: kindsByGravity.indexOf(rule.kind) }
      // An ordered rule can only be completed by its last part.
      for (const concept of new Set(compiled.inOrder ? partConcepts.slice(-1) : partConcepts)) {
        rulesByConcept[concept]?.push(compiled)
      }
    }
  }
  return { root, respell, rulesByConcept }
}

function makeNode(): TrieNode {
  return { next: new Map(), marks: [], parts: [] }
}

function tokenizePhrase(phrase: string, respell: Respell): string[] {
  const inner = tokenize(phrase.replace(/[\^$]/g, ''), respell).tokens.slice(1, -1)
  return [...(phrase.startsWith('^') ? ['^'] : []), ...inner, ...(phrase.endsWith('$') ? ['$'] : [])]
}

function makeRespell(locales: readonly EmergencyRules[]): Respell {
  const spelling = new Map<string, readonly string[]>()
  const forgiven = new Map<string, string>()
  for (const { words, forgiving } of locales) {
    for (const [from, to] of Object.entries(words)) spelling.set(from, to === '' ? [] : to.split(' '))
    for (const word of forgiving.split('|')) for (const key of withOneLetterLess(word)) forgiven.set(key, word)
  }
  const forgivenInitials = new Set([...forgiven.values()].map(word => word.charAt(0)))

  function look(word: string): readonly string[] {
    const listed = spelling.get(word)
    if (listed) return listed
    const base = word.includes('\'') ? word.replace(/'(?:s|re|m|ve|d)?$/, '') : word
    if (base !== word) return look(base)
    if (word.length < 6 || word.length > 14) return [word]
    if (!forgivenInitials.has(word.charAt(0))) return [word]
    for (const key of withOneLetterLess(word)) {
      const meant = forgiven.get(key)
      if (meant !== undefined && meant[0] === word[0]) return spelling.get(meant) ?? [meant]
    }
    return [word]
  }
  return look
}

/** The word itself and every form with one letter left out; two words sharing one are at most one slip apart. */
function withOneLetterLess(word: string): string[] {
  const forms = [word]
  for (let index = 1; index < word.length; index += 1) forms.push(word.slice(0, index) + word.slice(index + 1))
  return forms
}
