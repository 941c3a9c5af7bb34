/** Douglas Crockford's base 32: no I, L, O, U. @see https://www.crockford.com/base32.html */
export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const lookalikes: Record<string, string> = { O: '0', I: '1', L: '1' }

/** Letters and digits as they were meant: without blanks and dashes, O as 0, I and L as 1. */
export function symbols(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/[OIL]/g, letter => lookalikes[letter] ?? letter)
}

/**
 * A receipt as it was typed, read from a screenshot or dictated: 24 symbols without spaces, or undefined if it cannot be one.
 * 24 symbols carry 120 random bits (PRODUCT §1).
 */
export function parseReceipt(text: string): string | undefined {
  const found = symbols(text)
  return /^[0-9A-HJKMNP-TV-Z]{24}$/.test(found) ? found : undefined
}

/** In six groups of four, as people read it. */
export function formatReceipt(receipt: string): string {
  return receipt.match(/.{4}/g)?.join('-') ?? receipt
}

/** `ll 7k3q 9xpa` → `LL-7K3Q-9XPA`, or undefined. The two letters in front may be left out. */
export function parseReference(text: string): string | undefined {
  const typed = text.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, '')
  const found = symbols(typed.length === 10 && typed.startsWith('LL') ? typed.slice(2) : typed)
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(found) ? `LL-${found.slice(0, 4)}-${found.slice(4)}` : undefined
}

/** 15 bytes as 24 Crockford symbols. */
export function encodeReceipt(bytes: Uint8Array): string {
  let bits = 0n
  for (const byte of bytes.subarray(0, 15)) bits = bits << 8n | BigInt(byte)
  return Array.from({ length: 24 }, (_, index) => crockford[Number(bits >> BigInt(115 - index * 5) & 31n)]).join('')
}
