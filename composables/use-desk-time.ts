import type { Clock } from '#shared/reports/clock'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Times in words, in the station's zone. @param timeZone IANA name */
export function useDeskTime(timeZone: () => string | undefined) {
  const { locale, t } = useI18n()

  const language = () => locale.value === 'zh' ? 'zh-CN' : 'en-GB'

  /** A span as one number: "3 hr", "2小时". */
  function span(milliseconds: number) {
    const length = Math.abs(milliseconds)
    const [unit, size] = length >= day ? ['day', day] as const : length >= hour ? ['hour', hour] as const : ['minute', minute] as const
    return new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: locale.value === 'zh' ? 'long' : 'short' }).format(Math.max(1, Math.floor(length / size))).replace(/^(\d+)\s(?=\p{Script=Han})/u, '$1')
  }

  /** An instant as people say it: day and time, the year only when it is another one. */
  function moment(instant: string) {
    return new Intl.DateTimeFormat(language(), { timeZone: timeZone(), weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant))
  }

  /** The hour alone, with the day where it is another one. */
  function hourOf(instant: string) {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language(), { timeZone: timeZone(), hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...options }).format(new Date(instant))
    return Math.abs(Date.parse(instant) - Date.now()) < 20 * 3_600_000 ? format({}) : format({ weekday: 'short' })
  }

  /** With year and seconds, for records. */
  function exact(instant: string) {
    return new Intl.DateTimeFormat(language(), { timeZone: timeZone(), year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(instant))
  }

  /** The clock that matters now: the first that still runs, in words, and how pressing it is. */
  function pressing(clocks: readonly Clock[], now: string): { tone: 'late' | 'soon' | 'calm' | 'done', text: string } {
    const running = clocks.find(({ state }) => state === 'overdue') ?? clocks.find(({ state }) => state === 'running')
    if (!running) return { tone: 'done', text: clocks.some(({ state }) => state === 'stopped') ? t('desk.clock.stopped') : t('desk.clock.done') }
    const left = Date.parse(running.dueAt) - Date.parse(now)
    if (left <= 0) return { tone: 'late', text: t(`desk.clock.${running.kind}.late`, { time: span(left) }) }
    return { tone: left < (running.kind === 'first_look' ? 2 * hour : day) ? 'soon' : 'calm', text: t(`desk.clock.${running.kind}.due`, { time: span(left) }) }
  }

  return { span, moment, hourOf, exact, pressing }
}
