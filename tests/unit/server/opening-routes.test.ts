import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sourceFiles } from '../../architecture/source-files.ts'

/*
  RULES B3, issue 3: every address that reads a report is named here with what its reader writes into the log. That each of these
  functions of the database logs is tried in tests/db/reveal.test.ts.
*/

/** Use cases that open a text, a contact or a file, and what the database logs in the same call; `own` is the reporter's visit, which is not logged. */
const openers: Record<string, string> = {
  openDeskReport: 'report.opened', openDeskAttachment: 'attachment.opened', readIdentity: 'report.identity_read', openOriginal: 'attachment.original_read', lookUpReport: 'report.opened', openThreadTexts: 'chat.opened',
  trackReport: 'own', openTracked: 'own', openOwnAttachment: 'own', readProof: 'own', checkReceipt: 'own', exportAccount: 'own',
}

/** Addresses and the opener behind each. A new one belongs here, with an opener that logs. */
const addresses: Record<string, string> = {
  'server/api/desk/reports/[reference]/index.get': 'openDeskReport',
  'server/api/desk/attachments/[id].get': 'openDeskAttachment',
  'server/api/desk/reports/[reference]/reveals/[id]/identity.post': 'readIdentity',
  'server/api/desk/reports/[reference]/reveals/[id]/original.post': 'openOriginal',
  'server/api/desk/reports/intake/look-up.post': 'lookUpReport',
  'server/api/desk/chat/threads/[id]/index.get': 'openThreadTexts',
  'server/api/reports/[reference]/index.get': 'trackReport',
  'server/api/reports/[reference]/proof.get': 'readProof',
  'server/api/reports/[reference]/attachments/[id].get': 'openOwnAttachment',
  'server/routes/[locale]/reports/[reference]/index.get': 'openTracked',
  'server/routes/[locale]/reports/[reference]/answer.get': 'openTracked',
  'server/routes/[locale]/reports/[reference]/withdraw.get': 'openTracked',
  'server/routes/[locale]/reports/[reference]/proof.get': 'readProof',
  'server/routes/[locale]/reports/[reference]/files/[id].get': 'openOwnAttachment',
  'server/routes/[locale]/verify.post': 'checkReceipt',
  'server/routes/[locale]/account/data/linli.zip.get': 'exportAccount',
}

const files = sourceFiles().filter(({ path }) => path.endsWith('.ts'))
const textOf = (path: string) => readFileSync(path, 'utf8')
const nameOf = (path: string) => path.replace(/\.ts$/, '')

describe('every way to read a report (RULES B3)', () => {
  it('a use case that decrypts what a report holds is an opener, and each opener is one', () => {
    const decrypting = files.filter(({ path }) => path.startsWith('server/domain/') && /\b(openText|openBytes|openStream|decryptFile)\(/.test(textOf(path)) && /aboutReport|aboutFile/.test(textOf(path))).map(({ path }) => path).sort()

    expect(decrypting, 'Fix: a new place that decrypts goes through a function of the database that logs; then name it here.').toEqual([
      'server/domain/accounts/export-account.ts', // the owner's own copy, with a session younger than ten minutes
      'server/domain/messages/open-message.ts', // the address a mail goes to, for the worker that sends it and for a demo's mailbox
      'server/domain/reports/open-attachment.ts', 'server/domain/reports/read-desk-report.ts',
      'server/domain/reports/receive-file.ts', // a file on its way in
      'server/domain/reports/reveal-sealed.ts', 'server/domain/reports/track-report.ts', 'server/domain/trust/check-receipt.ts',
    ])
    for (const name of Object.keys(openers)) expect(files.some(({ path }) => new RegExp(`export (async )?function ${name}\\b`).test(textOf(path))), name).toBe(true)
  })

  it('an address that calls an opener is on the list, with that opener', () => {
    const calls = files.filter(({ path }) => /^server\/(api|routes)\//.test(path))
      .flatMap(({ path }) => Object.keys(openers).filter(name => new RegExp(`\\b${name}\\(`).test(textOf(path))).map(name => [nameOf(path), name]))

    expect(Object.fromEntries(calls), 'Fix: add the address with its opener; the opener logs, or the visit is the reporter\'s own.').toEqual(addresses)
  })

  it('pages read through these addresses alone: no page calls a use case', () => {
    const pages = sourceFiles().filter(({ path }) => /^(pages|components)\//.test(path))

    expect(pages.filter(({ imports }) => imports.some(({ file }) => file?.startsWith('server/'))).map(({ path }) => path)).toEqual([])
  })

  it('an address of the desk never opens by the reporter\'s way, which is not logged', () => {
    const wrong = Object.entries(addresses).filter(([path, opener]) => path.startsWith('server/api/desk/') && openers[opener] === 'own')

    expect(wrong).toEqual([])
  })
})
