import { defineEventHandler, setResponseHeaders } from 'h3'
import { localeCodes } from '#shared/locales'
import { config } from '../../config.ts'

const daysValid = 180

/** Where to report a weakness. @see RFC 9116 */
export default defineEventHandler((event) => {
  const { publicUrl, securityContact } = config()
  const expires = new Date(Date.now() + daysValid * 86_400_000)
  expires.setUTCHours(0, 0, 0, 0)
  setResponseHeaders(event, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' })
  return [
    `Contact: ${securityContact ?? `${publicUrl}/${localeCodes[0]}/reports/new`}`,
    `Expires: ${expires.toISOString()}`,
    `Preferred-Languages: ${localeCodes.join(', ')}`,
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    '',
  ].join('\n')
})
