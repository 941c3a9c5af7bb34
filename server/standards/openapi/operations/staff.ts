import {
  confirmFactorSchema, deskSessionSchema, endStaffSessionsSchema, newFactorSchema, recoveryCodesSchema, staffSessionsSchema, verifyCodeSchema,
} from '#shared/staff/second-factor'
import type { Operation } from '../operation.ts'

const staff = { noun: 'staff', access: 'desk' } as const
const done = { status: 204, says: 'Done.' } as const

export const staffOperations: readonly Operation[] = [
  {
    ...staff, method: 'get', path: '/api/desk/staff/session', id: 'readDeskSession', summary: 'How far my session is: open, locked, or waiting for the second factor',
    answers: [{ status: 200, says: 'The state.', schema: deskSessionSchema }], errors: [],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/session/verify', id: 'verifyCode', summary: 'Shows a code of the authenticator or a recovery code; each works once. Opens and unlocks the desk',
    body: verifyCodeSchema, answers: [{ status: 200, says: 'The desk is open.', schema: deskSessionSchema }], errors: ['conflict', 'rate_limited'],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/session/lock', id: 'lockDesk', summary: 'Locks my session until the next code',
    answers: [done], errors: [],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/factor', id: 'beginFactor', summary: 'A secret for a new authenticator, shown once; it counts when its first code is right',
    answers: [{ status: 200, says: 'The secret.', schema: newFactorSchema }], errors: [],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/factor/confirm', id: 'confirmFactor', summary: 'The first code of a new authenticator; other sessions of mine end',
    body: confirmFactorSchema, answers: [{ status: 200, says: 'Ten recovery codes, shown once.', schema: recoveryCodesSchema }], errors: ['conflict', 'rate_limited'],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/factor/codes', id: 'renewRecoveryCodes', summary: 'Ten new recovery codes; those before stop working',
    answers: [{ status: 200, says: 'Ten recovery codes, shown once.', schema: recoveryCodesSchema }], errors: [],
  },
  {
    ...staff, method: 'get', path: '/api/desk/staff/sessions', id: 'listStaffSessions', summary: 'Where I am signed in; for chief and admin also where colleagues are',
    answers: [{ status: 200, says: 'Mine first.', schema: staffSessionsSchema }], errors: [],
  },
  {
    ...staff, method: 'post', path: '/api/desk/staff/sessions/end', id: 'endStaffSessions', summary: 'Ends one session, or all of one person',
    body: endStaffSessionsSchema, answers: [done], errors: ['not_found'],
  },
]
