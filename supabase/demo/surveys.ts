import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import { aboutText } from '../../server/domain/surveys/answer-survey.ts'
import { sealText } from '../../server/domain/trust/envelope.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'
import { definitionSchema, type Answers, type Question, type SurveyDefinition } from '../../shared/surveys/definition.ts'
import { questionBank } from '../../shared/surveys/question-bank.ts'

const words = (zh: string, en: string) => ({ zh, en })
const options = (...list: readonly [code: string, zh: string, en: string][]) => list.map(([code, zh, en]) => ({ code, label: words(zh, en) }))
function ask(code: string, more: Partial<Question> = {}) {
  const question = questionBank.find(each => each.code === code)
  if (!question) throw new Error(`the bank has no question ${code}`)
  return { ...question, ...more }
}

/** Asked twice: half a year ago and last month. */
const safety: SurveyDefinition = definitionSchema.parse({
  title: words('公众安全感调查', 'How safe we feel'), intro: words('大约三分钟。除第一题外都可以跳过。', 'About three minutes. Every question but the first may be left out.'),
  questions: [
    ask('sense_of_safety'), ask('walk_after_dark'), ask('worries'), ask('patrol_seen'), ask('confidence'),
    ask('victim', { branches: [{ if: { question: 'victim', op: 'is_not', value: 'yes' }, goTo: 'age' }] }), ask('victim_satisfied'), ask('age'), ask('wish'),
  ],
})
/** Open now: whoever feels safe is not asked where it is dark. */
const night: SurveyDefinition = definitionSchema.parse({
  title: words('夜间巡逻和路灯', 'Patrols and lights at night'), intro: words('一分钟。您的回答会用来安排下个月的夜间巡逻。', 'One minute. Your answers help to plan the night patrols of next month.'),
  questions: [
    ask('patrol_seen'), ask('walk_after_dark', { branches: [{ if: { question: 'walk_after_dark', op: 'is', value: 'very_safe' }, goTo: 'best_hours' }] }),
    {
      kind: 'multi', code: 'dark_places', label: words('晚上哪些地方让您不放心？', 'Which places worry you at night?'), hint: words('最多选三处', 'Choose up to three'), atMost: 3, hasCannotSay: true,
      options: options(['gate', '小区门口', 'The gate'], ['stairs', '楼道', 'Stairwells'], ['garage', '地下车库', 'The underground garage'], ['sheds', '电动车棚', 'Bike sheds'], ['riverside', '河边步道', 'The path by the river'], ['bus_stop', '公交站', 'The bus stop']),
    },
    { kind: 'single', code: 'best_hours', label: words('您希望几点多巡几趟？', 'At what time should there be more patrols?'), hasCannotSay: true, options: options(['evening', '晚上六点到八点', '6 to 8 p.m.'], ['late', '晚上八点到十点', '8 to 10 p.m.'], ['night', '晚上十点到零点', '10 p.m. to midnight'], ['small_hours', '零点以后', 'After midnight'], ['enough', '现在就够了', 'It is enough as it is']) },
    ask('wish'),
  ],
})

/** How many answered with a ballot, how many openly, and of how many. */
const places = [{ slug: 'ping-an', eligible: 320, ballots: 190, open: 34 }, { slug: 'chang-le', eligible: 260, ballots: 150, open: 21 }, { slug: 'he-xie', eligible: 140, ballots: 80, open: 12 }] as const
/** Answers are patterns that repeat, of lengths without a common divisor; null passes over. */
type Patterns = Readonly<Record<string, readonly Answers[string][]>>
const lastMonth: Patterns = {
  sense_of_safety: ['very_safe', 'safe', 'safe', 'basically_safe', 'safe', 'very_safe', 'basically_safe', 'safe', 'not_very_safe', 'very_safe', 'safe', 'basically_safe', 'cannot_say'],
  walk_after_dark: ['fairly_safe', 'very_safe', 'fairly_safe', 'bit_unsafe', 'fairly_safe', 'very_safe', 'bit_unsafe', 'fairly_safe', 'very_unsafe', 'fairly_safe', null],
  worries: [['ebike_theft', 'fire'], ['fraud'], ['fraud', 'traffic', 'noise'], ['ebike_theft'], ['nothing'], ['children', 'traffic'], ['burglary', 'fraud']],
  patrol_seen: ['weekly', 'daily', 'monthly', 'weekly', 'rarely', 'weekly', 'never', 'monthly', 'cannot_say'],
  confidence: ['agree', 'strongly_agree', 'agree', 'neither', 'agree', 'strongly_agree', 'disagree', 'agree'],
  victim: ['no', 'no', 'yes', 'no', 'no'], victim_satisfied: ['satisfied', 'very_satisfied', 'neither', 'dissatisfied', 'satisfied', 'very_satisfied'],
  age: [34, 67, 45, 28, 72, 51, 39, 63, 22, 58, 70, 47, null, 31, 66, 55, 42],
}
const halfAYearAgo: Patterns = {
  ...lastMonth, sense_of_safety: ['safe', 'basically_safe', 'very_safe', 'safe', 'not_very_safe', 'safe', 'basically_safe', 'very_safe', 'safe', 'unsafe', 'basically_safe', 'safe', 'not_very_safe'],
  walk_after_dark: ['fairly_safe', 'bit_unsafe', 'fairly_safe', 'very_safe', 'bit_unsafe', 'fairly_safe', 'very_unsafe', 'fairly_safe', 'bit_unsafe', 'very_safe', null], patrol_seen: ['monthly', 'weekly', 'rarely', 'weekly', 'never', 'monthly', 'rarely', 'daily', 'cannot_say'],
}
const wishes = ['楼下车棚晚上没有灯，希望装一盏。', '希望晚上十点以后也有人巡逻。', '放学时校门口车太乱，请派人疏导。', '多讲讲怎么防诈骗，我爸妈差点被骗。', '快递柜旁边老有人丢电瓶，请装个摄像头。', '希望民警每个月来楼里坐一坐。']
const residents = { 'ping-an': [820, 1150, 980, 870], 'chang-le': [610, 940, 830, 760], 'he-xie': [290, 420, 410, 520] } as const

interface Seeding { now: Date, keys: KeyRing, stationId: string, communityIds: ReadonlyMap<string, string>, officerId: string, leadId: string }

/** Two rounds of a survey that are over, whose results the job publishes, one that is open, and census figures to weigh by. */
export async function seedSurveys(sql: TransactionSql, seeding: Seeding): Promise<void> {
  const { stationId, communityIds, now } = seeding
  const census = Object.entries(residents).flatMap(([slug, bands]) => bands.map((count, at) => ({ community_id: communityIds.get(slug) ?? '', age_from: [16, 30, 45, 60][at] ?? 0, residents: count, as_of: '2025-11-01' })))
  await sql`insert into private.census_counts ${sql(census)}`
  const [day] = await sql<{ earlier: Date, last: Date, today: Date }[]>`
    select (m.month - interval '6 months' + interval '4 days') at time zone s.time_zone as earlier, (m.month - interval '1 month' + interval '4 days') at time zone s.time_zone as last, date_trunc('day', ${now}::timestamptz at time zone s.time_zone) at time zone s.time_zone as today
    from public.stations s cross join lateral (select date_trunc('month', ${now}::timestamptz at time zone s.time_zone) as month) m where s.id = ${stationId}`
  if (!day) throw new Error('the demo has no station')
  const series = randomUUID()
  await seedRound(sql, seeding, { id: series, series, definition: safety, opensAt: day.earlier, days: 14, patterns: halfAYearAgo, part: 0.8 })
  await seedRound(sql, seeding, { id: randomUUID(), series, definition: safety, opensAt: day.last, days: 14, patterns: lastMonth, part: 1 })
  const open = randomUUID()
  await seedRound(sql, seeding, { id: open, series: open, definition: night, opensAt: daysAfter(day.today, -3), days: 15, patterns: null, part: 0 })
}

interface Round { id: string, series: string, definition: SurveyDefinition, opensAt: Date, days: number, patterns: Patterns | null, part: number }
const daysAfter = (at: Date, days: number) => new Date(at.getTime() + days * 86_400_000)

async function seedRound(sql: TransactionSql, { keys, stationId, communityIds, officerId, leadId }: Seeding, { id, series, definition, opensAt, days, patterns, part }: Round): Promise<void> {
  const closesAt = daysAfter(opensAt, days)
  await sql`insert into private.surveys (id, station_id, series_id, definition, opens_at, closes_at, closed_at, written_by, written_at, approved_by, approved_at)
    values (${id}, ${stationId}, ${series}, ${sql.json(definition as never)}, ${opensAt}, ${closesAt}, ${patterns && new Date(closesAt.getTime() + 300_000)}, ${officerId}, ${daysAfter(opensAt, -6)}, ${leadId}, ${daysAfter(opensAt, -5)})`
  await sql`insert into private.survey_communities ${sql(places.map(({ slug, eligible }) => ({ survey_id: id, community_id: communityIds.get(slug) ?? '', eligible })))}`
  if (!patterns) return
  const day = daysAfter(opensAt, 6).toISOString().slice(0, 10)
  const rows = places.flatMap(({ slug, ballots, open }, place) => (['ballot', 'open'] as const).flatMap(source => Array.from({ length: Math.round((source === 'ballot' ? ballots : open) * part) }, (_, at) => (
    { survey_id: id, community_id: communityIds.get(slug), source, answers: answersOf(patterns, at + 5 * place + (source === 'open' ? 3 : 0)), marks: [], day }))))
  await sql`insert into private.survey_responses (survey_id, community_id, source, answers, marks, day) select r.survey_id, r.community_id, r.source, r.answers, '{}', r.day from jsonb_to_recordset(${sql.json(rows as never)}) as r (survey_id uuid, community_id uuid, source text, answers jsonb, day date)`
  await sql`insert into private.survey_tallies (survey_id, source, answers, counted) select r.survey_id, r.source, count(*), count(*) from private.survey_responses r where r.survey_id = ${id} group by r.survey_id, r.source`
  const { key, id: keyId } = keys.secret('outbox')
  await sql`insert into private.survey_texts ${sql(wishes.map((wish, at) => ({ survey_id: id, question: 'wish', community_id: communityIds.get(places[at % places.length]?.slug ?? '') ?? null, text_sealed: sealText(key, wish, aboutText(id, 'wish'), keyId) })))}`
}

/** What lies on the way of these answers: only victims are asked about the last time. */
function answersOf(patterns: Patterns, at: number): Answers {
  const answers = Object.fromEntries(Object.entries(patterns).map(([code, pattern]) => [code, pattern[at % pattern.length] ?? null]))
  if (answers.victim !== 'yes') Reflect.deleteProperty(answers, 'victim_satisfied')
  return answers
}
