import { dayOf } from '#shared/reports/wall-time'
import { usePatrolDay } from './use-patrol-day.ts'

/** Day and hour of an instant as the station's wall shows them. @param timeZone IANA name */
export function usePatrolTime(timeZone: string) {
  const { locale } = useI18n()
  const dayWords = usePatrolDay()
  return {
    day: (instant: string) => dayWords(dayOf(instant, timeZone)),
    hour: (instant: string) => new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant)),
  }
}
