import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Converse } from '../../bot/converse.ts'
import { conversationStore } from '../../server/domain/chat/conversation-store.ts'
import type { Services } from '../../server/domain/services.ts'
import { AppError } from '../../shared/errors.ts'

const state = z.object({ heard: z.array(z.string()) })

/**
 * An assistant that repeats what it hears, with a number and a button: what a conversation keeps shows whether each update came to
 * it once and in order. `/delete` forgets, `/fail` fails each time.
 */
export function echo(services: Services): Converse {
  return async ({ chatId, updateHash, firstLocale, turn, tap }) => {
    const store = conversationStore(services, { channel: 'telegram', secret: String(chatId) })
    for (;;) {
      const held = await store.load({ request: tap === undefined ? updateHash : `tap ${tap}` })
      const said = { conversation: { locale: held.locale ?? firstLocale }, replies: [], isReplay: held.replay !== undefined }
      if (held.replay) return said
      const file = turn.file && ('refused' in turn.file ? `file ${turn.file.refused}` : `file ${turn.file.type} ${(await turn.file.read()).byteLength}`)
      const heard = [turn.text, turn.choice, turn.location && `${turn.location.lat},${turn.location.lng}`, file].filter(Boolean).join(' ')
      if (heard === '/fail') throw new Error('this turn fails')
      if (heard === '/delete') return { ...said, replies: [{ text: 'all gone' }], commands: [{ do: 'forget', erasesThreads: true }] }
      const before = state.safeParse(held.state).data?.heard ?? []
      try {
        await store.commit({
          id: held.id ?? randomUUID(), locale: held.locale ?? firstLocale, turnNo: held.turnNo, request: tap === undefined ? updateHash : `tap ${tap}`, state: { heard: [...before, heard] }, said: { text: heard },
          replies: [{ content: { text: `${before.length + 1}: ${heard}`, choices: [{ id: 'more', label: 'More' }] }, isOnce: heard === '/once' }], update: { hash: updateHash },
        })
        return said
      }
      catch (error) {
        if (!(error instanceof AppError && error.code === 'conflict')) throw error
      }
    }
  }
}

/** What a conversation has heard, in order. */
export async function heardIn(services: Services, chatId: number): Promise<string[]> {
  const { state: kept } = await conversationStore(services, { channel: 'telegram', secret: String(chatId) }).load({})
  return state.safeParse(kept).data?.heard ?? []
}
