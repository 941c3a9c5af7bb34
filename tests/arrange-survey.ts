import { definitionSchema, type SurveyDefinition } from '#shared/surveys/definition'
import { linkHash } from '#server/domain/surveys/answer-survey'
import { rawPool } from './bench/station.ts'
import type { Portal } from './portal.ts'
import { runJobs } from './run-jobs.ts'

const words = (zh: string, en: string) => ({ zh, en })

/** Feels safe → the wish; does not → what worries, then the wish. One question of each kind. */
export const branchingSurvey: SurveyDefinition = definitionSchema.parse({
  title: words('夜里安全吗', 'Safe at night'), intro: words('只有几题。', 'A few questions.'),
  questions: [
    {
      kind: 'single', code: 'night', label: words('夜里走路安全吗？', 'Do you feel safe at night?'), isRequired: true, hasCannotSay: true, headline: ['yes'],
      options: [{ code: 'yes', label: words('安全', 'Safe') }, { code: 'no', label: words('不安全', 'Not safe') }], branches: [{ if: { question: 'night', op: 'is', value: 'yes' }, goTo: 'often' }],
    },
    { kind: 'multi', code: 'worries', label: words('担心什么？', 'What worries you?'), atMost: 2, options: [{ code: 'dark', label: words('太暗', 'Dark corners') }, { code: 'theft', label: words('偷盗', 'Theft') }, { code: 'noise', label: words('噪音', 'Noise') }, { code: 'none', label: words('都不担心', 'None of these'), isAlone: true }] },
    { kind: 'matrix', code: 'places', label: words('这些地方怎么样？', 'How are these places?'), rows: [{ code: 'park', label: words('公园', 'The park') }, { code: 'gate', label: words('大门', 'The gate') }], options: [{ code: 'good', label: words('好', 'Good') }, { code: 'bad', label: words('不好', 'Bad') }] },
    { kind: 'scale', code: 'often', label: words('您多满意？', 'How satisfied are you?'), from: 1, to: 5, low: words('很不满意', 'Not at all'), high: words('很满意', 'Very') },
    { kind: 'number', code: 'age', label: words('您的年龄？', 'How old are you?'), min: 16, max: 120, bands: [30, 45, 60] },
    { kind: 'text', code: 'wish', label: words('还想说什么？', 'Anything else?'), maxLength: 200 },
  ],
})

/** A survey of Ping'an and Changle that is open for three days; the job makes the keys of its ballots. `links`: tokens of single-use links for Ping'an; `series`: the survey whose next round it is. */
export async function openSurvey(portal: Pick<Portal, 'dataDir'>, { mode = 'ballot', definition = branchingSurvey, links = [], series }: { mode?: 'ballot' | 'invited', definition?: SurveyDefinition, links?: string[], series?: string } = {}): Promise<string> {
  const pool = rawPool(portal, 1)
  const { rows: [row] } = await pool.query<{ id: string }>(`insert into private.surveys (id, station_id, series_id, definition, mode, opens_at, closes_at, written_by, written_at, approved_by, approved_at)
    select n.id, s.id, coalesce($3::uuid, n.id), $1, $2, private.clock() - interval '1 hour', private.clock() + interval '3 days', f.user_id, private.clock(), f.user_id, private.clock()
    from public.stations s join public.staff f on f.station_id = s.id and f.role = 'lead' cross join (select gen_random_uuid() as id) n where s.is_default limit 1 returning id`, [JSON.stringify(definition), mode, series ?? null])
  const id = row?.id ?? ''
  await pool.query('insert into private.survey_communities (survey_id, community_id, eligible) select $1, c.id, 100 from public.communities c where c.slug in (\'ping-an\', \'chang-le\')', [id])
  for (const link of links) await pool.query('insert into private.survey_invitations (survey_id, community_id, token_hash) select $1, c.id, $2 from public.communities c where c.slug = \'ping-an\'', [id, linkHash(id, link)])
  await pool.end()
  await runJobs(portal.dataDir)
  return id
}

/** Ballots of Ping'an: a third of them worried, the others not. */
export async function answerByBallot(portal: Pick<Portal, 'dataDir'>, survey: string, ballots: number): Promise<void> {
  const pool = rawPool(portal, 1)
  await pool.query(`insert into private.survey_responses (survey_id, community_id, source, answers, marks, day)
    select $1, c.id, 'ballot', case when n % 3 = 0 then '{"night": "no", "worries": ["dark"], "often": 2, "age": 40}'::jsonb else '{"night": "yes", "often": 5, "age": 70}'::jsonb end, '{}', current_date from public.communities c, generate_series(1, $2::integer) n where c.slug = 'ping-an'`, [survey, ballots])
  await pool.end()
}

/** It is over, and what it found is out. */
export async function closeSurvey(portal: Pick<Portal, 'dataDir'>, id: string): Promise<void> {
  const pool = rawPool(portal, 1)
  await pool.query('update private.surveys s set closes_at = private.clock() where s.id = $1', [id])
  await pool.end()
  await runJobs(portal.dataDir)
}
