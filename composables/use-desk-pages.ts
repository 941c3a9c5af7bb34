import { handlingRoles, type StaffRole } from '#shared/staff/desk-schema'
import { useDesk } from '~/composables/use-desk'

interface DeskPage { id: string, label: string, icon: string, to: string, isActive: boolean, badge?: string }

const handling: readonly StaffRole[] = handlingRoles

/** The pages a role has; sidebar and palette show the same. */
export function useDeskPages() {
  const { t } = useI18n()
  const localePath = useLocalePath()
  const route = useRoute()
  const { profile } = useDesk()

  const isAt = (name: string) => String(route.name).startsWith(`${name}__`)
  const count = (number: number) => number === 0 ? undefined : number >= 100 ? '99+' : String(number)

  const pages = computed<DeskPage[]>(() => {
    const role = profile.value?.role
    const isDemo = profile.value?.isDemo ?? isAt('desk-mailbox')
    const found: (DeskPage | false)[] = [
      role !== undefined && { id: 'inbox', label: role === 'admin' ? t('desk.admin.title') : t('desk.nav.inbox'), icon: role === 'admin' ? 'i-lucide-server-cog' : 'i-lucide-inbox', to: localePath({ name: 'desk' }), isActive: isAt('desk') && route.query.tab !== 'mine', badge: count(profile.value?.counts.unseen ?? 0) },
      role !== undefined && handling.includes(role) && { id: 'mine', label: t('desk.nav.mine'), icon: 'i-lucide-briefcase', to: localePath({ name: 'desk', query: { tab: 'mine' } }), isActive: isAt('desk') && route.query.tab === 'mine', badge: count(profile.value?.counts.mine ?? 0) },
      role !== undefined && role !== 'admin' && { id: 'revisits', label: t('desk.nav.revisits'), icon: 'i-lucide-footprints', to: localePath({ name: 'desk-revisits' }), isActive: isAt('desk-revisits'), badge: count(profile.value?.counts.revisits ?? 0) },
      role !== undefined && role !== 'admin' && { id: 'alerts', label: t('alerts.desk.nav'), icon: 'i-lucide-siren', to: localePath({ name: 'desk-alerts' }), isActive: isAt('desk-alerts') || isAt('desk-alerts-id') || isAt('desk-alerts-new') || isAt('desk-alerts-templates'), badge: count(profile.value?.counts.alerts ?? 0) },
      role !== undefined && role !== 'admin' && { id: 'patrols', label: t('patrols.desk.nav'), icon: 'i-lucide-flashlight', to: localePath({ name: 'desk-patrols' }), isActive: isAt('desk-patrols') },
      role !== undefined && handling.includes(role) && { id: 'ratings', label: t('ratings.desk.nav'), icon: 'i-lucide-star', to: localePath({ name: 'desk-ratings' }), isActive: isAt('desk-ratings') },
      role !== undefined && role !== 'admin' && { id: 'surveys', label: t('surveys.desk.nav'), icon: 'i-lucide-clipboard-list', to: localePath({ name: 'desk-surveys' }), isActive: isAt('desk-surveys') || isAt('desk-surveys-id') },
      role !== undefined && handling.includes(role) && { id: 'chats', label: t('desk.chats.nav'), icon: 'i-lucide-messages-square', to: localePath({ name: 'desk-chat' }), isActive: isAt('desk-chat') || isAt('desk-chat-id'), badge: count(profile.value?.counts.chats ?? 0) },
      role !== undefined && handling.includes(role) && { id: 'intake', label: t('staff.intake.nav'), icon: 'i-lucide-clipboard-pen', to: localePath({ name: 'desk-intake' }), isActive: isAt('desk-intake') },
      role !== undefined && { id: 'duty', label: t('staff.duty.nav'), icon: 'i-lucide-calendar-clock', to: localePath({ name: 'desk-duty' }), isActive: isAt('desk-duty') },
      role !== undefined && role !== 'admin' && { id: 'figures', label: t('communities.desk.figures.nav'), icon: 'i-lucide-chart-no-axes-column', to: localePath({ name: 'desk-figures' }), isActive: isAt('desk-figures') },
      role !== undefined && role !== 'admin' && { id: 'notices', label: t('communities.desk.notices.nav'), icon: 'i-lucide-megaphone', to: localePath({ name: 'desk-notices' }), isActive: isAt('desk-notices') },
      role !== undefined && { id: 'knowledge', label: t('knowledge.desk.nav'), icon: 'i-lucide-book-open', to: localePath({ name: 'desk-knowledge' }), isActive: isAt('desk-knowledge') || isAt('desk-knowledge-slug') || isAt('desk-knowledge-new') },
      role !== undefined && role !== 'admin' && { id: 'verification', label: t('desk.nav.verification'), icon: 'i-lucide-badge-check', to: localePath({ name: 'desk-verification' }), isActive: isAt('desk-verification') },
      (role === 'lead' || role === 'chief') && { id: 'bans', label: t('desk.nav.bans'), icon: 'i-lucide-ban', to: localePath({ name: 'desk-bans' }), isActive: isAt('desk-bans') },
      (role === 'lead' || role === 'chief') && { id: 'messages', label: t('messages.desk.nav'), icon: 'i-lucide-mail-warning', to: localePath({ name: 'desk-messages' }), isActive: isAt('desk-messages') },
      (role === 'lead' || role === 'chief' || role === 'admin') && { id: 'calendar', label: t('desk.nav.calendar'), icon: 'i-lucide-calendar-days', to: localePath({ name: 'desk-calendar' }), isActive: isAt('desk-calendar') },
      (role === 'chief' || role === 'admin' || role === 'auditor') && { id: 'settings', label: t('communities.settings.nav'), icon: 'i-lucide-settings', to: localePath({ name: 'desk-settings' }), isActive: isAt('desk-settings') },
      role !== undefined && role !== 'officer' && { id: 'people', label: t('staff.people.nav'), icon: 'i-lucide-users', to: localePath({ name: 'desk-people' }), isActive: isAt('desk-people') },
      (role === 'chief' || role === 'auditor') && { id: 'audit', label: t('desk.nav.audit'), icon: 'i-lucide-scroll-text', to: localePath({ name: 'desk-audit' }), isActive: isAt('desk-audit') },
      (role === 'chief' || role === 'auditor' || role === 'admin') && { id: 'retention', label: t('trust.retention.nav'), icon: 'i-lucide-archive-x', to: localePath({ name: 'desk-retention' }), isActive: isAt('desk-retention') },
      role !== undefined && { id: 'sessions', label: t('staff.sessions.nav'), icon: 'i-lucide-key-round', to: localePath({ name: 'desk-sessions' }), isActive: isAt('desk-sessions') || isAt('desk-second-factor') },
      isDemo && { id: 'mailbox', label: t('desk.nav.mailbox'), icon: 'i-lucide-mail', to: localePath({ name: 'desk-mailbox' }), isActive: isAt('desk-mailbox') },
      role === undefined && { id: 'sign-in', label: t('desk.nav.signIn'), icon: 'i-lucide-log-in', to: localePath({ name: 'desk-sign-in' }), isActive: isAt('desk-sign-in') },
    ]
    return found.filter(page => page !== false)
  })

  return { pages, mayHandle: computed(() => profile.value !== null && handling.includes(profile.value.role)) }
}
