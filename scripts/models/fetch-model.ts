import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { Sentence } from '../bootstrap/sentence.mjs'
import type { Step } from '../bootstrap/step.mjs'

export interface WantedModel {
  /** Address of the hub or of a mirror of it. */
  hub: string
  name: string
  /** CHAT_MODEL_DIR, absolute. */
  folder: string
}

const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx']
/** A hub that sends nothing for so long has gone away. */
const patienceMs = 30_000
const mostRedirects = 5
const commitPattern = /^[0-9a-f]{40}$/

/** What was fetched, beside the model: so that a second run can tell it from what is torn. */
const recordSchema = z.object({ hub: z.string(), commit: z.string().nullable(), files: z.record(z.string(), z.object({ size: z.number(), sha256: z.string() })) })
type FetchRecord = z.infer<typeof recordSchema>

/**
 * Fetches a model's four files into `<folder>/<name>`. What is there already stays, what was begun is continued, and a file gets its name only
 * when it is whole: of the size that the hub names, and of its hash (SHA-256 of large files, Git's of small ones).
 * @throws Sentence saying what to do instead
 */
export async function fetchModel(wanted: WantedModel, line: Step): Promise<void> {
  const at = path.join(wanted.folder, wanted.name)
  const recordFile = path.join(at, 'fetched.json')
  const known = existsSync(recordFile) ? recordSchema.safeParse(readJson(recordFile)).data : undefined
  const record: FetchRecord = { hub: wanted.hub, commit: known?.commit ?? null, files: { ...known?.files } }
  line.is('there already')
  for (const file of files) {
    const place = path.join(at, file)
    if (existsSync(place) && await isUnchanged(place, known?.files[file])) continue
    line.during(`fetching ${file}`)
    mkdirSync(path.dirname(place), { recursive: true })
    record.commit = await fetchFile(wanted, file, place, record.commit)
    record.files[file] = { size: statSync(place).size, sha256: await hashOf(place, 'sha256') }
    writeFileSync(recordFile, `${JSON.stringify(record, null, 1)}\n`)
  }
}

/** A file that somebody copied here is taken as it is: the trial at the end tells whether it works. */
async function isUnchanged(place: string, fetched?: { size: number, sha256: string }) {
  return !fetched || (statSync(place).size === fetched.size && await hashOf(place, 'sha256') === fetched.sha256)
}

/** @returns the commit of the repository that it came from, for the files after it */
async function fetchFile(wanted: WantedModel, file: string, place: string, commit: string | null): Promise<string | null> {
  const part = `${place}.part`
  const begun = existsSync(part) ? statSync(part).size : 0
  const { answer, announced, beat } = await ask(wanted, `${wanted.name}/resolve/${commit ?? 'main'}/${file}`, file, begun)
  const isContinued = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${begun}-`) === true
  if (answer.status === 416 || (answer.status === 206 && !isContinued)) {
    rmSync(part, { force: true })
    throw new Sentence(`${file} could not be continued where it stopped; it will be fetched from its beginning when you run npm run models again.`)
  }
  const watch = new Transform({ transform(chunk, _encoding, done) {
    beat()
    done(null, chunk)
  } })
  if (!answer.body) throw new Sentence(`${file}: ${new URL(wanted.hub).host} sent nothing.`)
  await pipeline(Readable.from(answer.body), watch, createWriteStream(part, { flags: isContinued ? 'a' : 'w' })).catch((error: unknown) => {
    throw unreachable(wanted, error) ?? error
  })
  const length = Number(answer.headers.get('content-length')) + (isContinued ? begun : 0)
  const size = announced.size ?? (answer.headers.has('content-length') && !answer.headers.has('content-encoding') ? length : undefined)
  const isWhole = (size === undefined || statSync(part).size === size) && (!announced.hash || await hashOf(part, announced.hash.length === 64 ? 'sha256' : 'git') === announced.hash)
    && (!file.endsWith('.json') || readJson(part) !== undefined)
  if (!isWhole) {
    rmSync(part, { force: true })
    throw new Sentence(`${file} of ${wanted.name} did not arrive as ${new URL(wanted.hub).host} announced it; nothing of it was kept. Run npm run models again.`)
  }
  renameSync(part, place)
  return announced.commit ?? commit
}

interface Announced { size?: number, hash?: string, commit?: string }

/** Follows the hub to where a file lies. What it says of the file stands in its own answer, not in that of the storage behind it. */
async function ask(wanted: WantedModel, target: string, file: string, begun: number) {
  const stop = new AbortController()
  let timer = setTimeout(() => stop.abort(), patienceMs)
  const beat = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(), patienceMs)
    timer.unref()
  }
  let url = new URL(target, `${wanted.hub}/`)
  let announced: Announced = {}
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const answer = await fetch(url, { redirect: 'manual', signal: stop.signal, headers: { 'accept-encoding': 'identity', ...(begun && { range: `bytes=${begun}-` }) } }).catch((error: unknown) => {
      throw unreachable(wanted, error) ?? error
    })
    beat()
    announced = { ...announcedBy(answer.headers), ...announced }
    const next = answer.headers.get('location')
    if (answer.status >= 300 && answer.status < 400 && next) {
      url = new URL(next, url)
      if (url.protocol !== 'https:' && url.hostname !== new URL(wanted.hub).hostname) throw new Sentence(`${file}: ${new URL(wanted.hub).host} leads to an address without https.`)
      await answer.body?.cancel()
      continue
    }
    if (answer.status === 401 || answer.status === 404) throw new Sentence(`${new URL(wanted.hub).host} has no ${file} of a model ${wanted.name}; CHAT_MODEL names one that offers it.`)
    if (!answer.ok && answer.status !== 416) throw new Sentence(`${file}: ${new URL(wanted.hub).host} answers ${answer.status}; run npm run models again later.`)
    return { answer, announced, beat }
  }
  throw new Sentence(`${file}: ${new URL(wanted.hub).host} sends from one address to the next without end.`)
}

/** Like huggingface_hub reads them: for a large file the linked hash (SHA-256), else an ETag that is Git's hash. */
function announcedBy(headers: Headers): Announced {
  const hash = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '')
  const [size, commit] = [headers.get('x-linked-size'), headers.get('x-repo-commit')]
  return { ...(size && { size: Number(size) }), ...(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(hash) && { hash }), ...(commit && commitPattern.test(commit) && { commit }) }
}

/** @param kind `git`: as Git names a file's content */
async function hashOf(place: string, kind: 'sha256' | 'git'): Promise<string> {
  const hash = createHash(kind === 'git' ? 'sha1' : 'sha256')
  if (kind === 'git') hash.update(`blob ${statSync(place).size}\0`)
  for await (const chunk of createReadStream(place)) hash.update(chunk)
  return hash.digest('hex')
}

function readJson(place: string): unknown {
  try {
    return JSON.parse(readFileSync(place, 'utf8'))
  }
  catch {
    return undefined // torn, or something else than JSON
  }
}

/** The sentence for a network that does not lead there; undefined for any other error. */
function unreachable({ hub, name, folder }: WantedModel, error: unknown) {
  const isNetwork = error instanceof Error && (error.name === 'AbortError' || error.message === 'fetch failed' || error.message === 'terminated')
  if (!isNetwork) return undefined
  return new Sentence(`The model cannot be fetched: ${new URL(hub).host} cannot be reached from here, or went silent. Run npm run models again, name a mirror in CHAT_MODEL_HUB, or copy ${files.join(', ')} of ${name} into ${path.join(folder, name)} from a machine that can.`, { cause: error })
}
