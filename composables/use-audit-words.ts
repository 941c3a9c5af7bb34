import { auditWords } from '#shared/staff/audit-words'
import { useDesk } from '~/composables/use-desk'
import { useFileWords } from '~/composables/use-file-words'

/** The log in words, in the page's language. */
export function useAuditWords() {
  const { t, te } = useI18n()
  const { say, categoryName, colleagueName, communityName } = useDesk()
  return auditWords({ t: (key, values = {}) => t(key, values), te: key => te(key), say, categoryName, colleagueName, communityName, fileWords: useFileWords() })
}
