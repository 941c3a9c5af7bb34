import type { H3Event } from 'h3'
import { useNitroApp } from 'nitropack/runtime'

/**
 * Lets Nuxt render the page at this address. Our routes at a page's address answer GET (its data) and POST (its form);
 * none answers TRACE, so under that name h3's router falls through to the page renderer. The look-up is synchronous.
 */
export function renderPage(event: H3Event) {
  event._method = 'TRACE'
  const rendered = useNitroApp().router.handler(event)
  event._method = 'GET'
  return rendered
}

/** Asks the router again as if the page had been opened: first its data, then the page. */
export function reopenPage(event: H3Event) {
  event._method = 'GET'
  return useNitroApp().router.handler(event)
}
