import type { PageFrame } from '#shared/page-frame'

/** What the frame of a residents' page shows. On the server only. */
export function usePageFrame(): PageFrame {
  const frame = useRequestEvent()?.context.frame
  if (!frame) throw new Error('the frame is known on the server only')
  return frame
}

/** The station's name in the page's language, or the product's. */
export function useSiteName(): string {
  const { t, locale } = useI18n()
  return useRequestEvent()?.context.frame?.stationName?.[locale.value] ?? t('app.name')
}
