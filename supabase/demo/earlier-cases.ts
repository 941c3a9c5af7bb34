import type { Step, Story } from './story.ts'

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
    'CL-01': { inTime: 9, late: 4, satisfied: 9, unsatisfied: 2, recorded: 0 },
    'HX-01': { inTime: 3, late: 1, satisfied: 3, unsatisfied: 1, recorded: 0 },
  },
}

/** First days of the two newest months that are over for fourteen days, as instants of Shanghai's midnight. */
function releasedMonths(now: Date): Date[] {
  const wall = new Date(now.getTime() + shanghai - 14 * day)
  return [1, 2].map(back => new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() - back, 1) - shanghai))
}

/** The cases of both months with their visits. */
export function earlierStories(now: Date): Story[] {
  const [newest, older] = releasedMonths(now)
  return ([[older, plan.older], [newest, plan.newest]] as const).flatMap(([start, months]) => start
    ? Object.entries(months).flatMap(([grid, month]) => Array.from({ length: month.inTime + month.late }, (_, index) => aStory({ grid, month, index, start, now })))
    : [])
}

/** Reports come in on the second to the twelfth of the month, by day, so that what follows lies in the same month. */
function aStory({ grid, month, index, start, now }: { grid: string, month: Month, index: number, start: Date, now: Date }): Story {
  const chosen = cases[(index + grid.charCodeAt(0)) % cases.length] ?? cases[0]
  const dayNumber = (instant: Date) => Math.floor((instant.getTime() + shanghai) / day)
  return {
    category: chosen.category, grid, contact: { mode: 'anonymous' }, description: chosen.description,
    arrived: { daysAgo: dayNumber(now) - dayNumber(start) - 1 - index % 11, time: `${String(8 + index % 9).padStart(2, '0')}:${String(7 * index % 60).padStart(2, '0')}` },
    steps: [
      [index % 9 === 4 ? 27 : 1.5, 'open'], [28, 'triaged', '受理了，三天内民警会回访。'], [28.1, 'assign'], [40, 'in_progress', '民警正在处理。'], [70, 'resolved', chosen.end],
      ...visitOf(month, index),
    ],
  }
}

/** Accepted after 28 hours: a visit after 72 is in time, one after 158 is not. */
function visitOf({ inTime, satisfied, unsatisfied, recorded }: Month, index: number): Step[] {
  const at = index < inTime ? 72 : 158
  const words = '已向反映人说明办理情况。'
  if (index < satisfied) return [[at, 'visit', words], [at + 5, 'answer:satisfied']]
  if (index < satisfied + unsatisfied) return [[at, 'visit', words], [at + 5, 'answer:unsatisfied'], [at + 30, 'visit', words, 'lead'], [at + 34, 'answer:satisfied']]
  if (index < satisfied + unsatisfied + recorded) return [[at, 'visit:satisfied', words]]
  return [[at, 'visit', words], [at + 24 * 4, 'remind'], [at + 24 * 8, 'silent']]
}
