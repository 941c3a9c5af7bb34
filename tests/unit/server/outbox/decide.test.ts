import { describe, expect, it } from 'vitest'
import { decide } from '#server/outbox/decide'

const noon = new Date('2026-11-22T12:00:00+08:00')
const midnight = new Date('2026-11-23T00:00:00+08:00')
const facts = { created_at: '2026-11-22T11:59:00+08:00', level: 'all', quiet_from: '22:00', quiet_to: '07:00', time_zone: 'Asia/Shanghai' } as const
const aNight = { ...facts, created_at: '2026-11-22T23:59:00+08:00' }

describe('what becomes of a message that is due', () => {
  it('goes at noon and waits for the morning at midnight', () => {
    expect(decide(facts, 'normal', noon)).toEqual({ do: 'send' })
    expect(decide(aNight, 'normal', midnight)).toEqual({ do: 'hold', until: new Date('2026-11-23T07:00:00+08:00') })
    expect(decide(aNight, 'important', midnight)).toMatchObject({ do: 'hold' })
  })

  it('a call to duty goes at any hour, also to whoever wants no mail', () => {
    expect(decide({ ...aNight, level: 'none' }, 'call', midnight)).toEqual({ do: 'send' })
  })

  it('an urgent one and a sign-in code wake people', () => {
    expect(decide(aNight, 'urgent', midnight)).toEqual({ do: 'send' })
    expect(decide(aNight, 'code', midnight)).toEqual({ do: 'send' })
  })

  it('what the recipient does not want is cancelled, at any hour', () => {
    expect(decide({ ...facts, level: 'important' }, 'normal', noon)).toEqual({ do: 'cancel', why: 'opted_out' })
    expect(decide({ ...facts, level: 'important' }, 'important', noon)).toEqual({ do: 'send' })
    expect(decide({ ...aNight, level: 'none' }, 'urgent', midnight)).toEqual({ do: 'cancel', why: 'opted_out' })
  })

  it('what staff are told of their duties comes whatever they chose, but wakes nobody', () => {
    expect(decide({ ...facts, level: 'none' }, 'duty', noon)).toEqual({ do: 'send' })
    expect(decide({ ...facts, level: 'important' }, 'duty', noon)).toEqual({ do: 'send' })
    expect(decide({ ...aNight, level: 'none' }, 'duty', midnight)).toMatchObject({ do: 'hold' })
  })

  it('a sign-in code goes whatever the settings say, but not after its hour', () => {
    expect(decide({ ...facts, level: 'none' }, 'code', noon)).toEqual({ do: 'send' })
    expect(decide({ ...facts, created_at: '2026-11-22T10:59:00+08:00' }, 'code', noon)).toEqual({ do: 'cancel', why: 'expired' })
  })

  it('without a station the hours are those of Shanghai', () => {
    expect(decide({ ...aNight, time_zone: null }, 'normal', midnight)).toMatchObject({ do: 'hold' })
  })
})
