import { converse } from '#server/chat/converse'
import { openChatPorts, type Speaker } from '#server/chat/open-chat-ports'
import { chatHash } from '#server/domain/chat/bot-updates'
import type { Limit } from '#server/domain/chat/conversation-store'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { alertRenderings } from '#server/outbox/messages/alert-renderings'
import type { Services } from '#server/domain/services'
import type { EmergencyNumbers } from '#shared/reports/emergency-numbers'
import type { Converse } from './converse.ts'

/** How often one chat may do a thing: a keyed hash in the place of an address (RULES G2). */
const policies = {
  'chat.turn': { times: 60, seconds: 60 },
  'report.create': { times: 10, seconds: 600 },
  'report.guess': { times: 20, seconds: 600 },
  'report.message': { times: 30, seconds: 600 },
  'report.evidence': { times: 60, seconds: 600 },
  'alert.respond': { times: 60, seconds: 600 },
  'subscription.create': { times: 60, seconds: 600 },
} as const

/** What the environment says beside the services. */
export interface ConverseSettings { emergencyNumbers: EmergencyNumbers, loadModel: Speaker['loadModel'] }

/** The assistant for chats of Telegram: one turn from end to end, and with it the update that brought it. */
export function telegramConverse(services: Services, { emergencyNumbers, loadModel }: ConverseSettings): Converse {
  return async ({ chatId, updateHash, firstLocale, turn, tap }) => {
    const chat = chatHash(services.keys, chatId)
    const limits = (act: keyof typeof policies): Limit[] => [{ bucket: `${act}:telegram ${chat}`, ...policies[act] }]
    const ports = openChatPorts(services, {
      channel: 'telegram', chatHash: chat, chatId, locale: firstLocale, limits, publicUrl: services.settings.publicUrl, loadModel, renderings: alertRenderings(services.settings.publicUrl),
      emergencyNumbers: async () => (await getReferenceData(services)).station?.emergency_numbers ?? emergencyNumbers,
    })
    const take = (request: string) => converse(services, { channel: 'telegram', secret: String(chatId), request, locale: firstLocale, turn, update: { hash: updateHash }, limits: limits('chat.turn') }, ports)
    if (tap === undefined) return take(updateHash)
    const answered = await take(`tap ${chatId} ${tap}`)
    // A menu from further up is meant when it is used again; right after its answer it is a double tap.
    return answered.isReplay && !answered.isLatest ? take(updateHash) : answered
  }
}
