import type { VisitRecord } from '../../shared/revisits/revisit-schema.ts'
import { aboutReport } from '../../server/domain/reports/report-content.ts'
import { sealText, unwrapKey } from '../../server/domain/trust/envelope.ts'
import type { StaffKey, Story } from './story.ts'
import { type StoryWorld, type Told, tellStory } from './tell-story.ts'

/*
  Solved cases of the two months whose figures are out, so that the station's public figures stand on something. Short and alike on purpose: the
  month of stories is the one to read.
*/

const day = 86_400_000
const shanghai = 8 * 3_600_000

/** What was reported and how it ended, taken in turn. */
const cases = [
  { category: 'noise_dispute', description: '楼下烧烤摊夜里十二点多还很吵，孩子睡不着。', end: '和摊主谈好了，十点半以后不再外摆。' },
  { category: 'traffic', description: '路口拐角老是停车，出小区看不见来车，很危险。', end: '拐角已经画了禁停线，早晚有民警看着。' },
  { category: 'lost_property', description: '在社区门口捡到一个黑色钱包，里面有卡，没有动过。', end: '失主已经来领走了，谢谢您。' },
  { category: 'theft', description: '放在楼道里的折叠自行车不见了，昨天晚上还在。', end: '自行车找到了，请带上购买凭证到所里来领。' },
  { category: 'fire_hazard', description: '地下室有人堆了很多纸箱，电线从中间穿过去。', end: '纸箱已经清走，电线也重新走过了。' },
  { category: 'suspicious', description: '下午有人挨家试门把手，说是找错门了，看着不像。', end: '人已经查明，是走错楼的快递员，已经提醒他。' },
] as const

/** For each community and month: how its visits went. The rest of `inTime` was silent. */
interface Month { inTime: number, late: number, satisfied: number, unsatisfied: number, recorded: number }
const plan: Record<'newest' | 'older', Record<string, Month>> = {
  newest: {
    'PA-05': { inTime: 17, late: 3, satisfied: 14, unsatisfied: 2, recorded: 2 },
    'CL-02': { inTime: 11, late: 2, satisfied: 8, unsatisfied: 3, recorded: 1 },
    'HX-03': { inTime: 12, late: 0, satisfied: 10, unsatisfied: 0, recorded: 1 },
  },
  // Few in one community: the page shows how that is said, and that a second one is hidden with it.
  older: {
    'PA-02': { inTime: 13, late: 4, satisfied: 11, unsatisfied: 3, recorded: 1 },
    'CL-01': { inTime: 12, late: 1, satisfied: 9, unsatisfied: 2, recorded: 0 },
    'HX-01': { inTime: 3, late: 1, satisfied: 3, unsatisfied: 1, recorded: 0 },
  },
}

/** First days of the two newest months that are over for fourteen days, as instants of Shanghai's midnight. */
function releasedMonths(now: Date): Date[] {
  const wall = new Date(now.getTime() + shanghai - 14 * day)
  return [1, 2].map(back => new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() - back, 1) - shanghai))
}

type Visit = { report_id: string, step: number, opened_at: Date, visited_at: Date, visited_by: string, method: string, topics: Record<string, string>, record_sealed: string, reminded_at: Date | null, no_reply_at: Date | null, answer: string | null, answered_at: Date | null, answered_by: string | null }

/** Cases with their visits, as rows. */
export function tellEarlierCases(world: StoryWorld): { told: Told[], visits: Visit[] } {
  const found: { told: Told[], visits: Visit[] } = { told: [], visits: [] }
  const [newest, older] = releasedMonths(world.now)
  for (const [start, months] of [[older, plan.older], [newest, plan.newest]] as const) {
    if (!start) continue
    for (const [grid, month] of Object.entries(months)) {
      for (let index = 0; index < month.inTime + month.late; index++) {
        const told = tellStory(aStory(grid, index, start, world.now), world)
        found.told.push(told)
        found.visits.push(visitOf(told, month, index, world))
      }
    }
  }
  return found
}

/** Reports come in on the second to the twelfth of the month, by day, so that what follows lies in the same month. */
function aStory(grid: string, index: number, start: Date, now: Date): Story {
  const chosen = cases[(index + grid.charCodeAt(0)) % cases.length] ?? cases[0]
  const today = Math.floor((now.getTime() + shanghai) / day)
  const arrivedOn = Math.floor((start.getTime() + shanghai) / day) + 1 + index % 11
  return {
    category: chosen.category, grid, arrived: { daysAgo: today - arrivedOn, time: `${String(8 + index % 9).padStart(2, '0')}:${String(7 * index % 60).padStart(2, '0')}` }, contact: { mode: 'anonymous' }, description: chosen.description,
    steps: [[index % 9 === 4 ? 27 : 1.5, 'open'], [28, 'triaged', '受理了，三天内民警会回访。'], [28.1, 'assign'], [40, 'in_progress', '民警正在处理。'], [70, 'resolved', chosen.end]],
  }
}

const officers: Record<string, StaffKey> = { PA: 'officer', CL: 'officer2', HX: 'officer3' }

/** The visit of a case and what came of it; its events and its rows in the log go to the others of the report. */
function visitOf({ report, events, log }: Told, month: Month, index: number, world: StoryWorld): Visit {
  const grid = [...world.places.grids].find(([, { id }]) => id === report.grid_id)?.[0] ?? ''
  const officer = world.people.staff[officers[grid.slice(0, 2)] ?? 'lead']
  const openedAt = report.accepted_at ?? report.received_at
  const visitedAt = new Date(openedAt.getTime() + (index < month.inTime ? 44 : 130) * 3_600_000)
  const { satisfied, unsatisfied, recorded } = month
  const outcome = index < satisfied ? 'satisfied' : index < satisfied + unsatisfied ? 'unsatisfied' : index < satisfied + unsatisfied + recorded ? 'recorded' : 'silent'
  const answeredAt = outcome === 'silent' ? null : outcome === 'recorded' ? visitedAt : new Date(visitedAt.getTime() + 5 * 3_600_000)
  const later = (days: number) => outcome === 'silent' ? new Date(visitedAt.getTime() + days * day) : null
  const key = unwrapKey(world.keys.masterKeys, report.content_key, aboutReport(report.id, 'content'))
  const record: VisitRecord = { met: 'reporter', note: '', measures: '' }
  const happened = (at: Date, kind: string, actor?: { id: string, role: string }) =>
    events.push({ report_id: report.id, at, kind, status: null, closed_reason: null, actor_role: actor?.role ?? (kind === 'revisit_answered' ? 'resident' : 'system'), actor_id: actor?.id ?? null, is_public: true, public_sealed: null })
  const logged = (at: Date, action: string, role: string, details: Record<string, string | number | boolean | null>, actorId: string | null = null) =>
    log.push({ at, station_id: report.station_id, actor_id: actorId, actor_role: role, action, noun: 'reports', noun_id: report.id, details })

  happened(openedAt, 'revisit_opened')
  happened(visitedAt, 'revisit_made', officer)
  logged(visitedAt, 'revisit.recorded', officer.role, { step: 1, method: 'visit', answer: outcome === 'recorded' ? 'satisfied' : null }, officer.id)
  if (answeredAt && outcome !== 'recorded') {
    happened(answeredAt, 'revisit_answered')
    logged(answeredAt, 'revisit.answered', 'resident', { step: 1, answer: outcome, overturned: false })
  }
  const silentAt = later(8)
  if (silentAt) {
    happened(silentAt, 'revisit_silent')
    logged(silentAt, 'revisit.no_reply', 'system', { step: 1 })
  }
  return {
    report_id: report.id, step: 1, opened_at: openedAt, visited_at: visitedAt, visited_by: officer.id, method: 'visit', topics: { reception: 'good', manner: 'good' },
    record_sealed: sealText(key, JSON.stringify(record), aboutReport(report.id, 'revisit')), reminded_at: later(4), no_reply_at: silentAt,
    answer: outcome === 'silent' ? null : outcome === 'unsatisfied' ? 'unsatisfied' : 'satisfied', answered_at: answeredAt, answered_by: answeredAt && (outcome === 'recorded' ? 'staff' : 'resident'),
  }
}
