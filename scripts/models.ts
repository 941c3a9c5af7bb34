/*
  `npm run models`: makes a folder with a model for search by meaning and what runs it, where the network allows it, and tries both.
  The portal itself never fetches or installs anything. CHAT_MODEL_HUB: a mirror of https://huggingface.co.
*/
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { defaultModel, modelNamePattern } from '#shared/chat/model-name'
import { openModel } from '#server/chat/retrieval/model-process'
import { withLock } from './bootstrap/process-lock.mjs'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { step } from './bootstrap/step.mjs'
import { fetchModel } from './models/fetch-model.ts'
import { installPackage } from './models/install-package.ts'

const { CHAT_MODEL, CHAT_MODEL_DIR, CHAT_MODEL_HUB } = process.env
const name = CHAT_MODEL || defaultModel
const hub = CHAT_MODEL_HUB || 'https://huggingface.co'
const folder = path.resolve(CHAT_MODEL_DIR || '.models')
const root = path.join(import.meta.dirname, '..')

/** A mirror may be on this machine; from elsewhere nothing comes without TLS. */
const isSafe = (address: string) => URL.canParse(address) && (new URL(address).protocol === 'https:' || (new URL(address).protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(address).hostname)))

async function main() {
  if (!modelNamePattern.test(name)) throw new Sentence(`The setting CHAT_MODEL must be a name such as ${defaultModel}.`)
  if (!isSafe(hub)) throw new Sentence('The setting CHAT_MODEL_HUB must be an address that starts with https://.')
  mkdirSync(folder, { recursive: true })
  await step('model', line => withLock(path.join(folder, '.fetching.lock'), pid => line.during(`waiting for process ${pid}, which is fetching`), () => fetchModel({ hub: hub.replace(/\/$/, ''), name, folder }, line)))
  await step('package', line => installPackage(folder, line))
  await step('trial', async (line) => {
    const embed = await openModel({ folder, name }, () => {}).catch((error: unknown) => {
      throw new Sentence(`${name} is in ${folder}, but does not work: ${error instanceof Error ? error.message : String(error)}. Delete ${path.join(folder, name)} and run npm run models again.`, { cause: error })
    })
    const [vector] = await embed(['狗没拴绳'])
    line.is(`it answers with ${vector?.length ?? 0} numbers`)
  })
  const lines = [`CHAT_MODEL_DIR=${folder}`, ...(name === defaultModel ? [] : [`CHAT_MODEL=${name}`])]
  const isSet = CHAT_MODEL_DIR !== undefined && CHAT_MODEL_DIR !== ''
  process.stdout.write(isSet
    ? '\nThe chat searches by meaning after the next start.\n'
    : `\nPut ${lines.length === 1 ? 'this line' : 'these lines'} into ${path.relative(root, process.env.LINLI_SETTINGS || 'station.env')} or the environment, and start again: the chat then also searches by meaning.\n${lines.join('\n')}\n`)
  process.exit()
}

await main().catch(sayAndExit)
