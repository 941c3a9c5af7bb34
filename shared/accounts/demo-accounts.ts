/** The accounts of the demo station (CONTRACT.md). Their roles in words: `accounts.demo.roles.<role>`. */
export const demoAccounts = [
  { email: 'resident@demo.linli', role: 'resident' },
  { email: 'resident2@demo.linli', role: 'resident2' },
  { email: 'volunteer@demo.linli', role: 'volunteer' },
  { email: 'officer@demo.linli', role: 'officer' },
  { email: 'officer2@demo.linli', role: 'officer2' },
  { email: 'lead@demo.linli', role: 'lead' },
  { email: 'chief@demo.linli', role: 'chief' },
  { email: 'auditor@demo.linli', role: 'auditor' },
  { email: 'admin@demo.linli', role: 'admin' },
] as const

export const demoPassword = 'linli-demo'
