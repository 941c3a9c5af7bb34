import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { signIn, type Stage } from './stage.ts'

/** Pages that need no more than their address: name of the picture → path below the language. */
const plainPages: Record<string, string> = {
  'home': '',
  'privacy': '/privacy',
  'accessibility': '/accessibility',
  'communities': '/communities',
  'community': '/communities/ping-an',
  'sign-in': '/sign-in',
  'sign-up': '/sign-up',
  'missing': '/no-such-page',
  'report-danger': '/reports/new',
  'report-call': '/reports/new/danger',
  'track': '/reports/track',
}

const stories = {
  zh: { rough: '最近半个月，差不多每天夜里', text: '楼上夜里十一点以后经常拖家具、放音乐，孩子睡不好。上去敲过一次门，没有人应。', name: '林秀芬', safe: '工作日下午' },
  en: { rough: 'Nearly every night for two weeks', text: 'After eleven at night the people upstairs drag furniture and play music. My child cannot sleep. I knocked once and nobody answered.', name: 'Lin Xiufen', safe: 'Weekday afternoons' },
} as const

/** The documented report of the demo station. */
const known = { reference: 'LL-DEM0-2026', receipt: 'DEM0 DEM0 DEM0 DEM0 DEM0 DEM0' }

/** Pages anybody can open. */
export async function showPlainPages(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  for (const [name, path] of Object.entries(plainPages)) {
    await page.goto(`${url}/${locale}${path}`)
    await shoot(name)
  }
}

/** A report from the first question to its tracking page, with one refusal on the way. */
export async function fileReport(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const story = stories[locale]
  const go = () => submit(page)
  const arrive = (step: string) => page.waitForURL(`**/reports/${step}`)

  await page.goto(`${url}/${locale}/reports/new`)
  await page.locator('button[name=danger][value=no]').click()
  await arrive('new/category')
  await shoot('report-category')
  await page.locator('input[name=category][value=noise_dispute]').check()
  await go()

  await arrive('new/place')
  await shoot('report-place')
  await page.locator('select[name=grid]').selectOption('PA-05')
  await shoot('report-place-chosen')
  await go()

  await arrive('new/when')
  await page.locator('input[name=precision][value=rough]').check()
  await page.locator('input[name=text]').fill(story.rough)
  await shoot('report-when')
  await go()

  await arrive('new/details')
  await page.locator('main .actions .button').last().click()
  await page.locator('.error-summary').waitFor()
  await shoot('report-details-refused')
  await page.locator('textarea[name=description]').fill(story.text)
  for (const name of await page.locator('main input[type=radio]').evaluateAll(radios => [...new Set(radios.map(radio => radio.getAttribute('name') ?? ''))])) {
    await page.locator(`main input[type=radio][name="${name}"]`).first().check()
  }
  await shoot('report-details')
  await go()

  await arrive('new/files')
  await page.locator('input[type=file]').setInputFiles({ name: 'stairs.png', mimeType: 'image/png', buffer: await sharp({ create: { width: 800, height: 600, channels: 3, background: '#7a8a80' } }).png().toBuffer() })
  await page.locator('button[name=act][value=add]').click()
  await page.locator('ol.files li').first().waitFor()
  await shoot('report-files')
  await go()

  await arrive('new/contact')
  await shoot('report-contact')
  await page.locator('input[name=mode][value=named]').check()
  await go()

  await arrive('new/reach')
  await page.locator('input[name=name]').fill(story.name)
  await page.locator('input[name=phone]').fill('138 0000 0021')
  await page.locator('input[name=way][value=contact]').check()
  await page.locator('input[name=safeContact]').fill(story.safe)
  await shoot('report-reach')
  await go()

  await arrive('new/check')
  await shoot('report-check')
  await go()

  await arrive('sent')
  await shoot('report-sent')
  const reference = await page.locator('.reference').innerText()
  const receipt = await page.locator('.receipt-code').innerText()
  await go()
  await shoot('report-saved')

  await track(page, { url, locale, shoot }, { reference, receipt })
  await shoot('report-new')
  await page.goto(`${url}/${locale}/reports/${reference}/withdraw`)
  await shoot('report-withdraw')
}

/** The demo's documented report, and a receipt that does not fit. */
export async function followReport(page: Page, stage: Stage): Promise<void> {
  await track(page, stage, { ...known, receipt: known.receipt.replaceAll('DEM0', 'DEM1') })
  await stage.shoot('track-refused')
  await track(page, stage, known)
  await page.locator('details').evaluateAll(all => all.forEach(details => details.setAttribute('open', '')))
  await stage.shoot('report-followed')
}

async function track(page: Page, { url, locale }: Stage, typed: { reference: string, receipt: string }) {
  await page.goto(`${url}/${locale}/reports/track`)
  await page.locator('input[name=reference]').fill(typed.reference)
  await page.locator('input[name=receipt]').fill(typed.receipt)
  await submit(page)
}

/** Presses the form's own button; scripts may hold the form back for a moment. */
async function submit(page: Page) {
  const loaded = page.waitForEvent('load')
  await page.locator('main form').last().locator('button.button[type=submit]').last().click()
  await loaded
}

/** What a signed-in resident has. */
export async function visitAccount(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  await signIn(page, url, 'resident@demo.linli')
  for (const [name, path] of Object.entries({ 'account': '/account', 'account-reports': '/account/reports', 'account-password': '/account/password', 'sign-out': '/sign-out' })) {
    await page.goto(`${url}/${locale}${path}`)
    await shoot(name)
  }
}

/** The desk as the people who work at it see it. */
export async function visitDesk(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const open = async (name: string, path: string) => {
    await page.goto(`${url}/${locale}/desk${path}`, { waitUntil: 'networkidle' })
    await shoot(name)
  }
  await open('desk-sign-in', '/sign-in')
  await signIn(page, url, 'officer@demo.linli')
  await open('desk-inbox', '')
  await open('desk-report', `/reports/${known.reference}`)
  await open('desk-mailbox', '/mailbox')
  await page.context().clearCookies()
  await signIn(page, url, 'chief@demo.linli')
  await open('desk-inbox-chief', '')
  await open('desk-audit', '/audit')
  await open('desk-bans', '/bans')
  await page.context().clearCookies()
  await signIn(page, url, 'admin@demo.linli')
  await open('desk-admin', '')
}

/** The station as those see it who run it. */
export async function runStation(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const visits: [who: string, pages: Record<string, string>][] = [
    ['admin', { 'desk-people-admin': '/people', 'desk-settings': '/settings', 'desk-settings-categories': '/settings?section=categories', 'desk-settings-areas': '/settings?section=areas' }],
    ['chief', { 'desk-people': '/people', 'desk-duty': '/duty', 'desk-sessions': '/sessions', 'desk-retention': '/retention', 'desk-calendar': '/calendar', 'desk-figures': '/figures', 'desk-notices': '/notices', 'desk-revisits': '/revisits', 'desk-messages': '/messages', 'desk-verification': '/verification' }],
    ['officer', { 'desk-intake': '/intake', 'desk-second-factor': '/second-factor' }],
  ]
  for (const [who, pages] of visits) {
    await page.context().clearCookies()
    await signIn(page, url, `${who}@demo.linli`)
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${url}/${locale}/desk${path}`, { waitUntil: 'networkidle' })
      await shoot(name)
    }
  }
}
