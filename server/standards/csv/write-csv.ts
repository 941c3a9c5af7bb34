/** Tells Excel that the bytes are UTF-8; written once, in front of the first line. */
export const byteOrderMark = '\uFEFF'

/**
 * One line of a CSV file. A cell that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets take off again.
 * @see RFC 4180 §2 · https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r\n]/.test(text) && typeof value !== 'number' ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
