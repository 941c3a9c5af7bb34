import { setResponseHeader } from 'h3'
import { useNitroApp } from 'nitropack/runtime'
import { eraseFormSchema } from '#shared/accounts/account-schema'
import { eraseAccount } from '#server/domain/accounts/erase-account'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor, visitOf } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Erases the account and leaves nothing on the device. */
export default defineFormAction({
  fields: eraseFormSchema,
  async run({ event, locale }) {
    const { detached, kept } = await eraseAccount(await getServices(), await requireActor(event))
    await useNitroApp().hooks.callHook('linli:exit', event)
    await visitOf(event).signOut()
    setResponseHeader(event, 'clear-site-data', '"cache", "cookies", "storage"')
    return `/${locale}/account/erased?detached=${detached}&kept=${kept}`
  },
})
