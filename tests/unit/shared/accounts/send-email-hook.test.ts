import { describe, expect, it } from 'vitest'
import { sendEmailHookSchema } from '#shared/accounts/send-email-hook'

const hookOf = (metadata: unknown) => ({ user: { email: 'amina@example.test', user_metadata: metadata }, email_data: { token: '123456', email_action_type: 'magiclink' } })

describe('what a stranger wrote about an account when signing up with its address', () => {
  it.each([{ locale: 'xx' }, { locale: 7 }, { locale: null }, { locale: {} }, 'text', 7, [], null, undefined])('%j keeps no mail away', (metadata) => {
    const mail = sendEmailHookSchema.safeParse(hookOf(metadata))

    expect(mail.success).toBe(true)
    expect(mail.data?.user.user_metadata?.locale).toBeUndefined()
  })

  it('a language of ours is taken', () => {
    expect(sendEmailHookSchema.parse(hookOf({ locale: 'zh', note: 'x' })).user.user_metadata?.locale).toBe('zh')
  })
})
