import enAccounts from '../locales/en/accounts.json' with { type: 'json' }
import enAlerts from '../locales/en/alerts.json' with { type: 'json' }
import enChat from '../locales/en/chat.json' with { type: 'json' }
import enCommunities from '../locales/en/communities.json' with { type: 'json' }
import enDesk from '../locales/en/desk.json' with { type: 'json' }
import enErrors from '../locales/en/errors.json' with { type: 'json' }
import enMessages from '../locales/en/messages.json' with { type: 'json' }
import enPatrols from '../locales/en/patrols.json' with { type: 'json' }
import enReports from '../locales/en/reports.json' with { type: 'json' }
import enRevisits from '../locales/en/revisits.json' with { type: 'json' }
import enStaff from '../locales/en/staff.json' with { type: 'json' }
import enSurveys from '../locales/en/surveys.json' with { type: 'json' }
import zhAccounts from '../locales/zh/accounts.json' with { type: 'json' }
import zhAlerts from '../locales/zh/alerts.json' with { type: 'json' }
import zhChat from '../locales/zh/chat.json' with { type: 'json' }
import zhCommunities from '../locales/zh/communities.json' with { type: 'json' }
import zhDesk from '../locales/zh/desk.json' with { type: 'json' }
import zhErrors from '../locales/zh/errors.json' with { type: 'json' }
import zhMessages from '../locales/zh/messages.json' with { type: 'json' }
import zhPatrols from '../locales/zh/patrols.json' with { type: 'json' }
import zhReports from '../locales/zh/reports.json' with { type: 'json' }
import zhRevisits from '../locales/zh/revisits.json' with { type: 'json' }
import zhStaff from '../locales/zh/staff.json' with { type: 'json' }
import zhSurveys from '../locales/zh/surveys.json' with { type: 'json' }
import type { Locale } from '#shared/locales'

interface Texts { [key: string]: string | Texts }

// What the server itself says in words. A noun whose texts the server needs adds its file here.
const catalogues: Record<Locale, Texts> = {
  zh: { ...zhErrors, ...zhAccounts, ...zhAlerts, ...zhChat, ...zhCommunities, ...zhDesk, ...zhMessages, ...zhPatrols, ...zhReports, ...zhRevisits, ...zhStaff, ...zhSurveys },
  en: { ...enErrors, ...enAccounts, ...enAlerts, ...enChat, ...enCommunities, ...enDesk, ...enMessages, ...enPatrols, ...enReports, ...enRevisits, ...enStaff, ...enSurveys },
}

/** The text of a key such as `errors.codes.internal`, with its {params} filled in. An unknown key is returned as it is. */
export function text(locale: Locale, key: string, params: Record<string, string | number> = {}): string {
  const found = key.split('.').reduce<string | Texts | undefined>((node, part) => typeof node === 'object' ? node[part] : undefined, catalogues[locale])
  if (typeof found !== 'string') return key
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}
