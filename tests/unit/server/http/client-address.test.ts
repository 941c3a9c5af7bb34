import { describe, expect, it } from 'vitest'
import { addressBehind, limitSubject } from '#server/http/client-address'

describe('the client behind proxies', () => {
  it('without a trusted proxy the socket counts, whatever the header claims', () => {
    expect(addressBehind('192.0.2.1', '203.0.113.9', 0)).toBe('192.0.2.1')
  })

  it('with one it is the last entry, with two the last but one', () => {
    expect(addressBehind('10.0.0.1', '198.51.100.7, 203.0.113.9', 1)).toBe('203.0.113.9')
    expect(addressBehind('10.0.0.1', '198.51.100.7, 203.0.113.9', 2)).toBe('198.51.100.7')
  })

  it('a request that did not come through all of them is its socket', () => {
    expect(addressBehind('10.0.0.1', '203.0.113.9', 2)).toBe('10.0.0.1')
    expect(addressBehind('10.0.0.1', undefined, 1)).toBe('10.0.0.1')
  })
})

describe('what limits count by', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['[2001:0DB8:0001:0002::9]:443', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, subject) => {
    expect(limitSubject(address)).toBe(subject)
  })
})
