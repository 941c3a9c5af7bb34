/*
  The embedded API without a port (SUPABASE_PORT=off, RULES F1): it listens on a socket file in the data folder, which only its owner
  may open. supabase-js wants an address of http, so the file's path travels as the name of a host, in hexadecimal.
*/
const suffix = '.socket.localhost'
/** What Linux and macOS both take, and what fits into the name of a host. */
export const longestSocketPath = 103

/** The address of an API that listens on this file. @throws RangeError when the path is longer than 103 bytes */
export function addressOfSocket(path: string): string {
  const bytes = new TextEncoder().encode(path)
  if (bytes.length > longestSocketPath) throw new RangeError(`a socket's path has ${longestSocketPath} bytes at most`)
  return `http://${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('').match(/.{1,60}/g)?.join('.') ?? ''}${suffix}`
}

/** The file that such an address names, undefined for any other address. */
export function socketOf({ hostname }: URL): string | undefined {
  if (!hostname.endsWith(suffix)) return undefined
  const pairs = hostname.slice(0, -suffix.length).replaceAll('.', '').match(/../g) ?? []
  return new TextDecoder().decode(Uint8Array.from(pairs, pair => Number.parseInt(pair, 16)))
}
