import type { TransactionSql } from 'postgres'

/** How many said what, of a community: five is the best grade, null is "cannot say". */
interface Month { slug: string, eligible: number, knows: number, not: number, grades: Record<'familiar' | 'satisfied' | 'prompt' | 'polite' | 'effective', readonly (number | null)[]>, open: number }

/** Grades are patterns that repeat. */
const months: readonly Month[] = [
  { slug: 'ping-an', eligible: 140, knows: 58, not: 12, grades: { familiar: [4, 5, 3, 4], satisfied: [5, 4, 5, 3, 4], prompt: [4, 5, 3], polite: [5, 5, 4], effective: [4, 3, 5, null] }, open: 22 },
  { slug: 'chang-le', eligible: 120, knows: 41, not: 19, grades: { familiar: [3, 4, 2, 4], satisfied: [4, 3, 5, 4], prompt: [3, 4, 4], polite: [4, 5], effective: [4, 3, null] }, open: 15 },
  { slug: 'he-xie', eligible: 90, knows: 26, not: 6, grades: { familiar: [3, 2], satisfied: [4, 3], prompt: [3], polite: [4], effective: [3] }, open: 4 },
]
const comments = [
  { slug: 'ping-an', text: '楼道里的电动车说了两次就清走了，办事利索。', answer: '谢谢您的提醒，今后每周都会来看一次。' },
  { slug: 'chang-le', text: '希望晚上也能见到民警来转转。', answer: null },
]

/** How many months ago a round was, and how many of its grades, one in so many, were one lower than in the last one; those who know their officer were fewer. */
const past = [{ ago: 3, lowerOf: 4, fewer: 12 }, { ago: 2, lowerOf: 7, fewer: 5 }, { ago: 1, lowerOf: Infinity, fewer: 0 }] as const

/** Rounds of the last three months, which are over and whose figures the job publishes, and settings by which one is open nearly every day of the demo. */
export async function seedRatings(sql: TransactionSql, { now, stationId, leadId }: { now: Date, stationId: string, leadId: string }): Promise<void> {
  await sql`insert into private.rating_settings (station_id, opens_day, days) values (${stationId}, 1, 28)`
  for (const round of past) await seedRound(sql, { now, stationId, leadId, ...round })
}

async function seedRound(sql: TransactionSql, { now, stationId, leadId, ago, lowerOf, fewer }: { now: Date, stationId: string, leadId: string } & typeof past[number]) {
  const [round] = await sql<{ id: string, day: string }[]>`
    insert into private.rating_rounds (station_id, month, opens_at, closes_at, closed_at)
    select s.id, m.month, m.month::timestamp at time zone s.time_zone, (m.month + 20)::timestamp at time zone s.time_zone, (m.month + 20)::timestamp at time zone s.time_zone + interval '5 minutes'
    from public.stations s cross join lateral (select (date_trunc('month', ${now}::timestamptz at time zone s.time_zone) - make_interval(months => ${ago}))::date as month) m where s.id = ${stationId} returning id, (month + 10)::text as day`
  if (!round) throw new Error('the demo has no station')
  for (const { slug, eligible, knows, not, grades, open } of months) {
    const [subject] = await sql<{ id: string }[]>`
      insert into private.rating_subjects (round_id, community_id, officer_id, eligible)
      select ${round.id}, c.id, a.staff_id, ${eligible} from public.communities c join public.assignments a on a.community_id = c.id and a.kind = 'officer' and a.to_on is null where c.slug = ${slug} and c.station_id = ${stationId} returning id`
    if (!subject) continue
    const lowered = (grade: number | null, at: number) => grade !== null && grade > 1 && at % lowerOf === 1 ? grade - 1 : grade
    const said = (source: string, at: number) => ({
      subject_id: subject.id, source, knows: true, marks: [], day: round.day,
      ...Object.fromEntries(Object.entries(grades).map(([name, pattern]) => [name, lowered(pattern[at % pattern.length] ?? null, at)])),
    })
    const silent = { subject_id: subject.id, source: 'ballot', knows: false, marks: [], day: round.day, familiar: null, satisfied: null, prompt: null, polite: null, effective: null }
    await sql`insert into private.ratings ${sql([...Array.from({ length: Math.max(0, knows - fewer) }, (_, at) => said('ballot', at)), ...Array.from({ length: not }, () => silent), ...Array.from({ length: open }, (_, at) => said('open', at + 1))])}`
    for (const { text, answer } of ago === 1 ? comments.filter(comment => comment.slug === slug) : []) {
      await sql`insert into private.rating_comments (subject_id, day, state, decided_on, decided_by, text_published, answer, answered_on) values (${subject.id}, ${round.day}, 'published', ${round.day}::date + 3, ${leadId}, ${text}, ${answer}, ${answer ? round.day : null}::date + 12)`
    }
  }
}
