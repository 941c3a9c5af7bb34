import { describe, expect, it } from 'vitest'
import { parseEmergencyNumbers } from '#shared/reports/emergency-numbers'

const defaults = { police: '110', fire: '119', medical: '120', traffic: '122' }

describe('the setting EMERGENCY_NUMBERS', () => {
  it('is mainland China when unset or empty', () => {
    expect(parseEmergencyNumbers(undefined)).toEqual(defaults)
    expect(parseEmergencyNumbers(' ')).toEqual(defaults)
  })

  it('is read as written, with blanks allowed', () => {
    expect(parseEmergencyNumbers('police:999, fire : 998,medical:997,traffic:+85223456789')).toEqual({
      police: '999', fire: '998', medical: '997', traffic: '+85223456789',
    })
  })

  it('keeps the default of a service left out', () => {
    expect(parseEmergencyNumbers('police:112')).toEqual({ ...defaults, police: '112' })
  })

  it.each(['110', 'police', 'police:', 'police:abc', 'coastguard:118', 'police:110;fire:119', 'police:1"onclick', 'police:110:119'])(
    'refuses "%s" with a sentence that names the setting',
    (text) => {
      expect(() => parseEmergencyNumbers(text)).toThrow(/EMERGENCY_NUMBERS/)
    },
  )

  it('refuses a service named twice', () => {
    expect(() => parseEmergencyNumbers('police:110,police:112')).toThrow(/twice/)
  })
})
