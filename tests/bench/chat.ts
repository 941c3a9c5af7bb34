// POST /api/chat with 1,000 articles, ten people at once: a question and its answer within 40 ms (p95), also while somebody publishes one.
import type pg from 'pg'
import { chatAnswerSchema } from '../../shared/chat/chat-call.ts'
import { localeCodes } from '../../shared/locales.ts'
import { shippedArticles } from '../chat/articles.ts'
import { caller } from '../desk-caller.ts'
import { startPortal } from '../portal.ts'
import { address, measure, rawPool, report, residentMemory, send } from './station.ts'

const parallel = 10
const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const articles = 1000
const goalMs = 40
const turnsEach = 6
const questions = ['电动车被偷了怎么办', '怎么举报电信诈骗', '户口怎么办', '半夜楼上很吵找谁', '身份证丢了怎么补', '拾到东西交给谁', 'how do I report a phone scam', 'my e-bike was stolen, what should I do', 'where do I register my flat', 'the neighbours are loud at night']
const portal = await startPortal({ env: { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'warn' } })

try {
  const pool = rawPool(portal)
  await addArticles(pool)
  const talks: (string | undefined)[] = []
  let [asked, answered] = [0, 0]
  const ask = async (n: number) => {
    const talk = Math.floor(n / parallel / turnsEach) * parallel + n % parallel
    const text = questions[n % questions.length] ?? ''
    const locale = /[a-z]/.test(text) ? 'en' : 'zh'
    const { status, body } = await send(`${portal.url}/api/chat`, { method: 'POST', body: { text, locale, ...(talks[talk] && { conversation: talks[talk] }) }, from: address(talk) })
    if (status !== 200) return false
    const answer = chatAnswerSchema.parse(JSON.parse(body))
    talks[talk] = answer.conversation
    asked++
    if (answer.article) answered++
  }
  const first = await measure(ask, { parallel: 1, seconds: 60, count: 1 })
  await measure(ask, { parallel, seconds: 3 })
  const steady = await measure(ask, { parallel, seconds })
  const lead = await caller(portal.url, 'lead')
  const whilePublishing = measure(ask, { parallel, seconds })
  await publishEvery(lead, 2500, seconds)
  const publishing = await whilePublishing
  await pool.end()
  const isGood = steady.p95 <= goalMs && steady.errors + publishing.errors === 0
  report('chat', { articles, parallel, goalMs, first, steady, publishing, answeredShare: answered / asked, memory: residentMemory(portal), isGood })
  console.table({ first, steady, publishing })
  process.stdout.write(`${Math.round(100 * answered / asked)} % answered with an article; ${JSON.stringify(residentMemory(portal))}\n${isGood ? 'within' : 'NOT WITHIN'} ${goalMs} ms\n`)
  process.exitCode = isGood ? 0 : 1
}
finally {
  await portal.stop()
}

function slugOf(n: number) {
  return `article-of-place-${n}`
}

/** The shipped articles again and again, each time of another place: words of their own, and most words shared. */
async function addArticles(pool: pg.Pool) {
  const shipped = new Map(localeCodes.map(locale => [locale, shippedArticles(locale)]))
  const base = shipped.get('zh') ?? []
  for (let n = base.length; n < articles; n++) {
    const slug = slugOf(n)
    const place = { zh: `第${n}号院${String.fromCodePoint(0x4E00 + n * 7)}${String.fromCodePoint(0x5000 + n * 3)}街`, en: `Court ${n} ${n.toString(36)}ington` }
    await pool.query('insert into private.articles (slug, position, published_number, published_at) values ($1, $2, null, null)', [slug, n + 1000])
    const { rows: [version] } = await pool.query<{ id: string }>('insert into private.article_versions (slug, number, made_at, topic, reviewed_on) values ($1, 1, now(), $2, current_date) returning id', [slug, 'rights'])
    for (const locale of localeCodes) {
      const text = shipped.get(locale)?.[n % base.length]
      if (!text) continue
      await pool.query('insert into private.article_texts (version_id, locale, title, summary, ask, body) values ($1, $2, $3, $4, $5, $6)', [
        version?.id, locale, `${place[locale]}: ${text.title}`.slice(0, 100), `${place[locale]}. ${text.summary}`.slice(0, 240), text.ask.slice(0, 12).map(line => `${place[locale]} ${line}`), `${place[locale]}\n\n${text.body}`.slice(0, 8000),
      ])
    }
    await pool.query('update private.articles set published_number = 1, published_at = now() where slug = $1', [slug])
  }
}

/** Takes another article away at each beat: the index of all the others is made anew. */
async function publishEvery(lead: Awaited<ReturnType<typeof caller>>, beatMs: number, forSeconds: number) {
  for (let beat = 0; beat < forSeconds * 1000 / beatMs; beat++) {
    const answer = await lead.call('POST', `desk/knowledge/${slugOf(articles - 1 - beat)}/publish`, { number: null })
    if (answer.status !== 200) throw new Error(`publishing answered ${answer.status}`)
    await new Promise(resolve => setTimeout(resolve, beatMs))
  }
}
