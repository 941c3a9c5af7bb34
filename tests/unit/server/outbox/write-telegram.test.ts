import { describe, expect, it } from 'vitest'
import { showReply, telegramTextMax, writeNotice, writeReply } from '#server/outbox/messages/write-telegram'

const portal = 'https://ping-an.example'

describe('an answer of the assistant as a message of Telegram', () => {
  it('has its choices as buttons, whose data is the choice\'s id', () => {
    expect(showReply({ text: 'Shall I send it?', choices: [{ id: 'report:send', label: 'Send it' }, { id: 'report:change', label: 'Change something' }] }, 'en', portal)).toEqual({
      text: 'Shall I send it?', buttons: [{ label: 'Send it', data: 'report:send' }, { label: 'Change something', data: 'report:change' }],
    })
  })

  it('says which number to call, and shows a receipt with the word that it is shown once', () => {
    const call = showReply({ text: 'Please call now.', card: { kind: 'emergency', danger: 'violence', service: 'police', number: '110' } }, 'zh', portal)
    const sent = showReply({ text: '已收到。', card: { kind: 'report', reference: 'LL-7K3Q-9XPA', receipt: 'AAAA BBBB', rows: [{ label: '多久看', value: '24 小时内' }] } }, 'zh', portal)

    expect(call.text).toContain('110')
    expect(sent.text).toMatch(/LL-7K3Q-9XPA[^]*只显示这一次[^]*AAAA BBBB[^]*多久看：24 小时内/)
  })

  it('leads to the portal by a button; on this machine, where Telegram refuses that, by its address', () => {
    const link = { href: '/zh/reports/new', label: '到网页上填' }

    expect(showReply({ text: '好', link }, 'zh', portal).buttons).toEqual([{ label: '到网页上填', url: `${portal}/zh/reports/new` }])
    expect(showReply({ text: '好', link }, 'zh', 'http://localhost:3000')).toEqual({ text: '好\n\n到网页上填\nhttp://localhost:3000/zh/reports/new', buttons: [] })
  })

  it('what is too long for one message ends at a line', () => {
    const { text } = showReply({ text: `${'行\n'.repeat(3000)}` }, 'zh', portal)

    expect(text.length).toBeLessThanOrEqual(telegramTextMax)
    expect(text.endsWith('行\n…')).toBe(true)
    expect(showReply({ text: 'x'.repeat(9000) }, 'zh', portal).text.length).toBeLessThanOrEqual(telegramTextMax)
  })

  it('is read from what was sealed, and refused when it is something else', () => {
    expect(writeReply(JSON.stringify({ text: 'hi' }), 'en', portal)).toEqual({ text: 'hi', buttons: [] })
    expect(writeNotice(JSON.stringify({ text: 'hi', buttons: [{ label: 'Yes', data: 'tg.keep' }] }))).toEqual({ text: 'hi', buttons: [{ label: 'Yes', data: 'tg.keep' }] })
    expect(() => writeReply('{}', 'en', portal)).toThrow()
  })
})
