import { symbols } from '../reports/receipt.ts'

/** The eight characters that people type: the end of an identifier. */
export function shortCodeOf(identifier: string): string {
  return identifier.slice('LLA-'.length)
}

/** `lla 7k3q 9xpa`, `7K3Q9XPA`, full width or with look-alike letters → `LLA-7K3Q-9XPA`, or undefined. The three letters in front may be left out. */
export function parseAlertIdentifier(text: string): string | undefined {
  const typed = text.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '')
  const found = symbols(typed.length === 11 && typed.startsWith('LLA') ? typed.slice(3) : typed)
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(found) ? `LLA-${found.slice(0, 4)}-${found.slice(4)}` : undefined
}
