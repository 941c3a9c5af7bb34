// A page answers GET; a POST reaches a page only through its form action. HEAD is a GET whose body Node leaves out.
import { createError } from 'h3'
import { defineNitroPlugin } from 'nitropack/runtime'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('request', (event) => {
    if (event.method === 'HEAD') event._method = 'GET'
  })
  hooks.hook('render:route', (_context, { event }) => {
    if (event.method !== 'GET') throw createError({ statusCode: 405 })
  })
})
