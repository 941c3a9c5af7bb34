/** The day of a patrol, `2026-11-22`, as its volunteers say it: with its weekday, without the year. */
export function usePatrolDay() {
  const { locale } = useI18n()
  return (day: string) => new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', weekday: 'short', month: 'short', day: 'numeric' }).format(new Date(day))
}
