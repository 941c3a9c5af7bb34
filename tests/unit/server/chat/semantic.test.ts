import { describe, expect, it, vi } from 'vitest'
import { articleFinder, type LocalisedArticle } from '#server/chat/retrieval/article-finder'
import { fuse } from '#server/chat/retrieval/fuse'
import { modelLoader } from '#server/chat/retrieval/load-model'
import type { OpenModel } from '#server/chat/retrieval/model-process'
import { noLineVectors, semanticSearch, type Embed, type SemanticSearch } from '#server/chat/retrieval/semantic'
import type { Locale } from '#shared/locales'

const article = (slug: string, title: string, locale: Locale = 'en'): LocalisedArticle => ({ slug, locale, title, summary: `${title}.`, ask: [], body: title })
const articles = [article('walks', 'Dogs without a leash'), article('fire', 'Fire in the kitchen')]
const settings = { folder: '/models', name: 'tiny' }

/** Stands for a model that knows one thing: a zebra is a dog. Counts what it is asked. */
function aModel() {
  const slices: string[][] = []
  const embed: Embed = async (texts) => {
    slices.push(texts)
    return texts.map(text => Float32Array.from(/dog|zebra/i.test(text) ? [1, 0] : [0, 1]))
  }
  return { slices, load: async () => embed, lines: () => slices.flat() }
}
const prepared = (search: SemanticSearch, locale: Locale = 'en') => vi.waitFor(async () => expect(await search('anything', locale)).toBeDefined())

describe('search by meaning', () => {
  it('finds what shares no word with the question, and offers it', async () => {
    const search = semanticSearch(articles, aModel().load)
    await prepared(search)
    const finder = await articleFinder(articles, search)

    expect((await search('a zebra runs free', 'en'))?.[0]).toEqual({ slug: 'walks', similarity: 1 })
    expect(await finder.find('a zebra runs free', 'en')).toMatchObject({ decision: 'choices', articles: [{ slug: 'walks' }] })
    expect((await (await articleFinder(articles)).find('a zebra runs free', 'en')).decision).toBe('none')
  })

  it('what it alone finds comes among the first three, beside what has the words', async () => {
    const lamps = Array.from({ length: 15 }, (_, at) => article(`lamp-${at}`, `Lamp number ${at} is broken`))
    const all = [...lamps, article('walks', 'Dogs without a leash')]
    const search = semanticSearch(all, aModel().load)
    await prepared(search)

    const { articles: found } = await (await articleFinder(all, search)).find('a zebra broke the lamp', 'en')
    expect(found.map(({ slug }) => slug)).toContain('walks')
  })

  it('leaves first what the words are sure of, whatever a model says', async () => {
    const all = [article('fire', 'Fire in the kitchen'), article('dogs', 'Kitchen fire and the dogs'), article('lamps', 'Lamps')]
    const near: SemanticSearch = async () => [{ slug: 'lamps', similarity: 1 }, { slug: 'dogs', similarity: 0.9 }]

    expect(await (await articleFinder(all, near)).find('fire in the kitchen', 'en')).toMatchObject({ decision: 'answer', articles: [{ slug: 'fire' }, { slug: 'dogs' }, { slug: 'lamps' }] })
  })

  it('lets words alone answer until every line has its vector', async () => {
    const gate = Promise.withResolvers<undefined>()
    const search = semanticSearch(articles, async () => async texts => gate.promise.then(() => texts.map(() => Float32Array.from([1, 0]))))
    const finder = await articleFinder(articles, search)

    expect(await search('zebra', 'en')).toBeUndefined()
    expect(await finder.find('dogs without a leash', 'en')).toMatchObject({ decision: 'answer', articles: [{ slug: 'walks' }] })
    gate.resolve(undefined)
    await prepared(search)
  })

  it('lets words alone answer a question for which the model takes too long, and every one after its end', async () => {
    vi.useFakeTimers()
    let isStuck = false
    const search = semanticSearch(articles, async () => async texts => isStuck ? new Promise(() => {}) : texts.map(() => Float32Array.from([1, 0])))
    await search('first', 'en')
    await vi.advanceTimersByTimeAsync(1)
    expect(await search('second', 'en')).toBeDefined()
    isStuck = true
    const third = search('third', 'en')
    await vi.advanceTimersByTimeAsync(1001)

    expect(await third).toBeUndefined()
    vi.useRealTimers()
    expect(await semanticSearch(articles, async () => () => Promise.reject(new Error('ended')))('dog', 'en')).toBeUndefined()
  })
})

describe('the vectors of a thousand articles', () => {
  const thousand = Array.from({ length: 1000 }, (_, at) => article(`article-${at}`, `Title number ${at}`))

  it('are made in small slices, a line once, and only for the language that is asked in', async () => {
    const model = aModel()
    const search = semanticSearch([...thousand, article('dogs', '狗', 'zh')], model.load)
    await search('one', 'en')
    await search('two', 'en')
    await prepared(search)

    expect(Math.max(...model.slices.map(slice => slice.length))).toBe(8)
    expect(model.lines().filter(text => text.startsWith('Title')).length).toBe(2000)
    expect(new Set(model.lines()).size).toBe(2000 + 1)
    expect(model.lines()).not.toContain('狗')
  })

  it('are kept when one is published: only its lines are embedded, without being asked for', async () => {
    const [model, kept] = [aModel(), noLineVectors()]
    await prepared(semanticSearch(thousand, model.load, kept))
    model.slices.length = 0
    const next = semanticSearch([...thousand.slice(1), article('zebras', 'Zebras')], model.load, kept)
    await vi.waitFor(() => expect(model.lines()).toEqual(['Zebras', 'Zebras.']))
    await prepared(next)

    expect((await next('a dog', 'en'))?.[0]?.slug).toBe('zebras')
    expect(kept.byText.has('Title number 0')).toBe(false)
    expect(kept.byText.size).toBe(2000)
  })

  it('are not finished for an edition that is no longer published', async () => {
    const [model, kept] = [aModel(), noLineVectors()]
    const old = semanticSearch(thousand, model.load, kept)
    await old('one', 'en')
    const next = semanticSearch(articles, model.load, kept)
    await prepared(next)

    expect(await old('one', 'en')).toBeUndefined()
    expect(model.lines().filter(text => text.startsWith('Title')).length).toBeLessThan(50)
    expect([...kept.byText.keys()].sort()).toEqual(['Dogs without a leash', 'Dogs without a leash.', 'Fire in the kitchen', 'Fire in the kitchen.'])
  })

  it('let requests have their turn, and are searched within milliseconds', async () => {
    let turns = 0
    const wide = Float32Array.from({ length: 384 }, () => 1 / Math.sqrt(384))
    const search = semanticSearch(thousand, async () => async (texts) => {
      await new Promise(setImmediate)
      return texts.map(() => wide)
    })
    const ticking = setInterval(() => turns++, 0)
    await prepared(search)
    clearInterval(ticking)
    const startedAt = performance.now()
    await search('one', 'en')

    expect(turns).toBeGreaterThan(5)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

describe('the model', () => {
  it('is opened once, at the first question', async () => {
    const open = vi.fn<OpenModel>(async () => async texts => texts.map(() => Float32Array.from([1])))
    const load = modelLoader(settings, () => {}, open)

    expect(open).not.toHaveBeenCalled()
    await Promise.all([load(), load(), load()])
    expect(open).toHaveBeenCalledTimes(1)
    expect(open.mock.calls[0]?.[0]).toEqual(settings)
  })

  it('that cannot be opened is spoken of once, and words alone answer', async () => {
    const said: string[] = []
    const load = modelLoader(settings, sentence => said.push(sentence), async () => { throw new Error('there is none') })
    const finder = await articleFinder(articles, semanticSearch(articles, load))

    expect((await finder.find('dogs without a leash', 'en')).articles[0]?.slug).toBe('walks')
    await finder.find('fire', 'en')
    expect(said).toEqual(['the chat\'s model tiny is not used, words alone answer: there is none'])
  })

  it('that ends later is spoken of once, too, and is not tried again', async () => {
    const said: string[] = []
    let end = (_reason: string) => {}
    const load = modelLoader(settings, sentence => said.push(sentence), async (_, onEnd) => {
      end = onEnd
      return async texts => texts.map(() => Float32Array.from([1]))
    })
    expect(await load()).toBeDefined()
    end('its process was ended by SIGKILL')

    expect(await load()).toBeUndefined()
    expect(said).toEqual([expect.stringContaining('ended by SIGKILL')])
  })
})

it('fuses lists by rank: what is high in both comes first', () => {
  expect(fuse(['a', 'b', 'c'], ['b', 'c', 'a'])).toEqual(['b', 'a', 'c'])
  expect(fuse(['a'], [])).toEqual(['a'])
})
