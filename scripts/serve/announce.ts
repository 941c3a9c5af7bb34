import type { Settings } from './settings.ts'

/** The demo station's accounts (CONTRACT.md), with what each is for. */
const demoAccounts = [
  ['chief@demo.linli', 'station leader'],
  ['lead@demo.linli', 'team leader'],
  ['officer@demo.linli', 'community officer of ping-an'],
  ['officer2@demo.linli', 'community officer of chang-le'],
  ['auditor@demo.linli', 'reads logs, changes nothing'],
  ['admin@demo.linli', 'runs the system, cannot read tips'],
  ['volunteer@demo.linli', 'active volunteer of ping-an'],
  ['resident@demo.linli', 'resident of ping-an'],
  ['resident2@demo.linli', 'resident of chang-le'],
] as const
const demoPassword = 'linli-demo'

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
    lines.push('', `  Demo accounts, password ${demoPassword}:`, ...demoAccounts.map(([account, role]) => `    ${account.padEnd(24)}${role}`))
  }
  return [...lines, '', `ready in ${seconds.toFixed(1)} s`, ''].join('\n')
}
