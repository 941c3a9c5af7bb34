import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettingsFile, settingsPath, withSettings, writeSettingsFile } from '../../scripts/bootstrap/settings-file.mjs'
import { scratchFolder } from '../scratch.ts'

const aFile = () => join(scratchFolder('settings'), 'station.env')

describe('the settings file', () => {
  it('gives back what was written, for its owner alone', () => {
    const path = aFile()
    const settings = { LINLI_DEMO: '0', SMTP_URL: 'smtps://mail%40hill:p#ss;w$rd`"@mail.example', LINLI_MASTER_KEYS: 'k1:ab+/=,k2:cd==', LINLI_DATA_DIR: '/srv/with space' }

    writeSettingsFile(path, settings)

    expect(readSettingsFile(path)).toEqual(settings)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('that others may read is refused, and so is a line that is none, without saying what stands in it', () => {
    const path = aFile()
    writeFileSync(path, '# a comment\n\nSMTP_URL=smtp://user:secret word@mail\n', { mode: 0o600 })
    expect(() => readSettingsFile(path)).toThrow(`Line 3 of ${path} is not NAME=value.`)

    chmodSync(path, 0o640)
    expect(() => readSettingsFile(path)).toThrow(`run chmod 600 ${path}.`)
  })

  it('never takes a value that another reader of the file would see otherwise', () => {
    expect(() => writeSettingsFile(aFile(), { SMTP_URL: 'smtps://o\'hara@mail.example' })).toThrow(/^SMTP_URL must not hold a quotation mark/)
    expect(() => writeSettingsFile(aFile(), { MAIL_FROM: 'a@b.example\nHOST=0.0.0.0' })).toThrow(/^MAIL_FROM must not hold/)
  })

  it('is what a command gets, but for what the environment says itself', () => {
    const path = aFile()
    writeSettingsFile(path, { LINLI_DEMO: '0', PORT: '8080', PUBLIC_URL: 'https://linli.example' })

    expect(withSettings('/srv/linli', { LINLI_SETTINGS: path, PORT: '9090', PUBLIC_URL: '' })).toMatchObject({ LINLI_DEMO: '0', PORT: '9090', PUBLIC_URL: 'https://linli.example' })
  })

  it('is not given to whoever starts the demo', () => {
    const path = aFile()
    writeSettingsFile(path, { LINLI_DEMO: '0', PORT: '8080' })

    expect(withSettings('/srv/linli', { LINLI_SETTINGS: path, LINLI_DEMO: '1' })).toEqual({ LINLI_SETTINGS: path, LINLI_DEMO: '1' })
  })

  it('that is named has to be there; the usual one need not', () => {
    const path = aFile()

    expect(() => withSettings('/srv/linli', { LINLI_SETTINGS: path })).toThrow(`LINLI_SETTINGS names ${path}, which is not there; npm run setup makes it.`)
    expect(settingsPath('/srv/linli', {})).toBe('/srv/linli/station.env')
    expect(withSettings('/srv/nowhere', { HOME: '/root' })).toEqual({ HOME: '/root' })
  })
})
