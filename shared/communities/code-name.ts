const letters = 'abcdefghijklmnopqrstuvwxyz'

/**
 * A code for something new, from what it is called: `What is missing?` → `what_is_missing`. Letters and underscores only; never one that was used.
 * @param taken codes that stand for something else, or once did
 */
export function codeFrom(called: string, taken: readonly string[], otherwise: string): string {
  const words = called.toLowerCase().normalize('NFD').replace(/[^a-z\s]/g, '').trim().split(/\s+/).filter(Boolean).slice(0, 4)
  const code = words.join('_').slice(0, 30).replace(/_+$/, '') || otherwise
  if (!taken.includes(code)) return code
  const endings = [...letters].flatMap((_, index) => index === 0 ? [...letters] : [...letters].map(letter => `${letters[index]}${letter}`))
  const ending = endings.find(candidate => !taken.includes(`${code}_${candidate}`))
  if (ending === undefined) throw new Error(`there is no code left for ${code}`)
  return `${code}_${ending}`
}
