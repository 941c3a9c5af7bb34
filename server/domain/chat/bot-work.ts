import { botQueries, type ClaimedUpdate } from '#server/db/bot'
import type { Services } from '../services.ts'
import { chatHash, keepUpdates } from './bot-updates.ts'
import { sealNotice, type Notice } from './telegram-handle.ts'

/** What a worker of the bot does with the store of updates. @param worker its name, of which there are no two */
export function botWork(services: Services, worker: string) {
  const queries = botQueries(services.clients)
  return {
    claim: (limit: number, leaseSeconds: number) => queries.claim(worker, limit, leaseSeconds),
    /** Says that these are still worked on. */
    renew: (hashes: string[], leaseSeconds: number) => queries.renew(hashes, worker, leaseSeconds),
    release: (hash: string, afterMs: number) => queries.release(hash, worker, afterMs),
    /** Ends an update that nobody can read. */
    drop: ({ hash, chat_hash: chat }: ClaimedUpdate) => queries.finish({ hash, chat_hash: chat }),
    /** The update in a worker's hands; undefined when it names no chat. */
    workOf({ hash, chat_hash: chat }: ClaimedUpdate, chatId: number | undefined) {
      if (chatId === undefined) return undefined
      return {
        hash, chatHash: chat, chatId,
        /** @returns false: another worker was first, and nothing is said */
        async finish(notices: Notice[] = [], { forget = false, erasesThreads = false } = {}) {
          const sealed = notices.map(notice => sealNotice(services.keys, chat, chatId, notice))
          return (await queries.finish({ hash, chat_hash: chat, notices: sealed, forget, erases_threads: erasesThreads })).is_new
        },
      }
    },
  }
}

/** Numbers of the messages of a chat that may still be deleted, newest first. */
export async function listBotMessages({ clients, keys }: Pick<Services, 'clients' | 'keys'>, chatId: number): Promise<number[]> {
  return (await botQueries(clients).messages(chatHash(keys, chatId))).message_ids
}

/** Tells the portal under which name the bot is found. */
export const announceBot = ({ clients }: Pick<Services, 'clients'>, username: string) => botQueries(clients).announce(username)

export { keepUpdates }
