import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { auditActions, auditWords } from '#shared/staff/audit-words'
import { root } from '../../../architecture/source-files.ts'

const migrations = join(root, 'supabase/migrations')
const sql = readdirSync(migrations).map(name => readFileSync(join(migrations, name), 'utf8')).join('\n')
/** Each call that writes into the log, to the end of its statement. */
const writes = [...sql.matchAll(/private\.(?:log|refuse_desk|log_alert|refuse_alert|log_shift|log_night|log_own_act|log_tip_reward|add_volunteer_step)\((?!p_(?!report\.|station, null, 'system', |shift, p_actor, )|public\.)[^;]*;/g)].map(([call]) => call)
const actionOf = (call: string) => /'([a-z_]+\.[a-z_]+)'/.exec(call)?.[1] ?? ''
/** The names of the details that the calls write. */
const namesIn = (call: string) => [...(/jsonb_build_object\(([\s\S]*)$/.exec(call)?.[1] ?? '').replace(/ in \([^)]*\)/g, '').matchAll(/(?:^|, )'(\w+)',/g)].map(([, name = '']) => name)

const officer = '6d6b6c1e-0000-4000-8000-0000000000aa'
const gone = '6d6b6c1e-0000-4000-8000-0000000000bb'
const pingAn = '6d6b6c1e-0000-4000-8000-0000000000cc'
/** As `list_audit_log` hands them out: reports by their reference, no other ids. */
const details: Record<string, Record<string, unknown>[]> = {
  'report.submitted': ['web', 'api', 'bot', 'desk'].map(channel => ({ channel, category: 'noise' })),
  'report.opened': ['handling', 'triage', 'review', 'audit', 'counter'].map(purpose => ({ purpose })),
  'report.status_changed': [{ from: 'received', to: 'in_progress', closed_reason: null }, ...['no_further_action', 'referred', 'unfounded', 'spam'].map(closed_reason => ({ from: 'triaged', to: 'closed', closed_reason }))],
  'report.assigned': [{ from: officer, to: gone }, { from: null, to: officer }, { from: gone, to: null }],
  'report.merged': [{ into: 'LL-7K3Q-9XPA' }, {}],
  'report.ban_lifted': [{ ban: 'LL-7K3Q-9XPA' }, {}],
  'account.erased': [{ detached: 2, kept: 1 }],
  'attachment.added': ['image/jpeg', 'audio/mpeg', 'video/mp4', 'application/pdf'].map(media_type => ({ media_type, size_bytes: 5_000_000 })),
  'attachment.opened': [{ purpose: 'handling' }],
  'report.erased': ['asked', 'retention', 'account_erased'].map(because => ({ erased: 'LL-7K3Q-9XPA', content_hash: 'ab'.repeat(32), because })),
  'points.set': [
    { points_act: 'budget', points: 2000 }, { points_act: 'rate', title: { zh: '巡逻', en: 'An hour on patrol' }, points: 12 }, { points_act: 'night', night_from: '22:00', night_to: '06:00', credit_percent: 150 },
  ],
  'retention.changed': [{ category: 'noise', record: null, from_days: 365, to_days: 180 }, { category: null, record: 'mails_dead', from_days: 90, to_days: 60 }],
  'retention.ran': [{ reports: 3, files: 2, bans: 1, batches: 1, checks: 1 }],
  'report.held': [{ reason: 'the court asked for it' }],
  'report.reveal_asked': ['identity', 'original'].map(kind => ({ kind, reason: 'a child may be in danger' })),
  'report.reveal_approved': [{ kind: 'identity', reason: 'a child may be in danger' }],
  'report.reveal_declined': [{ kind: 'original' }],
  'report.identity_read': [{ purpose: 'reveal' }],
  'attachment.original_read': [{ purpose: 'reveal' }],
  'trust.verified': [{ blocks: 3, rows: 40, erased: 0 }],
  'trust.breach_found': [{ blocks: 3, rows: 40, findings: 1, first: { kind: 'changed', source: 'audit_log', row: '7', at: null, block: 1 } }],
  'trust.keys_rewrapped': [{ rewrapped: 12 }],
  'trust.key_added': [{ key: 'signing-2' }],
  'revisit.recorded': ['visit', 'phone', 'station', 'letter', 'portal'].map((method, index) => ({ step: index + 1, method, answer: index ? null : 'satisfied' })),
  'revisit.answered': ['satisfied', 'unsatisfied', 'unresolved'].map(answer => ({ step: 3, answer, overturned: answer === 'unsatisfied' })),
  'setting.changed': ['station', 'office', 'category', 'category_order', 'template', 'areas', 'ratings'].map(section => ({ section, title: section.startsWith('c') ? { zh: '噪音', en: 'Noise' } : null, before_sha256: 'ab'.repeat(32), after_sha256: 'cd'.repeat(32) })),
  'revisit.overdue_told': [{ step: 2 }],
  'revisit.no_reply': [{ step: 1 }],
  'calendar.day_set': ['holiday', 'workday', 'closed'].map(day_kind => ({ day: '2026-12-31', day_kind })),
  'calendar.day_removed': [{ day: '2026-12-31' }],
  'calendar.counting_set': ['calendar', 'working'].map(counting => ({ counting })),
  'staff.factor_reset': [{ colleague: officer }, { colleague: gone }],
  'duty.shift_set': [{ colleague: officer, day: '2026-11-23' }],
  'duty.shift_removed': [{ colleague: gone, day: '2026-11-23' }],
  'duty.week_repeated': [{ day: '2026-11-23', added: 14 }],
  'report.duty_called': ['officer', 'lead', 'chief'].map(level => ({ level, people: 2 })),
  'report.taken': ['counter', 'phone'].map(intake => ({ intake })),
  'staff.change_proposed': [{ proposal: 'invite', about: null, badge: '088130', role: 'officer' }, { proposal: 'change_role', about: officer, badge: null, role: 'lead' }],
  'staff.change_confirmed': ['reactivate', 'reset_second_factor'].map(proposal => ({ proposal, about: officer, badge: null, role: null })),
  'staff.change_declined': [{ proposal: 'invite', about: null, badge: '088130', role: 'auditor' }],
  'staff.change_withdrawn': [{ proposal: 'change_role', about: gone, badge: null, role: 'admin' }],
  'staff.change_lapsed': [{ proposal: 'invite', about: null, role: 'officer' }, { proposal: 'reactivate', about: gone, role: null }],
  'staff.invitation_lapsed': [{ badge: '088130' }],
  'staff.invited': [{ role: 'chief', badge: '088001' }],
  'staff.invitation_resent': [{ badge: '088130' }],
  'staff.invitation_revoked': [{ badge: '088130' }],
  'staff.joined': [{ role: 'officer', badge: '088130' }],
  'staff.role_changed': [{ about: officer, former_role: 'officer', role: 'lead', successor: null }, { about: officer, former_role: 'lead', role: 'auditor', successor: gone }],
  'staff.reactivated': [{ about: officer, role: 'officer' }],
  'staff.deactivated': [{ about: gone, successor: officer, reports: 3, suggestions: 1, shifts: 2 }, { about: gone, successor: null, reports: 0, suggestions: 0, shifts: 0 }],
  'staff.corrected': [{ about: officer, former_badge: '088107', badge: '088108', former_name: { zh: '林小', en: 'Lin Xao' }, name: { zh: '林晓', en: 'Lin Xiao' } }],
  'staff.assigned': ['officer', 'stand_in'].map(post => ({ about: officer, community: pingAn, post, from_on: '2026-12-01', to_on: post === 'officer' ? null : '2026-12-07' })),
  'staff.assignment_ended': [{ about: officer, community: pingAn, post: 'officer', to_on: '2026-12-07' }],
  'article.saved': [{ article: 'ebike-theft', version: 3, restored_from: null }, { article: 'ebike-theft', version: 4, restored_from: 1 }],
  'article.published': [{ article: 'ebike-theft', version: 3 }],
  'article.hidden': [{ article: 'ebike-theft' }],
  'alert.drafted': [{ alert: 'LLA-7K3Q-9XPA', message_type: 'alert', version: 1 }, ...['update', 'cancel', 'all_clear'].map(message_type => ({ alert: 'LLA-7K3Q-9XPB', message_type, colour: 'red', version: 1, base: 'LLA-7K3Q-9XPA' }))],
  ...Object.fromEntries(['saved', 'submitted', 'returned', 'discarded', 'approved', 'published', 'overridden'].map(act => [`alert.${act}`, ['blue', 'yellow', 'orange', 'red'].map(colour => ({ alert: 'LLA-7K3Q-9XPA', message_type: 'alert', colour, version: 2 }))])),
  'alert.template_saved': [{ template: 'gas-leak' }],
  'alert.template_removed': [{ template: 'gas-leak' }],
  'chat.thread_opened': ['web', 'telegram'].map(face => ({ face, people: 2 })),
  'chat.closed': ['staff', 'resident', 'system'].map(by => ({ by })),
  'survey.draw_fixed': [{ list_hash: 'ab'.repeat(32), root_of: '2026-11-24' }],
  'chat.rated': [{ rating: 4 }],
  'chat.lead_told': [{ people: 2 }],
  'chat.hours_set': ['working', 'every'].map(days => ({ from_hour: '09:00', to_hour: '18:00', days })),
  'report.list_exported': [{ since: null, until: null }, { since: '2026-10-01', until: '2026-10-31' }],
}
const detailsOf = (action: string) => action === 'staff.change_refused' ? ['deactivate', 'change_role'].map(proposal => ({ proposal })) : action.endsWith('_refused') ? [{ reference: 'LL-7K3Q-9XPA' }, { reference: null }] : details[action] ?? [{}]

describe('what the database writes into the log', () => {
  it('is found in the migrations', () => {
    expect(writes.length).toBeGreaterThan(25)
  })

  it('is what the desk has words for', () => {
    expect([...new Set(writes.map(actionOf))].sort(), 'Fix: add the action to shared/staff/audit-words.ts and its words to locales/*/desk.json.').toEqual([...auditActions].sort())
  })

  it('carries no detail that these tests do not know', () => {
    const known = new Set([...Object.values(details).flat().flatMap(Object.keys), 'reference', 'size_bytes', 'attachment', 'reveal'])

    expect(writes.flatMap(namesIn).filter(name => !known.has(name))).toEqual([])
  })
})

describe.each(['zh', 'en'] as const)('an entry of the log in %s', (locale) => {
  const texts: unknown = JSON.parse(readFileSync(join(root, `locales/${locale}/desk.json`), 'utf8'))
  const find = (key: string) => z.string().safeParse(key.split('.').reduce<unknown>((place, name) => z.record(z.string(), z.unknown()).safeParse(place).data?.[name], texts)).data
  const te = (key: string) => find(key) !== undefined
  const t = (key: string, values: Record<string, string> = {}) => (find(key) ?? key).replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? `{${name}}`)
  const words = auditWords({
    t, te, say: name => name?.[locale] ?? '', categoryName: () => 'Lärm', colleagueName: id => id === officer ? 'Chen' : '', communityName: id => id === pingAn ? 'Ping' : '', fileWords: ({ type }) => type.startsWith('image/') ? 'Photo' : 'File',
  })
  const raw = /desk\.|[\da-f]{8}-[\da-f]{4}|[a-z]_[a-z]|\w\/\w|null|undefined|\{|[a-z]+\.[a-z]+_/

  it.each(auditActions.flatMap(action => detailsOf(action).map(details => ({ action, details }))))('$action $details reads as a sentence', (entry) => {
    const sentence = [words.actor({ actor: { zh: '陈志远', en: 'Chen Zhiyuan' }, actorRole: 'officer' }), words.action(entry.action), words.details(entry)].join(' ')

    expect(sentence).not.toMatch(raw)
    expect(words.action(entry.action)).not.toBe(t('desk.audit.unknownAction'))
    expect(words.details(entry)).not.toContain(t('desk.audit.unknownWord'))
  })

  it.each(['guest', 'resident', 'officer', 'lead', 'chief', 'auditor', 'admin', 'system'])('names the role %s', (actorRole) => {
    expect(words.actor({ actor: null, actorRole })).not.toMatch(new RegExp(`desk\\.|^${actorRole}$`))
  })

  it('who left is "a former colleague", never an id', () => {
    expect(words.details({ action: 'report.assigned', details: { from: gone, to: officer } })).toContain(t('desk.audit.formerColleague'))
  })

  it('an act of a later version is no code either', () => {
    expect(words.action('report.sung_about')).toBe(t('desk.audit.unknownAction'))
    expect(words.details({ action: 'report.sung_about', details: { melody: gone } })).toBe('')
  })
})
