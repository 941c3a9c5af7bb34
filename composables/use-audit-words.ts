import type { AuditEntry } from '#shared/staff/desk-schema'
import { useDesk } from '~/composables/use-desk'

/** What the log's codes mean. Acts of later versions show their code until they have words. */
export function useAuditWords() {
  const { t, te } = useI18n()
  const { categoryName, colleagueName } = useDesk()

  const actions = [
    ...['submitted', 'opened', 'open_refused', 'status_changed', 'assigned', 'message_sent', 'message_received', 'noted', 'summarised', 'merged', 'unmerged', 'released', 'withdrawn', 'sender_banned', 'ban_lifted'].map(verb => `report.${verb}`),
    ...['added', 'opened', 'open_refused'].map(verb => `attachment.${verb}`),
  ]
  const actionWords = (action: string) => te(`desk.audit.actions.${action}`) ? t(`desk.audit.actions.${action}`) : action

  function valueWords(name: string, value: string) {
    const keys: Record<string, string> = { purpose: `desk.audit.purposes.${value}`, closed_reason: `desk.reasons.${value}`, channel: `desk.report.channels.${value}` }
    const key = keys[name] ?? `desk.status.${value}`
    if (te(key)) return t(key)
    return name === 'category' ? categoryName(value) : colleagueName(value) || value
  }

  function detailWords({ details }: AuditEntry) {
    const { from, to, ...others } = details
    // A change reads from left to right, whichever way the database keeps its fields.
    const isChange = typeof from === 'string' && typeof to === 'string'
    const change = isChange ? [t('desk.audit.change', { from: valueWords('from', from), to: valueWords('to', to) })] : []
    const rest = Object.entries(isChange ? others : details).filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => `${te(`desk.audit.fields.${name}`) ? t(`desk.audit.fields.${name}`) : name}: ${valueWords(name, String(value))}`)
    return [...change, ...rest].join(t('desk.audit.separator'))
  }

  return { actions, actionWords, detailWords }
}
