import { expect, test } from '@playwright/test'
import { aPhone, arrangeNight } from './patrol-night-stage.ts'

test('a code that is entered without network is kept, sent when the network is back, and counts once', async ({ browser }) => {
  test.setTimeout(120_000)
  const [lin, amina] = [await aPhone(browser, { script: true }), await aPhone(browser, { script: true })]
  const night = await arrangeNight([{ email: lin.email, name: 'Lin Xia' }, { email: amina.email, name: 'Amina Yusuf' }])
  try {
    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: 'Open the roll call' }).click()
    await amina.page.goto(night.path)
    // The code that the lead's phone showed five minutes ago, when there was no network.
    const code = await night.codeOfBefore(5 * 60)
    await amina.page.context().setOffline(true)
    await amina.page.getByLabel('Code').fill(code)
    await amina.page.getByRole('button', { name: 'Check in' }).click()
    await expect(amina.page.locator('enhance-check-in [data-status]')).toContainText('There is no network')
    expect(JSON.parse(await amina.page.evaluate(() => localStorage.getItem('linli-check-in') ?? '{}'))).toEqual({ place: expect.any(String), code, at: expect.any(Number) })
    expect(await night.checkIns()).toEqual([])

    await amina.page.context().setOffline(false)
    await expect(amina.page.getByRole('main')).toContainText('You checked in at', { timeout: 20_000 })
    expect(await night.checkIns()).toEqual(['offline'])
    expect(await amina.page.evaluate(() => localStorage.getItem('linli-check-in'))).toBeNull()
    await lin.page.reload()
    await expect(lin.page.getByRole('region', { name: '1 of 2 are here' })).toContainText('sent later, no network')
  }
  finally {
    await night.close()
  }
})

test('the lead\'s phone goes on showing codes without network, and says when they are used up', async ({ browser }) => {
  test.setTimeout(90_000)
  const [lin, amina] = [await aPhone(browser, { script: true }), await aPhone(browser, { script: true })]
  // Two: a shift of one is called off by the job.
  const night = await arrangeNight([{ email: lin.email, name: 'Lin Xia' }, { email: amina.email, name: 'Amina Yusuf' }])
  try {
    await lin.page.clock.install()
    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: 'Open the roll call' }).click()
    const code = lin.page.locator('.roll-call-code')
    const listed = async () => (await lin.page.locator('.roll-call-next li').allTextContents()).map(text => text.trim().slice(-6))
    const codes = await listed()
    expect(codes.length).toBeGreaterThanOrEqual(20)
    // A script that comes after the leap would take the moment of the page for now.
    await lin.page.waitForFunction(() => customElements.get('enhance-roll-call') !== undefined)
    await lin.page.context().setOffline(true)
    await lin.page.clock.fastForward(5 * 60_000)
    await expect(code).toHaveText(new RegExp(codes.slice(9, 12).join('|')))
    await lin.page.clock.fastForward(7 * 60_000)
    await expect(lin.page.locator('enhance-roll-call [data-status]')).toHaveText('This phone has no more digits. Connect and reload.')
  }
  finally {
    await night.close()
  }
})
