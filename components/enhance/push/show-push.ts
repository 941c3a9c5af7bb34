import type { PushMessage } from '#shared/alerts/push-message'

/** What is shown when a push cannot be read: a browser that shows nothing loses its subscription. */
export interface Fallback { title: string, url: string }

/** A notification as `showNotification` takes it; the DOM's types know neither buttons nor times. */
export interface Shown {
  title: string
  options: {
    body: string, tag: string, renotify: boolean, requireInteraction: boolean, lang: string, icon: string, timestamp?: number
    actions: { action: string, title: string }[]
    data: { url: string, identifier?: string, locale?: string }
  }
}

const icon = '/icon-192.png'

/** The notification that a push stands for. One tag for each chain: an update takes the place of what it updates, and is heard all the same. */
export function notificationOf(text: string | undefined, fallback: Fallback): Shown {
  const message = read(text)
  if (!message) return { title: fallback.title, options: { body: '', tag: 'linli', renotify: true, requireInteraction: false, lang: '', icon, actions: [], data: { url: fallback.url } } }
  const { title, body, url, tag, identifier, colour, isExercise, sent, locale, actions } = message
  const at = Date.parse(sent ?? '')
  return {
    title,
    options: {
      body: body ?? '', tag, renotify: true, lang: locale ?? '', icon, actions: actions ?? [], data: { url, ...identifier && { identifier }, ...locale && { locale } }, ...at > 0 && { timestamp: at },
      // Red stays until somebody has looked; a drill does not.
      requireInteraction: colour === 'red' && isExercise === false,
    },
  }
}

/** Title, address and chain are what cannot be done without. */
function read(text: string | undefined): Pick<PushMessage, 'title' | 'url' | 'tag'> & Partial<PushMessage> | undefined {
  try {
    const found: unknown = JSON.parse(text ?? '')
    if (typeof found !== 'object' || !found) return undefined
    return ['title', 'url', 'tag'].every(name => typeof Reflect.get(found, name) === 'string' && Reflect.get(found, name)) ? found as PushMessage : undefined
  }
  catch {
    return undefined
  }
}

/** Where a tap leads: an answer that needs words has its own page, everything else the alert's. Never to another site. */
export function addressOf({ url, identifier, locale }: Shown['options']['data'], action: string, origin: string): string {
  const alert = URL.canParse(url, origin) ? new URL(url, origin) : new URL(origin)
  if (alert.origin !== origin) return `${origin}/`
  if (action === 'know' && identifier && locale) return `${origin}/${locale}/reports/new?alert=${encodeURIComponent(identifier)}`
  return action === 'help' ? `${alert.href}#answers` : alert.href
}
