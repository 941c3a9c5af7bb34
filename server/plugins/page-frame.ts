import { defineNitroPlugin } from 'nitropack/runtime'
import { config } from '../config.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('render:route', (_context, { event }) => {
    event.context.frame = { emergencyNumbers: { police: '110', fire: '119', medical: '120' }, exitPageUrl: config().exitPageUrl }
  })
})
