/**
 * Does this browser hold a session at all? The cookie is out of reach of scripts, so the server says it with the page. It may
 * have ended: the first call notices.
 */
export function useDeskSession() {
  return useState('desk.session', () => /(^|;\s*)(__Host-)?linli-session/.test(useRequestHeaders(['cookie']).cookie ?? ''))
}
