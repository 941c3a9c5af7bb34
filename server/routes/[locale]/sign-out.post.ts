import { setResponseHeader } from 'h3'
import { useNitroApp } from 'nitropack/runtime'
import { z } from 'zod'
import { defineFormAction } from '../../http/form-action.ts'
import { visitOf } from '../../http/require-actor.ts'

/** Ends the session and leaves nothing on a device that others use too: no cookie, no draft, no page in the cache. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, locale }) {
    await useNitroApp().hooks.callHook('linli:exit', event)
    await visitOf(event).signOut()
    setResponseHeader(event, 'clear-site-data', '"cache", "cookies", "storage"')
    return `/${locale}/sign-in?left`
  },
})
