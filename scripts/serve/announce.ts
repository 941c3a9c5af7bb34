import { demoAccounts, demoPassword } from '#shared/accounts/demo-accounts'
import type { Settings } from './settings.ts'

/** What each account of the demo station is for; README says the same. */
export const roles: Record<typeof demoAccounts[number]['role'], string> = {
  chief: 'station leader',
  lead: 'team leader',
  officer: 'community officer of Ping\'an',
  officer2: 'community officer of Changle, stands in for Hexie',
  auditor: 'reads the log and reports about the police, changes nothing',
  admin: 'runs the system, reads no report',
  volunteer: 'verified resident of Ping\'an with a ballot, volunteer on the patrol roster',
  resident: 'resident of Ping\'an',
  resident2: 'resident of Changle',
}

/** What is shown when everything answers. */
export function announcement(settings: Settings, supabaseUrl: string, seconds: number): string {
  const address = settings.isDemo ? `http://localhost:${settings.port}` : settings.publicUrl
  const lines = [
    '',
    `  Portal        ${address}`,
    `  Police desk   ${address}/zh/desk, ${address}/en/desk`,
    `  Supabase API  ${settings.embeddedPort === 'off' ? 'without a port (SUPABASE_PORT=off)' : supabaseUrl}`,
    `  Data folder   ${settings.dataDir}`,
  ]
  if (settings.isDemo) {
    lines.push('', `  Demo accounts, password ${demoPassword}:`, ...demoAccounts.map(({ email, role }) => `    ${email.padEnd(24)}${roles[role]}`))
  }
  return [...lines, '', `ready in ${seconds.toFixed(1)} s`, ''].join('\n')
}
