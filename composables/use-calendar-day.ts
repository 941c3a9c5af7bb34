/** A day of the station's calendar, `2026-11-22`, as people write it. */
export function useCalendarDay() {
  const { t, locale } = useI18n()
  const inWords = (day: string) => new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(day))
  /** From a day on, until another or until further notice. */
  const span = ({ fromOn, toOn }: { fromOn: string, toOn: string | null }) => toOn === null ? t('staff.people.from', { from: inWords(fromOn) }) : t('staff.people.fromTo', { from: inWords(fromOn), to: inWords(toOn) })
  return { inWords, span }
}
