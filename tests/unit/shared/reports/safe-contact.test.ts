import { expect, it } from 'vitest'
import { isPortalOnly, isRevisitByLetter } from '#shared/reports/safe-contact'

it('for violence at home the default is no contact outside the portal, until the reporter says what is safe (RULES D3)', () => {
  expect(isPortalOnly('domestic_violence', {})).toBe(true)
  expect(isPortalOnly('domestic_violence', null)).toBe(true)
  expect(isPortalOnly('domestic_violence', { safeContact: 'weekdays, text only' })).toBe(false)
  expect(isPortalOnly('domestic_violence', { portalOnly: false })).toBe(false)
})

it('what the reporter chose counts, whatever the report is about', () => {
  expect(isPortalOnly('theft', { portalOnly: true })).toBe(true)
  expect(isPortalOnly('theft', {})).toBe(false)
  expect(isPortalOnly('domestic_violence', { portalOnly: true, safeContact: 'never' })).toBe(true)
})

it('whoever gave no name, or no way to be reached, is written to (RULES D3)', () => {
  expect(isRevisitByLetter('theft', { mode: 'anonymous' })).toBe(true)
  expect(isRevisitByLetter('theft', { mode: 'sealed' })).toBe(true)
  expect(isRevisitByLetter('theft', { mode: 'named' })).toBe(false)
  expect(isRevisitByLetter('theft', { mode: 'named', portalOnly: true })).toBe(true)
  expect(isRevisitByLetter('domestic_violence', { mode: 'named' })).toBe(true)
})
