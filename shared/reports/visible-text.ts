/** A piece of a text as it is shown: words, or a sign that nobody would see. */
export type VisiblePart = { text: string } | { code: string }

/*
  Signs that are not seen and change what is read: they turn the direction of writing (Unicode TR9: ALM, LRM, RLM, the embeddings,
  overrides and isolates), have no width, or are control characters. Not among them: what words and emoji are made with
  (ZWNJ, ZWJ, variation selectors), tab and line feed.
*/
const hidden = /(?![\t\n\r])\p{Cc}|[\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u

/**
 * Takes a text apart, so that the desk sees what is in it: a file "gpj.exe" that an override shows as "exe.jpg" says so. The text
 * itself stays as it was sent.
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function visibleParts(text: string): VisiblePart[] {
  return text.split(new RegExp(`(${hidden.source})`, 'u')).filter(Boolean).map(part => part.length === 1 && hidden.test(part) ? { code: `U+${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` } : { text: part })
}
