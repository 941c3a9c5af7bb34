import { describe, expect, it } from 'vitest'
import { readSettings } from '../../scripts/serve/settings.ts'

const masterKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`
const realSupabase = {
  SUPABASE_URL: 'https://abc.supabase.co',
  SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
  SUPABASE_SECRET_KEY: 'sb_secret_x',
  SEND_EMAIL_HOOK_SECRET: 'v1,whsec_0123456789abcdef',
  LINLI_MASTER_KEYS: masterKeys,
  SMTP_URL: 'smtps://mail.example',
  PUBLIC_URL: 'https://linli.example',
}
const realEmbedded = { LINLI_DEMO: '0', LINLI_MASTER_KEYS: masterKeys, SMTP_URL: 'smtp://mail.example:587', PUBLIC_URL: 'https://linli.example', HOST: '0.0.0.0' }

const read = (env: NodeJS.ProcessEnv) => readSettings(env, '/srv/linli')

function sentenceOf(env: NodeJS.ProcessEnv) {
  try {
    read(env)
  }
  catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'no sentence: it started'
}

describe('settings of a start', () => {
  it('without any, the demo station on this machine only', () => {
    expect(read({})).toEqual({ port: 3000, host: '127.0.0.1', publicUrl: 'http://localhost:3000', dataDir: '/srv/linli/.data', isDemo: true, embeddedPort: 54321, hasPollingBot: false })
    expect(read({ PORT: '', LINLI_DEMO: '', SUPABASE_URL: '' })).toMatchObject({ port: 3000, isDemo: true })
  })

  it('a real Supabase needs no embedded backend and is never a demo', () => {
    expect(read(realSupabase)).toMatchObject({ isDemo: false, embeddedPort: undefined, publicUrl: 'https://linli.example' })
  })

  it('the embedded backend without the demo may listen to everybody', () => {
    expect(read(realEmbedded)).toMatchObject({ isDemo: false, host: '0.0.0.0', embeddedPort: 54321 })
  })

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a port that is no number', { PORT: 'eighty' }, /PORT/],
    ['a port that does not exist', { PORT: '70000' }, /PORT/],
    ['an embedded port that is no number', { SUPABASE_PORT: 'x' }, /SUPABASE_PORT/],
    ['one port for two', { PORT: '4000', SUPABASE_PORT: '4000' }, /PORT and SUPABASE_PORT are both 4000/],
    ['an address that is none', { PUBLIC_URL: 'linli' }, /PUBLIC_URL/],
    ['a demo switch that is neither on nor off', { LINLI_DEMO: 'yes' }, /LINLI_DEMO/],
    ['master keys of a wrong length', { LINLI_MASTER_KEYS: 'k1:AAAA' }, /LINLI_MASTER_KEYS/],
    ['RULES F1: a demo that everybody could reach', { HOST: '0.0.0.0' }, /HOST/],
    ['RULES F1: a demo at a public address', { PUBLIC_URL: 'https://linli.example' }, /PUBLIC_URL/],
    ['RULES F1: a demo on a real Supabase', { ...realSupabase, LINLI_DEMO: '1' }, /LINLI_DEMO=1 is refused with SUPABASE_URL/],
    ['RULES F1: an embedded station without keys and mail', { LINLI_DEMO: '0' }, /LINLI_MASTER_KEYS, SMTP_URL and PUBLIC_URL must be set/],
    ['RULES F1: an embedded station without mail', { ...realEmbedded, SMTP_URL: '' }, /SMTP_URL must be set/],
    ['RULES G1: a real station without TLS', { ...realEmbedded, PUBLIC_URL: 'http://linli.example' }, /PUBLIC_URL .*https/],
    ['a real Supabase without its secret key', { ...realSupabase, SUPABASE_SECRET_KEY: undefined }, /SUPABASE_SECRET_KEY must be set/],
    ['a real Supabase without mail, by which its sign-in codes go', { ...realSupabase, SMTP_URL: undefined }, /SMTP_URL must be set/],
    ['a real Supabase without the mail hook', { ...realSupabase, SEND_EMAIL_HOOK_SECRET: undefined }, /SEND_EMAIL_HOOK_SECRET must be set/],
  ])('refuses in one sentence: %s', (_what, env, expected) => {
    const sentence = sentenceOf(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)))

    expect(sentence).toMatch(expected)
    expect(sentence).toMatch(/^[^\n]+\.$/)
  })
})
