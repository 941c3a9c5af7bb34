import type { Step, Story } from './story.ts'

/*
  The same trouble on the same evenings, week after week, so that the planner of patrols has something to say. Solved on the spot and visited: nobody at the demo's desk has to do anything about them.
*/

const day = 86_400_000
const shanghai = 8 * 3_600_000

/** `weeks`: how many reports each of the last four weeks brought, the newest first. */
interface Evening { category: 'traffic' | 'fire_hazard', grid: string, weekday: number, times: readonly [string, ...string[]], weeks: readonly [number, number, number, number], words: readonly [string, ...string[]], end: string }

const evenings: readonly Evening[] = [
  {
    category: 'traffic', grid: 'PA-04', weekday: 5, times: ['18:10', '18:40'], weeks: [2, 2, 1, 2], end: '当晚到场，车已挪走，路口通了。',
    words: ['周五放学下班撞在一起，路口又停满了车，公交转不过来。', '补习班门口两排车，推婴儿车只能走机动车道。', '车停在斑马线上，打电话也没人来挪。'],
  },
  {
    category: 'fire_hazard', grid: 'HX-02', weekday: 2, times: ['20:30', '21:15'], weeks: [1, 0, 1, 1], end: '当晚上门，充电线已经收走。',
    words: ['周二夜市摊主把电动车推进楼道充电。', '楼道里又拉了插线板，好几辆车在充。'],
  },
  {
    // One bad evening is no pattern.
    category: 'traffic', grid: 'CL-01', weekday: 6, times: ['16:20', '16:50', '17:10'], weeks: [0, 3, 0, 0], end: '搬家车已经离开，通道恢复。',
    words: ['搬家车堵住了消防通道，一下午没动。'],
  },
]

/** The cases of the last 28 days. Told half an hour after it happened, done within four: also what happened yesterday evening is over by now. */
export function eveningStories(now: Date): Story[] {
  const wall = new Date(now.getTime() + shanghai)
  const weekday = (wall.getUTCDay() + 6) % 7 + 1
  return evenings.flatMap(evening => evening.weeks.flatMap((count, week) => Array.from({ length: count }, (_, index): Story => ({
    category: evening.category, grid: evening.grid, contact: { mode: 'anonymous' }, description: pick(evening.words, week + index),
    // From 1 to 7 days ago in the newest week.
    arrived: { daysAgo: 7 * week + ((weekday - evening.weekday + 6) % 7) + 1, time: later(pick(evening.times, index), 30) }, happenedHoursBefore: 0.5, steps: stepsOf(evening),
  }))))
}

const stepsOf = ({ end }: Evening): Step[] => [[0.2, 'open'], [0.4, 'triaged', '受理了，值班民警马上到场。'], [0.5, 'in_progress', '民警已经到场。'], [1.5, 'resolved', end], [2, 'visit:satisfied', '已当面向反映人说明办理情况。']]

const pick = <Item>(items: readonly [Item, ...Item[]], index: number): Item => items[index % items.length] ?? items[0]

/** The time on the wall so many minutes later; all of them lie well before midnight. */
function later(time: string, minutes: number): string {
  return new Date(Date.parse(`2000-01-01T${time}Z`) + minutes * day / 1440).toISOString().slice(11, 16)
}
