// "Exit this page" deletes the form in progress and ends the view session (RULES B6, C2).
import { defineNitroPlugin } from 'nitropack/runtime'
import { discardDraft } from '#server/domain/reports/discard-draft'
import { endView } from '#server/domain/reports/start-view'
import { confirmationCookie, draftCookie, viewCookie } from '../http/report-cookies.ts'
import { getServices } from '../services.ts'

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('linli:exit', async (event) => {
    const draft = draftCookie.read(event)
    const view = viewCookie.read(event)
    // Browsers clear cookies on Clear-Site-Data over TLS only: take ours away in any case.
    for (const cookie of [draftCookie, viewCookie, confirmationCookie]) cookie.clear(event)
    if (!draft && !view) return
    const services = await getServices()
    await Promise.all([draft && discardDraft(services, draft), view && endView(services, view)])
  })
})
