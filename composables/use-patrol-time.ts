import { hoursAndMinutes } from '#shared/patrols/certificate'
import { dayOf } from '#shared/reports/wall-time'
import { usePatrolDay } from './use-patrol-day.ts'

/** Day and hour of an instant as the station's wall shows them. @param timeZone IANA name */
export function usePatrolTime(timeZone: string) {
  const { t, locale } = useI18n()
  const dayWords = usePatrolDay()
  return {
    /** Hours, and minutes where there are some over. */
    duration: (minutes: number) => t(minutes % 60 ? 'patrols.points.time' : 'patrols.points.wholeHours', hoursAndMinutes(minutes)),
    day: (instant: string) => dayWords(dayOf(instant, timeZone)),
    hour: (instant: string) => new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant)),
  }
}
