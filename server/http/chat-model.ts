import { modelLoader } from '#server/chat/retrieval/load-model'
import { publishedFinder } from '#server/chat/retrieval/published-finder'
import type { Services } from '#server/domain/services'
import { config } from '../config.ts'
import { log } from './log.ts'

let loader: ReturnType<typeof modelLoader> | undefined

/** The model of the settings for search by meaning, read once a process; undefined when the settings name none. */
export function chatModel() {
  const { chatModel: settings } = config()
  return settings && (loader ??= modelLoader(settings, sentence => log().warn({ msg: sentence })))
}

/** Makes the index of the articles before anybody asks: of a thousand it takes seconds. The model waits for the first question. */
export const warmSearch = (services: Services): Promise<unknown> => publishedFinder(services, chatModel())
