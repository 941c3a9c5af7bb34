/** What a browser without JavaScript does: keeps cookies, posts forms as from its own page, and does not follow by itself. */
export function openBrowser(base: string) {
  const cookies = new Map<string, string>()

  async function send(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
    const response = await fetch(base + path, {
      redirect: 'manual', ...init,
      headers: { 'accept': 'text/html', 'sec-fetch-site': 'same-origin', ...cookies.size ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}, ...init.headers },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (!value || /max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    if (response.headers.get('clear-site-data')?.includes('"cookies"')) cookies.clear()
    return response
  }

  return {
    cookies,
    get: (path: string) => send(path),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => send(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    /** A multipart form. */
    form: (path: string, parts: Record<string, string | File>, headers: Record<string, string> = {}) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(parts)) body.append(name, value)
      return send(path, { method: 'POST', body, headers })
    },
    json: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(path, { method, ...body !== undefined && { body: JSON.stringify(body) }, headers: { accept: 'application/json', ...body !== undefined && { 'content-type': 'application/json' }, ...headers } }),
  }
}

/** The token inside our session cookie, as @supabase/ssr writes it. */
export function accessTokenOf(cookies: Map<string, string>): string {
  const whole = [...cookies].filter(([name]) => /^linli-session(\.\d+)?$/.test(name)).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, value]) => decodeURIComponent(value)).join('')
  const text = whole.startsWith('base64-') ? Buffer.from(whole.slice('base64-'.length), 'base64url').toString() : whole
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed === 'object' && parsed !== null && 'access_token' in parsed && typeof parsed.access_token === 'string') return parsed.access_token
  throw new Error('there is no access token in the session cookie')
}
