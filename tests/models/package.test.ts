import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { articleFinder } from '#server/chat/retrieval/article-finder'
import { modelLoader } from '#server/chat/retrieval/load-model'
import { semanticSearch } from '#server/chat/retrieval/semantic'
import { localeCodes } from '#shared/locales'
import { shippedArticles } from '../chat/articles.ts'
import { shippedFinder } from '../chat/evaluate.ts'
import { aModelFolder } from './model-folder.ts'
import { expectedVector } from './tiny-model.ts'

/** The words alone, for comparison. */
const words = await shippedFinder()
const rows = localeCodes.flatMap(locale => shippedArticles(locale).map(article => ({ ...article, locale })))

function aLoader(folder: string) {
  const said: string[] = []
  return { said, load: modelLoader({ folder, name: 'tiny' }, sentence => said.push(sentence)) }
}
/** On a busy machine the model's process waits for all others. */
const patience = { timeout: 55_000, interval: 200 }

describe('a real model in the real package', () => {
  const { said, load } = aLoader(aModelFolder())

  it('gives the mean of its words, Chinese split into characters', async () => {
    const embed = await load()
    if (!embed) throw new Error(said.join())
    const texts = ['A mutt ran from the flames', '没拴的犬，还有火！', 'nothing it knows', '汪星人咬了人 my passport']

    const vectors = await embed(texts)
    texts.forEach((text, at) => expect(Math.max(...expectedVector(text).map((value, of) => Math.abs(value - vectors[at]![of]!))), text).toBeLessThan(1e-6))
  })

  it.each([['zh', '汪啃'], ['en', 'a woofer gnawed']] as const)('finds an article that shares no word with the question (%s), and the choice is offered', async (locale, question) => {
    const own = rows.filter(row => row.locale === locale)
    const search = semanticSearch(own, load)
    const finder = await articleFinder(own, search)
    await vi.waitFor(async () => expect(await search(question, locale)).toBeDefined(), patience)

    expect((await words.find(question, locale)).decision).toBe('none')
    expect(await finder.find(question, locale)).toMatchObject({ decision: 'choices', articles: [{ slug: 'dogs' }, {}, {}] })
    expect(said).toEqual([])
  })

  it.each([
    ['no model', { model: false }, /there is none in \S+tiny$/],
    ['no package', { code: 'none' }, /@xenova\/transformers is not in \S+\.package, where npm run models puts it$/],
    ['neither', { model: false, code: 'none' }, /there is none/],
  ] as const)('%s: words alone answer, and it is said once', async (_, missing, why) => {
    const { said, load } = aLoader(aModelFolder(missing))
    const chinese = rows.filter(({ locale }) => locale === 'zh')
    const finder = await articleFinder(chinese, semanticSearch(chinese, load))

    expect(await finder.find('电动车被偷了怎么办', 'zh')).toMatchObject({ decision: 'answer', articles: [{ slug: 'ebike-theft' }, {}, {}] })
    expect(await finder.find('身份证丢了', 'zh')).toMatchObject({ articles: [{ slug: 'lost-id-card' }, {}, {}] })
    expect(said).toEqual([expect.stringMatching(/^the chat's model tiny is not used, words alone answer: /)])
    expect(said[0]).toMatch(why)
  })

  it.each([
    ['a model file that is missing is not looked for elsewhere', (folder: string) => rmSync(path.join(folder, 'tiny/onnx/model_quantized.onnx')), /not found locally/],
    ['a tokenizer that is torn', (folder: string) => writeFileSync(path.join(folder, 'tiny/tokenizer.json'), '{'), /JSON/],
  ])('%s', async (_, spoil, why) => {
    const folder = aModelFolder()
    spoil(folder)
    const { said, load } = aLoader(folder)

    expect(await load()).toBeUndefined()
    expect(said).toEqual([expect.stringMatching(why)])
  })
})

describe('the process that runs others\' code', () => {
  it('reaches no network, no file beside the model, no settings and no other program', async () => {
    const server = createServer((_, response) => response.end('here'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    let calls = 0
    server.on('connection', () => calls++)
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const folder = aModelFolder({ code: { source: `
      import { spawnSync } from 'node:child_process'
      import { readFileSync, writeFileSync } from 'node:fs'
      import { get } from 'node:http'
      const url = 'http://127.0.0.1:${port}/'
      const tries = {
        fetch: () => fetch(url), get: () => new Promise((resolve, reject) => get(url, resolve).once('error', reject)),
        read: () => readFileSync('/etc/hostname'), write: () => writeFileSync(new URL('mark', import.meta.url), ''), spawn: () => spawnSync('true'),
      }
      export const env = {}
      export const pipeline = async () => {
        const found = []
        for (const [name, attempt] of Object.entries(tries)) await Promise.resolve().then(attempt).then(() => found.push(name), () => {})
        throw new Error(JSON.stringify({ found, settings: Object.keys(process.env), env }))
      }` } })
    const { said, load } = aLoader(folder)

    expect(await load()).toBeUndefined()
    server.close()
    const [, seen = ''] = /answer: (.*)$/.exec(said[0] ?? '') ?? []
    expect(JSON.parse(seen)).toMatchObject({ found: [], settings: [], env: { allowRemoteModels: false, useFSCache: false } })
    expect(calls).toBe(0)
  })

  it('takes nobody along when it ends', async () => {
    const { said, load } = aLoader(aModelFolder({ code: { source: 'export const env = {}; export const pipeline = async () => async () => process.abort()' } }))
    const search = semanticSearch(rows, load)
    await search('dogs', 'en')
    await vi.waitFor(() => expect(said).toEqual([expect.stringContaining('its process was ended by SIGABRT')]), patience)

    expect(await search('dogs', 'en')).toBeUndefined()
  })
})
