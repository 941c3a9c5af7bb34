import { createHmac } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { fixtureFolders } from './fixture-folders.ts'
import { openMailSink } from './mail-sink.ts'

let sink: Awaited<ReturnType<typeof openMailSink>>
let backend: TestBackend
const logged: string[] = []

beforeAll(async () => {
  sink = await openMailSink()
  backend = await startTestBackend({ folders: fixtureFolders, hookUrl: sink.url, log: message => logged.push(message) })
})
afterAll(async () => {
  await backend?.stop()
  await sink?.close()
})
afterEach(() => sink.answerWith(200))

let number = 0
const anAddress = () => `resident${number++}@example.test`
const password = 'a-long-password'

describe('a code by e-mail', () => {
  it('verifyOtp with type "email" signs in (lite knows only magiclink and signup)', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const { mail } = await sink.mailTo(email)

    const { data, error } = await client.auth.verifyOtp({ email, token: mail.email_data.token, type: 'email' })

    expect(error).toBeNull()
    expect(data.user?.email).toBe(email)
    expect(mail.email_data).toMatchObject({ token: expect.stringMatching(/^\d{6}$/), token_hash: expect.stringMatching(/^[0-9a-f]{64}$/), email_action_type: 'magiclink' })
  })

  it('works once, and not after ten minutes', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const { token } = (await sink.mailTo(email)).mail.email_data
    expect((await client.auth.verifyOtp({ email, token, type: 'email' })).error).toBeNull()
    expect((await client.auth.verifyOtp({ email, token, type: 'email' })).error?.code).toBe('otp_expired')

    await client.auth.signInWithOtp({ email })
    const later = (await sink.mailTo(email, 2)).mail.email_data.token
    await backend.sql`update auth.users set recovery_sent_at = now() - interval '10 minutes 1 second' where email = ${email}`

    expect((await client.auth.verifyOtp({ email, token: later, type: 'email' })).error?.code).toBe('otp_expired')
  })

  it('an address counts as confirmed only after its code was typed (lite confirms it at once)', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const state = () => backend.sql`select email_confirmed_at is not null as confirmed, (select count(*)::int from auth.sessions s where s.user_id = u.id) as sessions from auth.users u where email = ${email}`

    expect(await state()).toEqual([{ confirmed: false, sessions: 0 }])
    await client.auth.verifyOtp({ email, token: (await sink.mailTo(email)).mail.email_data.token, type: 'email' })
    expect(await state()).toEqual([{ confirmed: true, sessions: 1 }])
  })

  it('ten wrong guesses close the door for that address only', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const { token } = (await sink.mailTo(email)).mail.email_data
    const wrong = token === '000000' ? '000001' : '000000'
    for (let guess = 0; guess < 10; guess++) expect((await client.auth.verifyOtp({ email, token: wrong, type: 'email' })).error?.status).toBe(403)

    expect((await client.auth.verifyOtp({ email, token, type: 'email' })).error).toMatchObject({ status: 429, code: 'over_request_rate_limit' })

    const other = anAddress()
    await client.auth.signInWithOtp({ email: other })
    expect((await client.auth.verifyOtp({ email: other, token: (await sink.mailTo(other)).mail.email_data.token, type: 'email' })).error).toBeNull()
  })
})

describe('guesses and mails', () => {
  it('guesses that come at once do not pass together', async () => {
    const email = anAddress()
    await backend.guestClient().auth.signInWithOtp({ email })
    const { token } = (await sink.mailTo(email)).mail.email_data
    const wrong = token === '000000' ? '000001' : '000000'

    const answers = await Promise.all(Array.from({ length: 30 }, () => backend.guestClient().auth.verifyOtp({ email, token: wrong, type: 'email' })))

    expect(answers.filter(({ error }) => error?.status === 403)).toHaveLength(10)
    expect(answers.filter(({ error }) => error?.status === 429)).toHaveLength(20)
  })

  it('twelve mails an hour are the end for one address, and so for guessing at it; another address is served', async () => {
    const email = anAddress(), client = backend.guestClient()
    for (let mail = 0; mail < 12; mail++) expect((await client.auth.signInWithOtp({ email })).error).toBeNull()

    expect((await client.auth.signInWithOtp({ email })).error).toMatchObject({ status: 429, code: 'over_email_send_rate_limit' })
    expect((await client.auth.signInWithOtp({ email: anAddress() })).error).toBeNull()
  })

  it('a new mail opens the door again: guesses lock nobody out', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const { token } = (await sink.mailTo(email)).mail.email_data
    const wrong = token === '000000' ? '000001' : '000000'
    for (let guess = 0; guess < 11; guess++) await client.auth.verifyOtp({ email, token: wrong, type: 'email' })

    await client.auth.signInWithOtp({ email })

    expect((await client.auth.verifyOtp({ email, token: (await sink.mailTo(email, 2)).mail.email_data.token, type: 'email' })).error).toBeNull()
  })

  it('a mail leads to the page that asked for it, if that is a page of the site', async () => {
    const [ours, theirs] = [anAddress(), anAddress()]
    await backend.guestClient().auth.signInWithOtp({ email: ours, options: { emailRedirectTo: 'http://localhost:3000/en/sign-in/code' } })
    await backend.guestClient().auth.signInWithOtp({ email: theirs, options: { emailRedirectTo: 'https://evil.example/en/sign-in/code' } })

    expect((await sink.mailTo(ours)).mail.email_data.redirect_to).toBe('http://localhost:3000/en/sign-in/code')
    expect((await sink.mailTo(theirs)).mail.email_data.redirect_to).not.toContain('evil')
  })
})

describe('sign-up by password', () => {
  it('gives no session until the address is confirmed', async () => {
    const email = anAddress(), client = backend.guestClient()

    const { data } = await client.auth.signUp({ email, password, options: { data: { locale: 'zh' } } })

    expect(data.session).toBeNull()
    expect((await client.auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials')
    const { mail } = await sink.mailTo(email)
    expect(mail.email_data.email_action_type).toBe('signup')
    expect(mail.user.user_metadata).toMatchObject({ locale: 'zh' })
    expect((await client.auth.verifyOtp({ email, token: mail.email_data.token, type: 'email' })).error).toBeNull()
    expect((await client.auth.signInWithPassword({ email, password })).error).toBeNull()
  })

  it('answers for a known address as for a new one (lite says aloud that it is known)', async () => {
    const known = await backend.createUser('amina_resident'), client = backend.guestClient()

    const { data, error } = await client.auth.signUp({ email: known.email, password })

    expect(error).toBeNull()
    expect(data).toMatchObject({ session: null, user: { email: known.email, identities: [] } })
    expect(data.user?.id).not.toBe(known.id)
    expect((await client.auth.signInWithPassword({ email: known.email, password })).error?.code).toBe('invalid_credentials')
  })

  it('can be asked to send the code again after a minute (lite never does)', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signUp({ email, password })
    const first = (await sink.mailTo(email)).mail.email_data.token

    expect((await client.auth.resend({ type: 'signup', email })).error).toBeNull()
    await backend.sql`update auth.users set confirmation_sent_at = now() - interval '61 seconds' where email = ${email}`
    expect((await client.auth.resend({ type: 'signup', email })).error).toBeNull()

    const second = (await sink.mailTo(email, 2)).mail.email_data.token
    expect(sink.received.filter(({ mail }) => mail.user.email === email)).toHaveLength(2)
    if (second !== first) expect((await client.auth.verifyOtp({ email, token: first, type: 'email' })).error?.code).toBe('otp_expired')
    expect((await client.auth.verifyOtp({ email, token: second, type: 'email' })).error).toBeNull()
  })

  it('a password set before the owner proved the address is gone once the owner signs in by code', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signUp({ email, password })
    await sink.mailTo(email)

    await client.auth.signInWithOtp({ email })
    const { mail } = await sink.mailTo(email, 2)
    expect((await client.auth.verifyOtp({ email, token: mail.email_data.token, type: 'email' })).error).toBeNull()

    expect((await backend.guestClient().auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials')
  })

  it('asks for twelve characters', async () => {
    expect((await backend.guestClient().auth.signUp({ email: anAddress(), password: 'eleven char' })).error?.code).toBe('weak_password')
  })

  it('without an address there is no account', async () => {
    expect((await backend.guestClient().auth.signInAnonymously()).error?.status).toBe(422)
  })
})

describe('sessions', () => {
  it('a token carries the claims that Supabase puts into it, also after a refresh', async () => {
    const client = await backend.signInAs(await backend.createUser('amina_resident', { locale: 'zh' }))
    const wanted = { role: 'authenticated', aud: 'authenticated', aal: 'aal1', is_anonymous: false, app_metadata: { provider: 'email', providers: ['email'] }, user_metadata: { locale: 'zh' }, session_id: expect.any(String) }

    const first = (await client.auth.getSession()).data.session
    expect(decodeJwt(first?.access_token ?? '')).toMatchObject({ ...wanted, amr: [{ method: 'password', timestamp: expect.any(Number) }] })
    const refreshed = (await client.auth.refreshSession()).data.session
    expect(decodeJwt(refreshed?.access_token ?? '')).toMatchObject(wanted)

    expect((await client.rpc('who_am_i')).data).toMatchObject({ role: 'authenticated', uid: first?.user.id, email: first?.user.email })
  })

  it('signing out ends the session in the database', async () => {
    const amina = await backend.createUser('amina_resident')
    const client = await backend.signInAs(amina)
    const token = (await client.auth.getSession()).data.session?.access_token ?? ''
    expect((await backend.guestClient().auth.getUser(token)).error).toBeNull()

    await client.auth.signOut()

    expect(await backend.sql`select 1 from auth.sessions where user_id = ${amina.id}`).toHaveLength(0)
    expect((await backend.guestClient().auth.getUser(token)).error?.name).toBe('AuthSessionMissingError')
  })

  it('a new password is set with a session', async () => {
    const amina = await backend.createUser('amina_resident')
    const client = await backend.signInAs(amina)

    expect((await client.auth.updateUser({ password: 'another-password' })).error).toBeNull()

    expect((await backend.guestClient().auth.signInWithPassword({ email: amina.email, password: 'another-password' })).error).toBeNull()
  })
})

describe('the admin API', () => {
  const admin = () => backend.serviceClient().auth.admin

  it('makes, finds, changes, lists page by page and deletes users', async () => {
    const email = anAddress()
    const made = await admin().createUser({ email: email.toUpperCase(), password, email_confirm: true, user_metadata: { locale: 'zh' }, app_metadata: { from: 'desk' } })
    const id = made.data.user?.id ?? ''
    expect(made.data.user).toMatchObject({ email, user_metadata: { locale: 'zh' }, app_metadata: { from: 'desk', provider: 'email' }, identities: [expect.objectContaining({ provider: 'email' })] })
    expect((await backend.guestClient().auth.signInWithPassword({ email, password })).error).toBeNull()

    const renamed = anAddress()
    expect((await admin().updateUserById(id, { email: renamed, password: 'another-password', user_metadata: { tone: 'warm' } })).data.user).toMatchObject({ email: renamed, user_metadata: { locale: 'zh', tone: 'warm' } })
    expect((await backend.guestClient().auth.signInWithPassword({ email: renamed, password: 'another-password' })).error).toBeNull()
    expect((await admin().getUserById(id)).data.user?.email).toBe(renamed)

    const first = await admin().listUsers({ page: 1, perPage: 2 }), second = await admin().listUsers({ page: 2, perPage: 2 })
    expect(first.data.users).toHaveLength(2)
    expect(first.data).toMatchObject({ nextPage: 2, total: (await backend.sql`select 1 from auth.users`).length })
    expect(second.data.users.map(user => user.id)).not.toContain(first.data.users[0]?.id)

    expect((await admin().deleteUser(id)).error).toBeNull()
    expect((await admin().getUserById(id)).error).toMatchObject({ status: 404, code: 'user_not_found' })
    expect((await admin().deleteUser(id)).error?.status).toBe(404)
  })

  it('answers a known address with 422 email_exists', async () => {
    const amina = await backend.createUser('amina_resident'), zhang = await backend.createUser('zhang_resident')

    expect((await admin().createUser({ email: amina.email })).error).toMatchObject({ status: 422, code: 'email_exists' })
    expect((await admin().updateUserById(zhang.id, { email: amina.email })).error).toMatchObject({ status: 422, code: 'email_exists' })
  })

  it('refuses what it does not know, aloud', async () => {
    expect((await admin().createUser({ email: anAddress(), password: 'short' })).error).toMatchObject({ status: 422, code: 'weak_password' })
    expect((await admin().createUser({ email: anAddress(), ban_duration: '1h' })).error?.status).toBe(400)
    expect((await admin().createUser({ email: 'nobody' })).error?.status).toBe(400)
    expect((await admin().generateLink({ type: 'magiclink', email: anAddress() })).error?.status).toBe(404)
  })

  it('is closed to guests and to signed-in users', async () => {
    const amina = await backend.createUser('amina_resident')
    const token = (await (await backend.signInAs(amina)).auth.getSession()).data.session?.access_token ?? ''

    for (const authorization of [`Bearer ${backend.publishableKey}`, `Bearer ${token}`, `Bearer ${backend.secretKey}`]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await fetch(`${backend.url}/auth/v1/admin/users/${amina.id}`, { method, headers: { apikey: backend.publishableKey, authorization } })
        expect(response.status).toBe(403)
      }
    }
    const asUser = await fetch(`${backend.url}/auth/v1/admin/users`, { headers: { apikey: backend.secretKey, authorization: `Bearer ${token}` } })
    expect(asUser.status).toBe(403)
  })
})

describe('mails', () => {
  it('go to the portal signed as Standard Webhooks asks', async () => {
    const email = anAddress()
    await backend.guestClient().auth.signInWithOtp({ email })

    const { headers, text, mail } = await sink.mailTo(email)

    const key = Buffer.from((backend.embedded?.keys.sendEmailHookSecret ?? '').slice('v1,whsec_'.length), 'base64')
    const expected = createHmac('sha256', key).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${expected}`)
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(10)
    expect(mail.email_data.site_url).toBe('http://localhost:3000')
    expect(mail.user.id).toEqual(expect.any(String))
  })

  it('that the portal refuses are reported without the address', async () => {
    const email = anAddress()
    sink.answerWith(422)

    await backend.guestClient().auth.signInWithOtp({ email })
    await sink.mailTo(email)
    await expect.poll(() => logged.length).toBeGreaterThan(0)

    expect(logged.at(-1)).toContain('answered 422')
    expect(logged.join()).not.toContain('@')
  })

  it('of every kind say what they are for', async () => {
    const amina = await backend.createUser('amina_resident')
    const client = await backend.signInAs(amina)

    await client.auth.resetPasswordForEmail(amina.email)
    expect((await sink.mailTo(amina.email)).mail.email_data.email_action_type).toBe('recovery')
    await client.auth.reauthenticate()
    expect((await sink.mailTo(amina.email, 2)).mail.email_data).toMatchObject({ email_action_type: 'reauthentication', token: expect.stringMatching(/^\d{6}$/) })
  })
})
