import type { AlertCard } from '#shared/alerts/alert-pages'
import { levelOfColour } from '#shared/alerts/alert-colours'
import { alertTime } from '#shared/alerts/alert-time'

/** What pages say of an alert beside its own text. */
export function useAlertCardWords(timeZone: string) {
  const { t, locale } = useI18n()
  const says = ({ messageType }: Pick<AlertCard, 'messageType'>) => messageType !== 'cancel' && messageType !== 'all_clear'
  return {
    /** "Orange warning · level II", "Safety tip", "All clear: red warning". An exercise says so first. */
    mark(card: Pick<AlertCard, 'messageType' | 'kind' | 'colour' | 'isExercise'>): string {
      const { kind, colour, messageType, isExercise } = card
      const what = colour ? t(`alerts.colours.${colour}`, { level: levelOfColour[colour] }) : t(`alerts.kinds.${kind}`)
      const whole = messageType === 'alert' ? what : t(`alerts.messageTypes.${messageType}`, { what })
      return isExercise ? t('alerts.exercise.mark', { what: whole }) : whole
    },
    /** Classes of its colour. What is over, and what ends something, has none: nobody must take it for a warning. */
    look: (card: AlertCard): string => card.state !== 'current' ? 'is-over' : says(card) && card.colour ? `is-${card.colour}` : '',
    shape: (card: AlertCard) => card.state === 'current' && says(card) ? card.colour : null,
    time: (instant: string) => alertTime(instant, timeZone, locale.value === 'zh' ? 'zh' : 'en'),
    areas: (card: AlertCard) => card.areas.join(t('alerts.comma')),
  }
}
