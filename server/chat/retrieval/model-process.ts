import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Embed } from './semantic.ts'

/** `<folder>/<name>/` holds config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx or onnx/model.onnx, `<folder>/.package/` what runs it. */
export interface ModelSettings { folder: string, name: string }

/** Opens a model. @param onEnd told once when an opened one stops working */
export type OpenModel = (settings: ModelSettings, onEnd: (reason: string) => void) => Promise<Embed>

export const packageName = '@xenova/transformers'

/** Where the packages lie that run a model. */
export const packageFolder = (folder: string): string => path.join(folder, '.package')

/*
  The program of the process. It is handed over as text, since it has to run from the built portal as well as from these sources. What it
  runs is not ours: it gets no settings and no keys, reads the model's folder only (the permission model of Node), and fetches nothing.
*/
const program = `
import { Socket } from 'node:net'
import { setPriority } from 'node:os'
const { entry, folder, name, quantized } = JSON.parse(process.argv[1])
process.once('disconnect', () => process.exit())
try { setPriority(5) } catch {}
Socket.prototype.connect = () => { throw new Error('nothing is fetched here') }
const failed = error => process.send({ failed: String(error?.message ?? error).split('\\n')[0] }, () => process.exit(1))
try {
  const { env, pipeline } = await import(entry)
  Object.assign(env, { allowRemoteModels: false, useFSCache: false, localModelPath: folder + '/' })
  const extract = await pipeline('feature-extraction', name, { quantized })
  process.on('message', ({ id, texts }) => {
    extract(texts, { pooling: 'mean', normalize: true }).then(({ dims, data }) => process.send({ id, size: dims.at(-1), data }), failed)
  })
  process.send({ ready: true })
}
catch (error) { failed(error) }
`

const message = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ failed: z.string() }),
  z.object({ id: z.number(), size: z.number().int().positive(), data: z.instanceof(Float32Array) }),
])

/**
 * Runs a model in a process of its own: reading it takes seconds and each line milliseconds of a core, which the portal's requests keep.
 * It ends with us, and its own end takes nobody along.
 * @throws Error saying what is missing or does not load
 */
export const openModel: OpenModel = (settings, onEnd) => {
  const { entry, folder, name, readable, quantized } = located(settings)
  const child = spawn(process.execPath, ['--disable-warning=SecurityWarning', '--permission', '--allow-addons', ...readable.map(each => `--allow-fs-read=${each}`), '--input-type=module', '--eval', program, JSON.stringify({ entry, folder, name, quantized })], {
    env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced',
  })
  const waiting = new Map<number, { texts: number, resolve: (vectors: Float32Array[]) => void, reject: (error: Error) => void }>()
  let last = 0
  const embed: Embed = texts => new Promise((resolve, reject) => {
    if (!child.connected) return reject(new Error('the model has ended'))
    const id = ++last
    waiting.set(id, { texts: texts.length, resolve, reject })
    child.channel?.ref() // whoever stops does not wait for a model, whoever asks one does
    child.send({ id, texts })
  })
  return new Promise((resolve, reject) => {
    let isReady = false
    let ended = false
    const end = (reason: string) => {
      if (ended) return
      ended = true
      child.kill('SIGKILL')
      const error = new Error(reason)
      for (const each of waiting.values()) each.reject(error)
      waiting.clear()
      if (isReady) onEnd(reason)
      else reject(error)
    }
    child.once('error', error => end(error.message))
    child.once('exit', (code, signal) => end(signal ? `its process was ended by ${signal}` : `its process ended (exit code ${code})`))
    child.on('message', (received) => {
      const parsed = message.safeParse(received)
      if (!parsed.success) return end('it does not answer with vectors')
      if ('failed' in parsed.data) return end(parsed.data.failed)
      if ('ready' in parsed.data) {
        isReady = true
        child.unref()
        child.channel?.unref()
        return resolve(embed)
      }
      const { id, size, data } = parsed.data
      const asked = waiting.get(id)
      waiting.delete(id)
      if (!waiting.size) child.channel?.unref()
      asked?.resolve(Array.from({ length: asked.texts }, (_, index) => data.slice(index * size, (index + 1) * size)))
    })
  })
}

/** Real paths: the permission model does not follow links. */
function located({ folder: named, name }: ModelSettings) {
  const at = path.join(path.resolve(named), name)
  if (!existsSync(path.join(at, 'tokenizer.json'))) throw new Error(`there is none in ${at}`)
  const packages = packageFolder(path.resolve(named))
  if (!existsSync(path.join(packages, 'node_modules', packageName))) throw new Error(`${packageName} is not in ${packages}, where npm run models puts it`)
  const folder = realpathSync(named)
  return {
    folder, name, quantized: existsSync(path.join(at, 'onnx/model_quantized.onnx')),
    entry: pathToFileURL(createRequire(path.join(realpathSync(packages), 'package.json')).resolve(packageName)).href,
    readable: [folder, realpathSync(at), realpathSync(packages)],
  }
}
