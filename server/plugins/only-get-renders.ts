// Pages lie below a language and answer GET; a POST reaches a page only through its form action. HEAD is a GET whose body Node leaves out.
import { createError } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'
import { localeOfPath } from '../http/locale.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('request', (event) => {
    if (event.method === 'HEAD') event._method = 'GET'
  })
  hooks.hook('render:route', (_context, { event }) => {
    if (event.method !== 'GET') throw createError({ statusCode: 405 })
    if (!localeOfPath(event.path) && !('__unenv__' in event.node.req)) throw createError({ statusCode: 404 })
  })
})
