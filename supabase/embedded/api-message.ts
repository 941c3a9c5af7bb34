/** A request as the whole embedded API passes it on: read once, small, without streams. */
export type ApiRequest = {
  method: string
  /** Decoded by nobody: as `URL.pathname` gives it. */
  path: string
  /** With its question mark, or empty. */
  search: string
  /** Lower-case names. */
  headers: Record<string, string>
  body: string
}

export type ApiResponse = {
  status: number
  headers: Record<string, string>
  body: string
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) }
}

/** An error as PostgREST shapes it. */
export function restError(status: number, code: string, message: string, details: string | null = null, hint: string | null = null): ApiResponse {
  return json(status, { code, details, hint, message })
}

/** An error as Supabase Auth shapes it. */
export function authError(status: number, code: string, message: string): ApiResponse {
  return json(status, { code: status, error_code: code, msg: message }, { 'x-sb-error-code': code })
}

/** The body as JSON, or undefined if it is not. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return undefined
  }
}
