// Who may call a function, in the words of the matrix (function-matrix.ts).

export type Caller = 'anon' | 'authenticated' | 'service_role'
export type Row = { callers: readonly Caller[], args: Record<string, unknown> }

export const server = (args: Record<string, unknown> = { p: {} }): Row => ({ callers: ['service_role'], args })
export const signedIn = (args: Record<string, unknown> = {}): Row => ({ callers: ['authenticated'], args })
/** A volunteer, or the portal for the account behind a messenger's chat. */
export const patroller = (args: Record<string, unknown> = {}): Row => ({ callers: ['authenticated', 'service_role'], args })
export const everyone = (args: Record<string, unknown> = {}): Row => ({ callers: ['anon', 'authenticated', 'service_role'], args })

export const nobody = '00000000-0000-4000-8000-000000000000'
