import type { Figure, MonthRow } from '#shared/communities/figures'
import type { Localised } from '#shared/communities/reference-data'

/** Names of periods and rows of public figures. */
export function useFigureWords(communities: () => readonly { slug: string, name: Localised }[]) {
  const { t, locale } = useI18n()
  const language = () => locale.value === 'zh' ? 'zh-CN' : 'en-GB'
  const format = (day: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language(), { timeZone: 'UTC', ...options }).format(new Date(`${day}T00:00:00Z`))

  return {
    month: (startsOn: string) => format(startsOn, { month: 'long', year: 'numeric' }),
    week: (startsOn: string) => t('communities.figures.week', { day: format(startsOn, { day: 'numeric', month: 'short' }) }),
    day: (instant: string) => format(instant.slice(0, 10), { day: 'numeric', month: 'long', year: 'numeric' }),
    place: ({ scope, community }: MonthRow) => scope === 'station'
      ? t('communities.figures.station')
      : communities().find(({ slug }) => slug === community)?.name[locale.value] ?? t('communities.figures.elsewhere'),
    /** A count by itself. */
    about: ({ base }: Figure) => base === null ? t('communities.figures.tooFew') : t('communities.figures.about', { count: base }),
  }
}
