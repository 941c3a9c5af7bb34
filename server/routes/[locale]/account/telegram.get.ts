import { getQuery } from 'h3'
import type { TelegramPage } from '#shared/accounts/telegram-link'
import { readTelegram } from '#server/domain/accounts/link-telegram'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { config } from '../../../config.ts'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<TelegramPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/telegram`)
    const services = await getServices()
    const [{ bot, link, has_duty: hasDuty, now }, { station }] = await Promise.all([readTelegram(services, actor), getReferenceData(services)])
    const { done } = getQuery(event)
    const deepLink: unknown = event.context.answer
    return {
      now, timeZone: station?.time_zone ?? 'Asia/Shanghai', hasDuty, ...(bot && config().telegram && { bot }), ...(typeof deepLink === 'string' && { deepLink }),
      ...(link && { link: { linkedAt: link.linked_at, news: link.news } }), ...(done === 'unlinked' || done === 'news' ? { done } : {}),
    }
  },
})
