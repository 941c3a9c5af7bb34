import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ArticleSeed, readArticleSeeds, shipArticles } from '../../supabase/embedded/article-seeds.ts'
import { repositoryFolders } from '../../supabase/embedded/migrate.ts'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { type Submission, answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: articles are the same for the whole installation, and its station must be the default one.
let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World
let seeds: ArticleSeed[]

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = true where id = ${world.station.home}`
  seeds = await readArticleSeeds(`${repositoryFolders.seeds}/knowledge`)
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

const indexSchema = z.object({ version: z.string(), articles: z.array(z.looseObject({ slug: z.string(), locale: z.string(), title: z.string(), ask: z.array(z.string()) })).nullable() })
const call = async (who: Person, name: string, p: Submission) => answerOf((await world.as(who)).rpc(name, { p }))
const index = async (known?: string) => indexSchema.parse((await world.guest.rpc('list_articles_for_search', known ? { p_version: known } : {})).data)
const titleOf = async (slug: string, locale = 'en') => (await index()).articles?.find(article => article.slug === slug && article.locale === locale)?.title

const text = (title: string, changes: Submission = {}) => ({ title, summary: 'In one sentence.', ask: ['how does it work'], body: 'What to do.', ...changes })
const anArticle = (slug: string, changes: Submission = {}) => ({ slug, topic: 'theft', related: [], texts: { zh: text('标题'), en: text('A title') }, base: 0, ...changes })
const seedOf = (slug: string): ArticleSeed => {
  const found = seeds.find(seed => seed.slug === slug)
  if (!found) throw new Error(slug)
  return found
}
const rewritten = (slug: string, title: string): ArticleSeed => ({ ...seedOf(slug), texts: { ...seedOf(slug).texts, en: { ...seedOf(slug).texts.en!, title } } })

describe('the articles that ship', () => {
  it('are there in both languages, whoever asks, and asked again only if something changed', async () => {
    const { version, articles } = await index()

    expect(articles).toHaveLength(seeds.length * 2)
    expect(articles?.map(({ slug }) => slug)).toEqual(seeds.flatMap(({ slug }) => [slug, slug]))
    expect(await index(version)).toEqual({ version, articles: null })
  })

  it('change nothing when they ship again', async () => {
    const count = async () => (await world.sql`select count(*)::int as n from private.article_versions`)[0]?.n
    const before = await count()

    expect(await shipArticles(world.sql, seeds)).toEqual([])
    expect(await count()).toBe(before)
  })

  it('follow a new version as long as the station leaves them alone, and never overwrite what it wrote', async () => {
    expect(await shipArticles(world.sql, [rewritten('dogs', 'Dogs, new edition')])).toEqual(['dogs'])
    expect(await titleOf('dogs')).toBe('Dogs, new edition')

    const own = await call('lead_zhao', 'save_article', { ...anArticle('fireworks', { topic: 'neighbours', base: 1, texts: { en: text('Our own fireworks') } }), publishes: true })
    expect(own).toMatchObject({ ok: true, number: 2, state: 'published' })
    expect(await shipArticles(world.sql, [rewritten('fireworks', 'Fireworks, new edition')])).toEqual([])
    expect(await titleOf('fireworks')).toBe('Our own fireworks')
    expect(await call('lead_zhao', 'read_desk_article', { slug: 'fireworks' })).toMatchObject({ version: { number: 2 }, latest_number: 3, versions: [{ number: 3, is_shipped: true }, { number: 2, is_shipped: false }, { number: 1 }] })
  })

  it('do not come back when the station took them away', async () => {
    expect(await call('chief_sun', 'publish_article', { slug: 'gambling', number: null })).toMatchObject({ ok: true, state: 'hidden' })
    expect(await shipArticles(world.sql, [rewritten('gambling', 'Gambling, new edition')])).toEqual([])
    expect(await titleOf('gambling')).toBeUndefined()
  })

  it('leave a draft of the station alone, too: what residents read does not change under its hands', async () => {
    await call('lead_zhao', 'save_article', anArticle('drugs', { topic: 'people', base: 1, texts: { en: text('A draft about drugs') } }))

    expect(await shipArticles(world.sql, [rewritten('drugs', 'Drugs, new edition')])).toEqual([])
    expect(await titleOf('drugs')).toBe(seedOf('drugs').texts.en!.title)
    expect(await call('lead_zhao', 'read_desk_article', { slug: 'drugs' })).toMatchObject({ state: 'changed', version: { number: 2 } })
  })
})

describe('an article of the station', () => {
  it('is read by residents when it is published, version by version, and each step is in the log', async () => {
    expect(await call('lead_zhao', 'save_article', anArticle('our-market'))).toMatchObject({ ok: true, number: 1, state: 'hidden' })
    expect(await titleOf('our-market')).toBeUndefined()
    expect(await call('lead_zhao', 'publish_article', { slug: 'our-market', number: 1 })).toMatchObject({ ok: true, state: 'published' })
    expect(await call('chief_sun', 'save_article', anArticle('our-market', { base: 1, texts: { zh: text('第二版') } }))).toMatchObject({ ok: true, number: 2, state: 'changed' })
    expect(await titleOf('our-market')).toBe('A title')
    expect(await call('chief_sun', 'publish_article', { slug: 'our-market', number: 2 })).toMatchObject({ ok: true })
    expect(await titleOf('our-market')).toBeUndefined()
    expect(await titleOf('our-market', 'zh')).toBe('第二版')

    const restored = await call('lead_zhao', 'save_article', anArticle('our-market', { base: 2, restored_from: 1, publishes: true }))
    expect(restored).toMatchObject({ ok: true, number: 3, state: 'published' })
    expect(await titleOf('our-market')).toBe('A title')
    const log = await world.sql`select actor_role, action, details ->> 'version' as version from public.audit_log where details ->> 'article' = 'our-market' order by id`
    expect(log.map(row => `${row.actor_role} ${row.action} ${row.version}`)).toEqual([
      'lead article.saved 1', 'lead article.published 1', 'chief article.saved 2', 'chief article.published 2', 'lead article.saved 3', 'lead article.published 3',
    ])
  })

  it.each(['officer_wang', 'auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const)('is not written by %s', async (who) => {
    expect(await call(who, 'save_article', anArticle('not-mine'))).toEqual({ ok: false, code: 'forbidden' })
    expect(await call(who, 'publish_article', { slug: 'dogs', number: null })).toEqual({ ok: false, code: 'forbidden' })
    expect(await titleOf('dogs')).toBeDefined()
  })

  it('is read at the desk by all staff, and by no resident', async () => {
    expect(await call('officer_wang', 'read_desk_article', { slug: 'dogs' })).toMatchObject({ ok: true, may_edit: false })
    expect(await call('amina_resident', 'read_desk_article', { slug: 'dogs' })).toEqual({ ok: false, code: 'forbidden' })
    expect(await answerOf((await world.as('amina_resident')).rpc('list_desk_articles'))).toEqual({ ok: false, code: 'forbidden' })
    expect(await answerOf((await world.as('officer_wang')).rpc('list_desk_articles'))).toMatchObject({ ok: true, may_edit: false })
  })

  it('is not saved over what a colleague saved meanwhile', async () => {
    await call('lead_zhao', 'save_article', anArticle('twice'))

    expect(await call('chief_sun', 'save_article', anArticle('twice'))).toEqual({ ok: false, code: 'conflict' })
    expect(await call('chief_sun', 'save_article', anArticle('never-there', { base: 4 }))).toEqual({ ok: false, code: 'conflict' })
  })

  it.each([
    ['no language', { texts: {} }], ['another language', { texts: { fr: text('Titre') } }], ['an empty title', { texts: { en: text(' ') } }], ['a list for a body', { texts: { en: text('x', { body: ['x'] }) } }],
    ['no topic', { topic: 'nonsense' }], ['itself as related', { related: ['odd'] }], ['a slug with spaces', { slug: 'a b' }], ['an endless title', { texts: { en: text('x'.repeat(101)) } }],
  ])('is refused with %s', async (_, changes) => {
    expect(await call('lead_zhao', 'save_article', anArticle('odd', changes))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('says which of its lines stand under another article already', async () => {
    const [line = ''] = seedOf('pickpocketing').texts.en!.ask

    expect(await call('lead_zhao', 'save_article', anArticle('like-another', { texts: { en: text('Like another', { ask: [line.toUpperCase()] }) } }))).toMatchObject({ ok: true, taken: [{ locale: 'en', slug: 'pickpocketing', line: line.toUpperCase() }] })
  })

  it('keeps its versions: not even the owner of the tables changes one', async () => {
    await expect(world.sql`update private.article_texts set body = 'x'`).rejects.toThrow('append-only')
    await expect(world.sql`delete from private.article_versions`).rejects.toThrow('append-only')
  })
})
