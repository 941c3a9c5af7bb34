import type { Services } from '../services.ts'
import { conversationStore } from './conversation-store.ts'

/** The resident ended the chat of this browser: nothing of it stays. @param secret of the cookie */
export async function endConversation(services: Services, secret: string): Promise<void> {
  await conversationStore(services, { channel: 'web', secret }).forget(false)
}
