import { describe, expect, it } from 'vitest'
import { joinReplies } from '#server/chat/join-replies'

describe('answers for Telegram', () => {
  it('words that lead to the next message become part of it', () => {
    expect(joinReplies([{ text: 'I understand.' }, { text: 'Where was it?', choices: [{ id: '.a', label: 'A' }] }])).toEqual([{ text: 'I understand.\n\nWhere was it?', choices: [{ id: '.a', label: 'A' }] }])
  })

  it('a receipt, a card and a link stay messages of their own, and nothing is lost', () => {
    const replies = [{ text: 'a' }, { text: 'b', link: { href: '/x', label: 'x' } }, { text: 'c' }, { text: 'receipt', once: true }, { text: 'd' }, { text: 'e' }]

    expect(joinReplies(replies).map(({ text }) => text)).toEqual(['a\n\nb', 'c', 'receipt', 'd\n\ne'])
    expect(joinReplies([])).toEqual([])
  })
})
