import { useSiteName } from './use-page-frame'

/**
 * The page's title and description. A refused form says so first, for those who hear the title: "Error: …".
 * @param description one sentence for search engines and shared links
 */
export function usePageTitle(title: string, { hasErrors = false, description }: { hasErrors?: boolean, description?: string } = {}) {
  const { t } = useI18n()
  const siteName = useSiteName()
  useHead({
    title: hasErrors ? t('app.errorTitle', { title }) : title,
    titleTemplate: page => page ? `${page} · ${siteName}` : siteName,
    meta: [{ name: 'description', content: description ?? t('app.description') }],
  })
}
