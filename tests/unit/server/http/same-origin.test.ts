import { describe, expect, it } from 'vitest'
import { isSameOrigin } from '#server/http/same-origin'

const station = { publicUrl: 'https://ping-an.example', port: 3000, isDemo: false }
const demo = { publicUrl: 'http://localhost:3000', port: 3000, isDemo: true }

describe('RULES G1: who sent this?', () => {
  it('Sec-Fetch-Site decides when it is there, whatever Origin says', () => {
    expect(isSameOrigin({ secFetchSite: 'same-origin', origin: 'null' }, station)).toBe(true)
    expect(isSameOrigin({ secFetchSite: 'none' }, station)).toBe(true)
    expect(isSameOrigin({ secFetchSite: 'cross-site', origin: station.publicUrl }, station)).toBe(false)
    expect(isSameOrigin({ secFetchSite: 'same-site', origin: station.publicUrl }, station)).toBe(false)
  })

  it('else Origin has to be the public address', () => {
    expect(isSameOrigin({ origin: 'https://ping-an.example' }, station)).toBe(true)
    expect(isSameOrigin({ origin: 'https://ping-an.example.evil.example' }, station)).toBe(false)
    expect(isSameOrigin({ origin: 'http://ping-an.example' }, station)).toBe(false)
    expect(isSameOrigin({ origin: 'null' }, station)).toBe(false)
  })

  it('the names of this machine count in the demo only', () => {
    expect(isSameOrigin({ origin: 'http://127.0.0.1:3000' }, demo)).toBe(true)
    expect(isSameOrigin({ origin: 'http://[::1]:3000' }, demo)).toBe(true)
    expect(isSameOrigin({ origin: 'http://127.0.0.1:3001' }, demo)).toBe(false)
    expect(isSameOrigin({ origin: 'http://127.0.0.1:3000' }, station)).toBe(false)
  })

  it('without either header the answer is no', () => {
    expect(isSameOrigin({}, station)).toBe(false)
    expect(isSameOrigin({}, demo)).toBe(false)
  })
})
