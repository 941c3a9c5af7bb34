import { alertKinds } from '#shared/alerts/alert-words'
import type { ShownAlert } from '#shared/alerts/alert-schema'
import type { AlertWishes } from '#shared/alerts/subscription-schema'
import { AppError } from '#shared/errors'
import type { Limit } from '#server/domain/chat/conversation-store'
import { respondToAlert } from '#server/domain/alerts/respond-to-alert'
import { showAlert } from '#server/domain/alerts/show-alerts'
import { changeSubscription, listSubscriptions, unsubscribeChat } from '#server/domain/alerts/subscriptions/manage-subscription'
import { subscribeChat } from '#server/domain/alerts/subscriptions/subscribe'
import { subscriptionLinks } from '#server/domain/alerts/subscriptions/subscription-token'
import type { Services } from '#server/domain/services'
import type { AlertsHere, ChatWishes } from './chat-ports.ts'

const night = { from: '22:00', to: '07:00', orangePasses: true }

/** Alerts of one chat of a messenger: what it asked for, and what it answers. */
export function alertsInChat(services: Services, chat: { chatHash: string, chatId: number }, limits: (act: 'alert.respond' | 'subscription.create') => Limit[]): AlertsHere {
  const find = async (identifier: string): Promise<ShownAlert | undefined> => showAlert(services, identifier).catch((error: unknown) => orNothing(error))
  const current = async () => (await listSubscriptions(services, chat))[0]
  const answerOf = (token: string, { wishes: { locale, quietHours: quiet } }: { wishes: AlertWishes }): ChatWishes => ({ link: subscriptionLinks(services.settings, token, locale).settings, quiet })

  return {
    find,
    async answer(identifier, { kind, locale, text, community }) {
      const alert = await find(identifier)
      if (!alert) return { is: 'refused' }
      if (alert.state !== 'current' && kind !== 'help') return { is: 'over', alert }
      // Whoever needs help under a message that was updated stands with those of the update.
      const about = alert.state === 'superseded' && alert.endedBy ? alert.endedBy.identifier : identifier
      try {
        const { hasDuty } = await respondToAlert(services, about, { kind, locale, ...(text && { text }), ...(community && { community }) }, { kind: 'chat', hash: chat.chatHash }, limits('alert.respond'))
        return { is: 'taken', hasDuty, alert }
      }
      catch (error) {
        return orNothing(error) ?? { is: 'refused' }
      }
    },
    async subscribe(locale, community) {
      const known = await current()
      if (known && !community) return answerOf(known.token, known)
      if (known && community) return answerOf(known.token, await changeSubscription(services, known.token, { ...known.wishes, communities: [community], grids: [] }))
      const wishes: AlertWishes = { communities: community ? [community] : [], grids: [], kinds: [...alertKinds], minColour: 'blue', locale, quietHours: night }
      const { token } = await subscribeChat(services, chat, wishes, limits('subscription.create'))
      return answerOf(token, { wishes })
    },
    async setQuiet(isQuiet) {
      const known = await current()
      return known && answerOf(known.token, await changeSubscription(services, known.token, { ...known.wishes, quietHours: isQuiet ? known.wishes.quietHours ?? night : null }))
    },
    stop: () => unsubscribeChat(services, chat.chatHash),
  }
}

/** What is not there, or comes too often, is said in words; anything else is tried again. */
function orNothing(error: unknown): undefined {
  if (error instanceof AppError && ['not_found', 'rate_limited'].includes(error.code)) return undefined
  throw error
}
