import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { landingPath } from '#shared/accounts/landing-path'
import { safeNextPath } from '#shared/accounts/next-path'

describe('the way back after signing in', () => {
  it.each([
    '/zh', '/en/', '/zh/account', '/en/reports/LL-7K3Q-9XPA', '/zh/desk/audit?actor=chief&from=2026-11-01', '/zh/reports/new?draft=1',
  ])('%s is ours', (path) => {
    expect(safeNextPath(path)).toBe(path)
  })

  it.each([
    'https://evil.example/zh', '//evil.example/zh', '/\\evil.example', '\\\\evil.example', '/zh//evil.example', '/zh/\\evil.example', '/zh/../..//evil.example', '/zh/%2e%2e/evil',
    '/zh/%2F%2Fevil.example', 'javascript:alert(1)', '/zh/account\n//evil.example', '/zh/account\r\nset-cookie: a=b', ' /zh', '/\t/evil.example', '/fr/account', '/account', '', '/', '/zhx/account',
    '/zh/account#@evil.example', '/zh@evil.example', '/zh/sign-in', '/en/sign-in/code', '/zh/sign-out', '/zh/sign-up?next=/zh', '/zh/exit', `/zh/${'a'.repeat(400)}`, undefined, 7, ['/zh'],
  ])('%j leads nowhere', (path) => {
    expect(safeNextPath(path)).toBeUndefined()
  })

  it('whatever passes stays on our host', () => {
    const pieces = fc.constantFrom('/', '\\', '//', 'zh', 'en', '.', '..', '@', ':', '?', '#', '%2f', '%5c', '\t', '\n', 'evil.example', 'account', '&', '=')

    fc.assert(fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
      const path = safeNextPath(`/zh${parts.join('')}`)
      return path === undefined || new URL(path, 'https://linli.example').origin === 'https://linli.example'
    }), { numRuns: 5000 })
  })
})

describe('where somebody lands who has just signed in', () => {
  const cases = [
    { next: undefined, isStaff: false, lands: '/zh/account' },
    { next: undefined, isStaff: true, lands: '/zh/desk' },
    { next: '/en/account/reports', isStaff: false, lands: '/en/account/reports' },
    { next: '/zh/desk/audit', isStaff: true, lands: '/zh/desk/audit' },
    { next: '/zh/desk', isStaff: false, lands: '/zh/account' },
    { next: '/zh/desk?a=b', isStaff: false, lands: '/zh/account' },
    { next: '//evil.example', isStaff: true, lands: '/zh/desk' },
  ]

  it.each(cases)('staff $isStaff, from $next: $lands', ({ next, isStaff, lands }) => {
    expect(landingPath({ next, isStaff, locale: 'zh' })).toBe(lands)
  })
})
