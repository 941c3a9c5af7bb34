/** The staff of the demo station (CONTRACT.md). Their password works nowhere else: a demo refuses to be reached from outside. */
export const demoPassword = 'linli-demo'
export const demoStaff = ['officer', 'officer2', 'lead', 'chief', 'auditor', 'admin'] as const
/** Their e-mail addresses. */
export const demoEmail = (name: typeof demoStaff[number]): string => `${name}@demo.linli`

/** What a page shows of them on a demo station. */
export interface DemoAccounts { password: string, accounts: readonly { email: string, role: string }[] }
