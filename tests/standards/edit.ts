/** A sound document with one thing broken: what is replaced by what. @throws when the document does not hold it */
export function edited(document: string, [from, to]: readonly [string | RegExp, string]): string {
  const changed = document.replace(from, to)
  if (changed === document) throw new Error(`${String(from)} is not in the document`)
  return changed
}

/** One element on a line: golden files are read by people. */
export const onLines = (xml: string): string => xml.replace(/></g, '>\n<')
