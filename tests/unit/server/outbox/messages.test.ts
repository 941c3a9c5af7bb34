import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { locales } from '#shared/reports/report-schema'
import { text } from '#server/texts'
import { isOwed } from '#server/outbox/messages/message-kind'
import { messageKind, writeMail } from '#server/outbox/messages/write-mail'

const migrations = join(import.meta.dirname, '../../../../supabase/migrations')
const sql = readdirSync(migrations).sort().map(file => readFileSync(join(migrations, file), 'utf8')).join('\n')
/** Templates that SQL or a use case writes into the outbox. */
const staffTemplates = ['revisits.climbed', 'revisits.overdue', 'revisits.overdue_chief', 'revisits.overdue_own', 'revisits.several', 'chat.waiting', 'chat.late', 'alerts.submitted', 'alerts.returned']
const patrolTemplates = ['applied', 'empty', 'called_off', 'swap', 'decided', 'offered', 'changed', 'cancelled', 'reminder', 'locked', 'swapped', 'certificate', 'overdue', 'overdue_lead'].map(event => `patrols.${event}`)
const templates = [...new Set([...[...sql.matchAll(/notify_\w+\([^;]*?'([a-z_]+\.[a-z_]+)'/g)].map(([, template = '']) => template), 'accounts.code', 'staff.invited', 'alerts.confirm', 'alerts.help', ...patrolTemplates, ...staffTemplates])].sort()
const links = { publicUrl: 'https://ping-an.example', settings: 'https://ping-an.example/en/messages/token' }

describe('what a mail says', () => {
  it('the templates are found', () => {
    expect(templates).toEqual(expect.arrayContaining(['accounts.code', 'reports.message_received', 'reports.received', 'reports.status_changed']))
  })

  it.each(templates.flatMap(template => locales.map(locale => [template, locale] as const)))('%s has words in %s, for its recipient and for the desk', (template, locale) => {
    const mail = writeMail({ template, locale, reference: 'LL-7K3Q-9XPA', matters: 1, params: { code: '123456' } }, { publicUrl: links.publicUrl })

    expect(mail?.subject).not.toMatch(/^$|\.mails\./)
    expect(mail?.body).toContain('https://ping-an.example/')
    expect(mail?.body).not.toMatch(/\{\w+\}|\.mails\./)
    expect(text(locale, `messages.templates.${template}`)).not.toContain('messages.')
  })

  it('subjects are neutral: they name neither the report nor what happened', () => {
    for (const template of templates) for (const locale of locales) expect(writeMail({ template, locale, reference: 'LL-7K3Q-9XPA', matters: 1, params: { code: '123456' } }, links)?.subject).not.toMatch(/LL-|123456|report|报告|举报|police|派出所/i)
  })

  it('a mail ends with the link to its settings; a sign-in code has none', () => {
    expect(writeMail({ template: 'reports.received', locale: 'en', reference: 'LL-7K3Q-9XPA', matters: 1, params: {} }, links)?.body).toMatch(/\n-- \n.*\nhttps:\/\/ping-an\.example\/en\/messages\/token$/)
    expect(writeMail({ template: 'accounts.code', locale: 'en', reference: null, matters: 1, params: { code: '123456' } }, { publicUrl: links.publicUrl })?.body).not.toContain('/messages/')
  })

  it('a mail about a duty promises no end of such mails', () => {
    for (const template of ['revisits.overdue', 'revisits.climbed']) {
      expect(messageKind(template)?.weight).toBe('duty')
      expect(writeMail({ template, locale: 'en', reference: 'LL-7K3Q-9XPA', matters: 1, params: {} }, links)?.body).toMatch(/cannot be switched off.*\nhttps:\/\/ping-an\.example\/en\/messages\/token$/)
      expect(writeMail({ template, locale: 'zh', reference: 'LL-7K3Q-9XPA', matters: 1, params: {} }, links)?.body).not.toContain('不再接收')
    }
  })

  it('portal and database know the same duties', () => {
    const [, list = ''] = [...sql.matchAll(/p_template in \(([^)]*)\)/g)].at(-1) ?? []
    expect([...list.matchAll(/'([^']+)'/g)].map(([, template]) => template).sort()).toEqual(templates.filter(template => isOwed(messageKind(template)?.weight)))
  })

  it('a template without words is known as such', () => {
    expect(messageKind('reports.unheard_of')).toBeUndefined()
    expect(messageKind('constructor.name')).toBeUndefined()
    expect(writeMail({ template: 'toString.call', locale: 'zh', reference: null, matters: 1, params: {} }, links)).toBeUndefined()
  })

  const staffMail = (event: string, locale: 'zh' | 'en', matters = 1) => writeMail({ template: `revisits.${event}`, locale, reference: matters > 1 ? null : 'LL-7K3Q-9XPA', matters, params: {} }, { publicUrl: links.publicUrl })?.body ?? ''

  it.each(locales)('in %s, the auditor is sent to the list and not to a report that is closed to them; the chief reads of their own visit as their own', (locale) => {
    expect(staffMail('overdue_chief', locale)).toContain(`/${locale}/desk/revisits\n`)
    expect(staffMail('overdue_chief', locale)).not.toContain('/desk/reports/')
    expect(staffMail('overdue_own', locale)).toContain('/desk/reports/LL-7K3Q-9XPA')
    expect(staffMail('overdue_own', locale)).not.toMatch(/督促|look after/)
    expect(staffMail('overdue', locale)).toContain('/desk/reports/LL-7K3Q-9XPA')
  })

  it.each(locales)('in %s, several visits are a number and the list, without a reference', (locale) => {
    const body = staffMail('several', locale, 8)

    expect(body).toMatch(/\b8\b|8 次/)
    expect(body).toContain(`/${locale}/desk/revisits\n`)
    expect(body).not.toContain('LL-')
  })
})
