import { defineEventHandler, getQuery, setResponseHeaders } from 'h3'
import { defaultLocale, isLocale } from '#shared/locales'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { getServices } from '../services.ts'

/** What a home screen needs to know. Only Safari on a phone needs it: notifications come to what lies there. */
export default defineEventHandler(async (event) => {
  const { locale: asked } = getQuery(event)
  const locale = isLocale(asked) ? asked : defaultLocale
  const { station } = await getReferenceData(await getServices())
  setResponseHeaders(event, { 'content-type': 'application/manifest+json; charset=utf-8', 'cache-control': 'public, max-age=3600' })
  return JSON.stringify({
    id: '/', name: station?.name[locale] ?? 'Linli', short_name: station?.name[locale] ?? 'Linli', lang: locale, start_url: `/${locale}/alerts/subscribe`, scope: '/', display: 'standalone', background_color: '#fbfaf7', theme_color: '#0b6b57',
    icons: [192, 512].map(size => ({ src: `/icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png' })),
  })
})
