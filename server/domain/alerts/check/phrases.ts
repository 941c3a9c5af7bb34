/** Phrases by their first key. */
export type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>

/** Sorts phrases by their first key. */
export function phrasesOf(phrases: readonly (readonly string[])[]): Phrases {
  const sorted = new Map<string, (readonly string[])[]>()
  for (const phrase of phrases) {
    const [first] = phrase
    if (first === undefined) continue
    const list = sorted.get(first)
    if (list) list.push(phrase)
    else sorted.set(first, [phrase])
  }
  return sorted
}
