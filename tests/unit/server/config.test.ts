import { describe, expect, it } from 'vitest'
import { readConfig } from '#server/config'

const key = Buffer.alloc(32, 7).toString('base64')
const station = { PUBLIC_URL: 'https://ping-an.example', LINLI_MASTER_KEYS: `a:${key}` }
const bot = { TELEGRAM_BOT_TOKEN: '123456:AAabcdefghijk' }

describe('settings', () => {
  it('the demo needs none', () => {
    expect(readConfig({ LINLI_DEMO: '1' })).toMatchObject({ port: 3000, host: '127.0.0.1', publicUrl: 'http://localhost:3000', isDemo: true, trustedProxies: 0, emergencyNumbers: { police: '110' } })
  })

  it('a station is read', () => {
    const config = readConfig({ ...station, LINLI_MASTER_KEYS: `b:${key},a:${key}`, SMTP_URL: '', EMERGENCY_NUMBERS: 'police:999' })

    expect(config.masterKeys.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(config).toMatchObject({ smtpUrl: undefined, mailFrom: 'no-reply@ping-an.example', emergencyNumbers: { police: '999', fire: '119' } })
  })

  it('without a token there is no bot; with one it asks for updates, or is sent them with a secret', () => {
    expect(readConfig({ LINLI_DEMO: '1', TELEGRAM_MODE: 'webhook' }).telegram).toBeUndefined()
    expect(readConfig({ ...station, ...bot }).telegram).toEqual({ mode: 'polling', token: bot.TELEGRAM_BOT_TOKEN, apiRoot: 'https://api.telegram.org' })
    expect(readConfig({ ...station, ...bot, TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 's'.repeat(16) }).telegram)
      .toEqual({ mode: 'webhook', token: bot.TELEGRAM_BOT_TOKEN, apiRoot: 'https://api.telegram.org', secret: 's'.repeat(16), url: 'https://ping-an.example/api/telegram/webhook' })
  })

  it.each([
    [{ LINLI_DEMO: '1', PORT: 'x' }, 'PORT'],
    [{ LINLI_DEMO: '1', PORT: '70000' }, 'PORT'],
    [{ LINLI_DEMO: 'yes' }, 'LINLI_DEMO'],
    [{ LINLI_DEMO: '1', HOST: '0.0.0.0' }, 'HOST'],
    [{ LINLI_DEMO: '1', PUBLIC_URL: 'https://ping-an.example' }, 'PUBLIC_URL'],
    [{ LINLI_DEMO: '1', SUPABASE_URL: 'https://x.supabase.co', SUPABASE_PUBLISHABLE_KEY: 'p', SUPABASE_SECRET_KEY: 's' }, 'SUPABASE_URL'],
    [{ LINLI_MASTER_KEYS: `a:${key}` }, 'PUBLIC_URL'],
    [{ ...station, PUBLIC_URL: 'http://ping-an.example' }, 'PUBLIC_URL'],
    [{ ...station, PUBLIC_URL: 'https://ping-an.example/portal' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: station.PUBLIC_URL }, 'LINLI_MASTER_KEYS'],
    [{ ...station, LINLI_MASTER_KEYS: 'a:c2hvcnQ=' }, 'LINLI_MASTER_KEYS'],
    [{ ...station, SUPABASE_URL: 'https://x.supabase.co' }, 'SUPABASE_PUBLISHABLE_KEY'],
    [{ ...station, TRUST_PROXY: '-1' }, 'TRUST_PROXY'],
    [{ ...station, TELEGRAM_BOT_TOKEN: 'my bot' }, 'TELEGRAM_BOT_TOKEN'],
    [{ ...station, ...bot, TELEGRAM_MODE: 'push' }, 'TELEGRAM_MODE'],
    [{ ...station, ...bot, TELEGRAM_MODE: 'webhook' }, 'TELEGRAM_WEBHOOK_SECRET'],
    [{ ...station, ...bot, TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 'short' }, 'TELEGRAM_WEBHOOK_SECRET'],
    [{ ...station, ...bot, TELEGRAM_API_ROOT: 'http://api.telegram.example' }, 'TELEGRAM_API_ROOT'],
    [{ LINLI_DEMO: '1', ...bot, TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 's'.repeat(16) }, 'TELEGRAM_MODE'],
    [{ ...station, SMTP_URL: 'mail.example' }, 'SMTP_URL'],
    [{ ...station, SMTP_URL: 'smtp://' }, 'SMTP_URL'],
    [{ ...station, MAIL_FROM: 'the station' }, 'MAIL_FROM'],
    [{ ...station, EMERGENCY_NUMBERS: 'police:one' }, 'EMERGENCY_NUMBERS'],
  ])('%j is refused with one sentence that names %s', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(new RegExp(`^[^.]*\\b${name}\\b[^\\n]*\\.$`))
  })
})
