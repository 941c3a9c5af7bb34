import { localisedSchema, type Localised } from '../communities/reference-data.ts'
import { levelOf } from '../revisits/ladder.ts'
import type { AuditEntry } from './desk-schema.ts'

/** Acts that `private.log` writes. Refused ones name the reference that was reached for. */
export const auditActions = [
  'report.submitted', 'report.opened', 'report.status_changed', 'report.assigned', 'report.message_sent', 'report.message_received', 'report.noted', 'report.summarised',
  'report.merged', 'report.unmerged', 'report.released', 'report.withdrawn', 'report.sender_banned', 'report.ban_lifted', 'attachment.added', 'attachment.opened',
  'report.open_refused', 'report.write_refused', 'report.status_refused', 'report.assign_refused', 'report.message_refused', 'report.note_refused', 'report.summarise_refused',
  'report.merge_refused', 'report.unmerge_refused', 'report.release_refused', 'report.ban_refused', 'attachment.open_refused', 'attachment.add_refused',
  'message.resent',
  'retention.changed', 'retention.ran', 'report.held', 'report.hold_lifted', 'report.hold_refused',
  'report.erased', 'report.reveal_asked', 'report.reveal_approved', 'report.reveal_declined', 'report.reveal_refused', 'report.identity_read', 'attachment.original_read',
  'trust.verified', 'trust.breach_found', 'trust.keys_rewrapped', 'trust.key_added',
  'verification.batch_made', 'verification.batch_revoked', 'verification.code_redeemed', 'verification.resident_confirmed', 'verification.confirm_refused', 'account.exported', 'account.erased', 'account.telegram_linked', 'account.telegram_unlinked',
  'revisit.recorded', 'revisit.answered', 'revisit.overdue_told', 'revisit.no_reply', 'revisit.record_refused', 'suggestion.settled', 'suggestion.settle_refused',
  'setting.changed', 'setting.undone',
  'calendar.day_set', 'calendar.day_removed', 'calendar.counting_set',
  'station.set_up', 'station.set_up_again',
  'duty.shift_set', 'duty.shift_removed', 'duty.week_repeated', 'duty.taken_over', 'duty.noted', 'report.duty_called', 'report.taken', 'report.look_up_refused',
  'staff.change_proposed', 'staff.change_confirmed', 'staff.change_declined', 'staff.change_withdrawn', 'staff.change_lapsed', 'staff.change_refused', 'staff.invited', 'staff.invitation_resent', 'staff.invitation_revoked', 'staff.invitation_lapsed', 'staff.joined',
  'staff.role_changed', 'staff.reactivated', 'staff.deactivated', 'staff.corrected', 'staff.assigned', 'staff.assignment_ended',
  'report.list_exported', 'notice.drafted', 'notice.edited', 'notice.published', 'notice.withdrawn', 'notice.save_refused',
  'staff.signed_in', 'staff.code_refused', 'staff.recovery_code_used', 'staff.recovery_codes_renewed', 'staff.factor_enrolled', 'staff.factor_changed', 'staff.password_changed', 'staff.sessions_ended',
  'staff.factor_reset',
  'article.saved', 'article.published', 'article.hidden',
  'alert.drafted', 'alert.saved', 'alert.submitted', 'alert.returned', 'alert.discarded', 'alert.approved', 'alert.overridden', 'alert.published', 'alert.template_saved', 'alert.template_removed',
  'alert.help_called', 'alert.response_opened', 'alert.response_handled', 'alert.response_refused',
  'alert.save_refused', 'alert.start_refused', 'alert.decide_refused', 'alert.publish_refused',
  'chat.thread_opened', 'chat.opened', 'chat.open_refused', 'chat.answered', 'chat.closed', 'chat.rated', 'chat.forgotten', 'chat.hours_set', 'chat.lead_told', 'chat.sender_banned',
  'volunteer.applied', 'volunteer.appealed', 'volunteer.left', 'volunteer.decided', 'volunteer.skill_set', 'volunteer.opened', 'volunteer.open_refused', 'volunteer.calendar_made', 'volunteer.calendar_ended',
  'certificate.issued', 'certificate.revoked',
  'shift.signed_up', 'shift.left', 'shift.planned', 'shift.changed', 'shift.cancelled', 'shift.no_show', 'shift.swap_decided', 'shift.series_planned', 'shift.series_ended', 'shift.route_saved', 'shift.route_changed', 'shift.route_retired', 'shift.series_excepted', 'shift.series_restored',
  'reward.saved', 'reward.ordered', 'reward.cancelled', 'reward.handed_out', 'reward.returned', 'reward.deposit_kept',
  'tip_reward.offered', 'tip_reward.approved', 'tip_reward.refused', 'tip_reward.claimed', 'tip_reward.paid', 'tip_reward.pay_refused', 'tip_reward.expired',
  'shift.roll_call_opened', 'shift.checked_in', 'shift.check_in_refused', 'shift.check_in_forced', 'shift.started', 'shift.checked_out', 'shift.ended',
  'points.correction_asked', 'points.correction_decided', 'points.granted', 'points.set',
  'shift.checklist_answered', 'shift.checkpoint_visited', 'shift.report_filed', 'shift.report_read', 'shift.posters_printed', 'shift.poster_renewed', 'shift.overdue', 'shift.overdue_station',
  'rating.opened', 'rating.closed', 'rating.comments_read', 'rating.comment_published', 'rating.comment_refused', 'rating.comment_answered',
  'survey.begun', 'survey.written', 'survey.dropped', 'survey.approved', 'survey.ended', 'survey.closed', 'survey.released', 'survey.invited', 'survey.draw_fixed', 'survey.draw_day', 'survey.drawn', 'survey.texts_read', 'survey.census_written',
] as const
/** Texts by key, as vue-i18n finds them, and the names that codes and ids stand for in the reader's language. */
export interface AuditTexts {
  t: (key: string, values?: Record<string, string>) => string
  te: (key: string) => boolean
  say: (name: Localised | null) => string
  categoryName: (code: string) => string
  colleagueName: (id: string) => string
  communityName: (id: string) => string
  fileWords: (file: { type: string, size: number }) => string
}

/** Says an entry of the log in words: who, did what, and what there is to add. Ids and codes are never shown as such. */
export function auditWords({ t, te, say, categoryName, colleagueName, communityName, fileWords }: AuditTexts) {
  const known = (key: string) => te(key) ? t(key) : t('desk.audit.unknownWord')
  const colleague = (id: string) => colleagueName(id) || t('desk.audit.formerColleague')

  function handedOver(from: string | undefined, to: string | undefined) {
    if (from && to) return t('desk.audit.details.change', { from: colleague(from), to: colleague(to) })
    return to ? t('desk.audit.details.taken', { to: colleague(to) }) : t('desk.audit.details.given', { from: colleague(from ?? '') })
  }

  /** Counts of the verifier and of the rotation of keys. */
  function sums(details: AuditEntry['details']) {
    return (['rows', 'findings', 'rewrapped'] as const).flatMap(name => typeof details[name] === 'number' ? [t(`desk.audit.details.${name}`, { count: String(details[name]) })] : [])
  }

  /** What a run of the retention removed. */
  function taken(details: AuditEntry['details']) {
    return (['reports', 'files', 'bans', 'batches', 'checks'] as const).flatMap(name => details[name] ? [t(`desk.audit.took.${name}`, { count: String(details[name]) })] : [])
  }

  /** What changed hands when a colleague left. */
  function handedWork(details: AuditEntry['details']) {
    return (['reports', 'suggestions', 'shifts'] as const).flatMap(name => details[name] ? [t(`desk.audit.handed.${name}`, { count: String(details[name]) })] : [])
  }

  return {
    action: (action: string) => auditActions.some(listed => listed === action) ? t(`desk.audit.actions.${action}`) : t('desk.audit.unknownAction'),
    actor: ({ actor, actorRole }: Pick<AuditEntry, 'actor' | 'actorRole'>) => [say(actor), known(`desk.roles.${actorRole}`)].filter(Boolean).join(' '),
    details({ action, details }: Pick<AuditEntry, 'action' | 'details'>): string {
      const text = (name: string) => typeof details[name] === 'string' && details[name] !== '' ? details[name] : undefined
      const phrase = (name: string, write: (value: string) => string) => {
        const value = text(name)
        return value === undefined ? [] : [write(value)]
      }
      const named = (name: string, write: (value: string) => string) => {
        const value = say(localisedSchema.nullable().catch(null).parse(details[name] ?? null))
        return value ? [write(value)] : []
      }
      return [
        ...action === 'report.assigned' ? [handedOver(text('from'), text('to'))] : [],
        ...action === 'report.status_changed' ? [t('desk.audit.details.change', { from: known(`desk.status.${text('from')}`), to: known(`desk.status.${text('to')}`) })] : [],
        ...phrase('section', code => known(`desk.audit.sections.${code}`)),
        ...action.startsWith('setting.') ? [say(localisedSchema.nullable().catch(null).parse(details.title))].filter(Boolean) : [],
        ...phrase('closed_reason', code => t('desk.audit.details.reason', { reason: known(`desk.reasons.${code}`) })),
        ...phrase('category', code => t('desk.audit.details.kind', { kind: categoryName(code) })),
        ...phrase('channel', code => t('desk.audit.details.channel', { channel: known(`desk.report.channels.${code}`) })),
        ...phrase('purpose', code => t('desk.audit.details.purpose', { purpose: known(`desk.audit.purposes.${code}`) })),
        ...typeof details.step === 'number' ? [t(`desk.audit.details.step.${levelOf(details.step)}`)] : [],
        ...phrase('colleague', id => colleague(id)),
        ...phrase('level', code => t('desk.audit.details.called', { level: known(`desk.roles.${code}`), count: String(details.people ?? 0) })),
        ...phrase('intake', code => known(`desk.report.intakes.${code}`)),
        ...typeof details.added === 'number' ? [t('desk.audit.details.turns', { count: String(details.added) })] : [],
        ...phrase('method', code => known(`desk.revisits.methods.${code}`)),
        ...phrase('answer', code => t('desk.audit.details.answer', { answer: known(`desk.revisits.answers.${code}`) })),
        ...phrase('day', day => t('desk.audit.details.day', { day })),
        ...phrase('day_kind', code => known(`desk.calendar.kinds.${code}`)),
        ...phrase('counting', code => known(`desk.calendar.countings.${code}`)),
        ...details.overturned === true ? [t('desk.audit.details.overturned')] : [],
        ...phrase('into', reference => t('desk.audit.details.into', { reference })),
        ...phrase('ban', reference => t('desk.audit.details.ban', { reference })),
        ...phrase('media_type', type => fileWords({ type, size: Number(details.size_bytes ?? 0) })),
        ...action.startsWith('trust.') ? sums(details) : [],
        ...typeof details.from_days === 'number' ? [t('desk.audit.details.term', { from: String(details.from_days), to: String(details.to_days) })] : [],
        ...phrase('record', code => known(`desk.audit.records.${code}`)),
        ...action === 'retention.ran' ? taken(details) : [],
        ...phrase('proposal', code => known(`desk.audit.proposals.${code}`)),
        ...phrase('about', id => t('desk.audit.details.about', { name: colleague(id) })),
        ...phrase('former_badge', badge => t('desk.audit.details.formerBadge', { badge })),
        ...named('former_name', name => t('desk.audit.details.formerName', { name })),
        ...named('name', name => t('desk.audit.details.name', { name })),
        ...phrase('badge', badge => t('desk.audit.details.badge', { badge })),
        ...phrase('former_role', role => t('desk.audit.details.formerRole', { role: known(`desk.roles.${role}`) })),
        ...phrase('role', role => t('desk.audit.details.role', { role: known(`desk.roles.${role}`) })),
        ...phrase('community', id => communityName(id) || t('desk.audit.unknownWord')),
        ...phrase('post', code => known(`desk.audit.posts.${code}`)),
        ...phrase('from_on', day => t('desk.audit.details.fromOn', { day })),
        ...phrase('to_on', day => t('desk.audit.details.toOn', { day })),
        ...phrase('successor', id => t('desk.audit.details.successor', { name: colleague(id) })),
        ...action === 'staff.deactivated' ? handedWork(details) : [],
        ...phrase('root_of', day => t('desk.audit.details.rootOf', { day })),
        ...phrase('erased', reference => t('desk.audit.details.erased', { reference })),
        ...phrase('since', day => t('desk.audit.details.since', { day })),
        ...phrase('until', day => t('desk.audit.details.until', { day })),
        ...phrase('because', code => t('desk.audit.details.reason', { reason: known(`desk.audit.because.${code}`) })),
        ...phrase('kind', code => known(`desk.reveal.kinds.${code}`)),
        ...phrase('alert', identifier => identifier),
        ...phrase('message_type', code => code === 'alert' ? '' : known(`desk.audit.messages.${code}`)),
        ...phrase('colour', code => known(`desk.audit.colours.${code}`)),
        ...phrase('base', identifier => t('desk.audit.details.base', { identifier })),
        ...phrase('template', slug => t('desk.audit.details.template', { slug })),
        ...phrase('article', slug => t('desk.audit.details.article', { slug })),
        ...typeof details.version === 'number' ? [t('desk.audit.details.version', { number: String(details.version) })] : [],
        ...typeof details.restored_from === 'number' ? [t('desk.audit.details.restoredFrom', { number: String(details.restored_from) })] : [],
        ...phrase('face', code => t('desk.audit.details.face', { face: known(`desk.chats.channels.${code}`), count: String(details.people ?? 0) })),
        ...phrase('points_act', code => t(`desk.audit.points.${code}`, {
          points: String(details.points ?? ''), rule: say(localisedSchema.nullable().catch(null).parse(details.title ?? null)), from: text('night_from') ?? '', to: text('night_to') ?? '', percent: String(details.credit_percent ?? ''),
        })),
        ...phrase('days', code => t(`desk.chats.hours.${code}`, { from: text('from_hour') ?? '', to: text('to_hour') ?? '' })),
        ...phrase('by', code => known(`desk.chats.closedBy.${code}`)),
        ...typeof details.rating === 'number' ? [t('desk.audit.details.rating', { count: String(details.rating) })] : [],
        ...phrase('reason', reason => t('desk.audit.details.reason', { reason })),
        ...phrase('colleague', id => colleague(id)),
        ...phrase('reference', reference => t('desk.audit.details.reference', { reference })),
      ].filter(Boolean).join(t('desk.audit.separator'))
    },
  }
}
