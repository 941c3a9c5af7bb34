import { telegramFormSchema } from '#shared/accounts/telegram-link'
import { makeTelegramLink, setTelegramNews, unlinkAccount } from '#server/domain/accounts/link-telegram'
import { defineFormAction, ShownOnce } from '../../../http/form-action.ts'
import { limitsForEmail } from '../../../http/rate-limits.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Makes a link into Telegram, which this answer alone shows; says where news go; ends the link. */
export default defineFormAction({
  fields: telegramFormSchema,
  async run({ event, locale, input }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    switch (input.act) {
      case 'link': return new ShownOnce(await makeTelegramLink(services, actor, limitsForEmail(services, 'account.telegram', actor.email)))
      case 'news':
        await setTelegramNews(services, actor, input.news)
        return `/${locale}/account/telegram?done=news`
      case 'unlink':
        await unlinkAccount(services, actor)
        return `/${locale}/account/telegram?done=unlinked`
    }
  },
})
