import { openModel, type ModelSettings, type OpenModel } from './model-process.ts'
import type { Embed } from './semantic.ts'

/**
 * A model that is read at the first question and never fetched. What is missing, and a model that stops working, is said once; then words alone answer.
 * @param open another one in tests
 */
export function modelLoader(settings: ModelSettings, say: (sentence: string) => void, open: OpenModel = openModel): () => Promise<Embed | undefined> {
  let loading: Promise<Embed | undefined> | undefined
  const doWithout = (reason: string) => {
    loading = Promise.resolve(undefined)
    say(`the chat's model ${settings.name} is not used, words alone answer: ${reason}`)
    return undefined
  }
  const load = async () => {
    try {
      return await open(settings, doWithout)
    }
    catch (thrown) {
      return doWithout(thrown instanceof Error ? thrown.message : 'it does not load')
    }
  }
  return () => loading ??= load()
}
