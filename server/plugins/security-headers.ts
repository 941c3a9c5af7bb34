// A residents' page may run our own small files and nothing inline. The desk is hydrated, so Nuxt's inline tags carry a nonce.
import { randomBytes } from 'node:crypto'
import { removeResponseHeader, setResponseHeader, setResponseHeaders } from 'h3'
import { defineNitroPlugin, getRouteRules } from 'nitropack/runtime'
import { config } from '../config.ts'

// Nuxt UI's drawer (vaul-vue, behind UDashboardSidebar) puts one <style> into the page when it loads; it takes no nonce.
// The hash changes with that package: the console check of the desk's browser test finds it.
const drawerStyle = `'sha256-qduYmTACIPxqL+IgvJDDRy3W6Kz0AbLtwDgNkBpoHII='`
const twoYears = 63_072_000

function policies({ exitPageUrl, mapTilesUrl }: { exitPageUrl: string, mapTilesUrl?: string }) {
  const tiles = mapTilesUrl ? ` ${new URL(mapTilesUrl.replace('{s}.', '*.')).origin}` : ''
  const common = [
    `base-uri 'none'`, `frame-ancestors 'none'`, `object-src 'none'`, `img-src 'self' data: blob:${tiles}`, `media-src 'self' blob:`,
    // Chromium holds form-action against redirects too: "Exit this page" is a form that ends at the neutral page.
    `form-action 'self' ${new URL(exitPageUrl).origin}`,
  ].join('; ')
  return {
    plain: `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; ${common}`,
    // UDashboardSidebar sets its width by a style attribute.
    hydrated: (nonce: string) => `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' ${drawerStyle}; style-src-attr 'unsafe-inline'; connect-src 'self'; font-src 'self'; worker-src 'self' blob:; ${common}`,
  }
}

export default defineNitroPlugin(({ hooks }) => {
  const { publicUrl, ...settings } = config()
  const { plain, hydrated } = policies(settings)
  hooks.hook('request', (event) => {
    setResponseHeaders(event, {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'geolocation=(self), camera=(self), microphone=(), interest-cohort=()',
      // With no-referrer Chromium posts `Origin: null` (RULES G1).
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    if (publicUrl.startsWith('https:')) setResponseHeader(event, 'strict-transport-security', `max-age=${twoYears}`)
    // In development Vite and the error overlay write inline styles and scripts.
    if (!import.meta.dev) setResponseHeader(event, 'content-security-policy', plain)
  })

  hooks.hook('render:html', (html, { event }) => {
    if (import.meta.dev || getRouteRules(event).noScripts) return
    const nonce = randomBytes(16).toString('base64')
    // Only what Nuxt itself writes is stamped, never the body: that holds people's texts.
    const stamp = (tags: string) => tags.replace(/<script\b/g, `<script nonce="${nonce}"`)
    html.head = html.head.map(stamp)
    html.bodyAppend = html.bodyAppend.map(stamp)
    setResponseHeader(event, 'content-security-policy', hydrated(nonce))
    setResponseHeader(event, 'cache-control', 'no-store')
  })

  hooks.hook('beforeResponse', event => removeResponseHeader(event, 'x-powered-by'))
})
