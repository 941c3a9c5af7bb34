// 1,000 answers to a survey, twenty at once: none is lost, p95 within 30 ms; what a survey of 100,000 answers found is shown within 100 ms (p95).
import { safetySurvey } from '#shared/surveys/question-bank'
import { answerByBallot, closeSurvey, openSurvey } from '../arrange-survey.ts'
import { startPortal } from '../portal.ts'
import { measure, rawPool, report, send, type Figure } from './station.ts'

const goals = { answerMs: 30, resultsMs: 100 }
const seconds = Number(process.env.BENCH_SECONDS ?? 8)
const answers = 1000
const portal = await startPortal({ env: { LINLI_LOG_LEVEL: 'warn', TRUST_PROXY: '1' } })

try {
  const pool = rawPool(portal)
  // Its lines end with the station, also when a figure could not be taken.
  pool.on('error', () => undefined)
  const figures: Record<string, Figure> = {}
  const links = Array.from({ length: answers + 20 }, (_, number) => String(number).padStart(26, 'a'))
  const byLink = await openSurvey(portal, { mode: 'invited', definition: safetySurvey, links })
  const said = { sense_of_safety: 'safe', walk_after_dark: 'fairly_safe', worries: ['fraud', 'noise'], patrol_seen: 'weekly', good_job: 'good', confidence: 'agree', police_here: { respect: 'agree', fair: 'agree' }, knows_officer: 'by_name', victim: 'no', age: 41, wish: '多装几盏路灯' }
  let next = 0
  const answer = async () => {
    const number = next++
    const { status } = await send(`${portal.url}/api/surveys/${byLink}/responses`, { method: 'POST', body: { token: links[number], answers: said }, headers: { 'x-forwarded-for': `10.${number % 250}.${Math.floor(number / 250)}.7` } })
    return status === 201
  }
  for (let warm = 0; warm < 20; warm++) await answer()
  figures['an answer by link, 20 at once'] = await measure(answer, { parallel: 20, seconds: 120, count: answers })
  figures['an open answer, one at a time'] = await measure(async () => (await send(`${portal.url}/api/surveys/${byLink}/responses`, { method: 'POST', body: { answers: said }, headers: { 'x-forwarded-for': `10.200.${Math.floor(next / 250)}.${next++ % 250}` } })).status === 201, { parallel: 1, seconds: 3 })
  const [kept] = (await pool.query<{ answers: number, texts: number }>('select (select count(*)::integer from private.survey_responses r where r.survey_id = $1 and r.source = \'invited\') as answers, (select count(*)::integer from private.survey_texts t where t.survey_id = $1) as texts', [byLink])).rows
  const lost = answers + 20 - (kept?.answers ?? 0)

  const large = await openSurvey(portal)
  await answerByBallot(portal, large, 100_000)
  const began = Date.now()
  await closeSurvey(portal, large)
  const countedMs = Date.now() - began
  const read = (path: string) => async () => {
    const { status, body } = await send(`${portal.url}${path}`)
    return status === 200 && body.length > 2000
  }
  await measure(read(`/zh/surveys/${large}/results`), { parallel: 1, seconds: 1 })
  figures['results page, 100,000 answers'] = await measure(read(`/zh/surveys/${large}/results`), { parallel: 1, seconds })
  figures['results over the API, 100,000 answers'] = await measure(read(`/api/surveys/${large}/results`), { parallel: 1, seconds })
  figures['an empty page of this app'] = await measure(async () => (await send(`${portal.url}/zh/accessibility`)).status === 200, { parallel: 1, seconds: 3 })
  report('surveys', { goals, lost, countedMs, figures })
  console.table(figures)
  process.stdout.write(`lost: ${lost}; closed, counted and published 100,000 answers in ${countedMs} ms; goals: p95 ${goals.answerMs} and ${goals.resultsMs} ms\n`)
  await pool.end()
}
finally {
  await portal.stop()
}
