import { demoAccounts, demoPassword } from '#shared/accounts/demo-accounts'
import type { Settings } from './settings.ts'

/** What each account of the demo station is for. */
const roles: Record<typeof demoAccounts[number]['role'], string> = {
  chief: 'station leader',
  lead: 'team leader',
  officer: 'community officer of ping-an',
  officer2: 'community officer of chang-le',
  auditor: 'reads logs, changes nothing',
  admin: 'runs the system, cannot read tips',
  volunteer: 'active volunteer of ping-an',
  resident: 'resident of ping-an',
  resident2: 'resident of chang-le',
}

/** What is shown when everything answers. */
export function announcement(settings: Settings, supabaseUrl: string, seconds: number): string {
  const address = settings.isDemo ? `http://localhost:${settings.port}` : settings.publicUrl
  const lines = [
    '',
    `  Portal        ${address}`,
    `  Police desk   ${address}/zh/desk`,
    `  Supabase API  ${supabaseUrl}`,
    `  Data folder   ${settings.dataDir}`,
  ]
  if (settings.isDemo) {
    lines.push('', `  Demo accounts, password ${demoPassword}:`, ...demoAccounts.map(({ email, role }) => `    ${email.padEnd(24)}${roles[role]}`))
  }
  return [...lines, '', `ready in ${seconds.toFixed(1)} s`, ''].join('\n')
}
