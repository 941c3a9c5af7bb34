import type { DeskAlertCard } from '#shared/alerts/alert-schema'
import { isUrgentColour, levelOfColour } from '#shared/alerts/alert-colours'
import type { AlertColour, AlertKind } from '#shared/alerts/alert-words'
import { withExercise } from '#shared/alerts/headline'
import { useDesk } from '~/composables/use-desk'

/** How the desk speaks of alerts. */
export function useAlertWords() {
  const { t, locale } = useI18n()
  const { say, communityName, reference } = useDesk()

  const warning = (colour: AlertColour) => t('alerts.words.warning', { colour: t(`alerts.words.colours.${colour}`), level: levelOfColour[colour] })
  /** `Red warning (level I)`, or `Safety tip`. */
  const sort = (kind: AlertKind, colour: AlertColour | null) => colour ? warning(colour) : t(`alerts.words.kinds.${kind}`)

  function headline({ headlines, isExercise, messageType }: Pick<DeskAlertCard, 'headlines' | 'isExercise' | 'messageType'>) {
    const code = locale.value === 'zh' ? 'zh' : 'en'
    const [written, text] = headlines[code] ? [code, headlines[code]] as const : headlines.zh ? ['zh', headlines.zh] as const : ['en', headlines.en] as const
    return withExercise(text ?? (messageType === 'alert' ? t('alerts.desk.noHeadline') : t('alerts.desk.noHeadlineOf', { type: t(`alerts.words.types.${messageType}`) })), isExercise, text ? written : code)
  }

  /** Who waits for whom, in a sentence. */
  function waits(alert: DeskAlertCard): string {
    const name = say(alert.editedBy.name)
    if (alert.state === 'draft') return alert.returnedReason ? t('alerts.desk.waits.returned', { name }) : t('alerts.desk.waits.draft', { name })
    if (alert.state === 'in_review') {
      if (alert.approvedBy) return t('alerts.desk.waits.approved', { name: say(alert.approvedBy.name) })
      const names = [...new Set([say(alert.createdBy.name), name])].join(t('desk.listSeparator'))
      return isUrgentColour(alert.colour) || alert.needsSecondPerson ? t('alerts.desk.waits.second', { names }) : t('alerts.desk.waits.review', { name: say(alert.submittedBy?.name) })
    }
    if (alert.state === 'discarded') return t('alerts.desk.waits.discarded')
    return alert.effectiveState ? t(`alerts.words.states.${alert.effectiveState}`) : ''
  }

  const places = ({ communityIds }: Pick<DeskAlertCard, 'communityIds'>) => {
    if (!communityIds.length) return t('alerts.desk.nowhere')
    if (communityIds.length > 1 && communityIds.length === reference.value?.communities.length) return t('alerts.desk.everywhere')
    return communityIds.map(id => communityName(id)).filter(Boolean).join(t('desk.listSeparator'))
  }

  return { sort, warning, headline, waits, places }
}
