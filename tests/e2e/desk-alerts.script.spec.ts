import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test'

test.use({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', actionTimeout: 15_000 })

async function deskOf(browser: Browser, account: string, viewport = { width: 1280, height: 900 }): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'en-GB' })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
const said = (page: Page, text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible()
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
async function expectNothingForAxe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}
const stamp = () => Math.random().toString(36).slice(2, 7)

test('an orange warning: drafted by an officer, given back, handed in again, published by another, updated and ended', async ({ browser }) => {
  test.setTimeout(150_000)
  const headline = `Gas smell in Xuefu Road ${stamp()}`
  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/alerts')
  await officer.getByRole('link', { name: 'Write one' }).click()
  await officer.getByRole('radio', { name: 'Orange warning' }).check()
  await said(officer, 'For other systems: act soon, severe, likely')
  await officer.getByLabel('What it is about').selectOption({ label: 'Gas leak' })
  const chinese = officer.getByRole('group', { name: /^Chinese/ })
  await chinese.getByLabel('Headline').fill(`学府路有燃气味 ${headline.slice(-5)}`)
  await chinese.getByLabel('What happened').fill('学府路一带有燃气味，正在排查。')
  const english = officer.getByRole('group', { name: 'English' })
  await english.getByLabel('Headline').fill(headline)
  await english.getByLabel('What happened').fill('There is a smell of gas in Xuefu Road. We are looking for the leak.')
  await officer.getByLabel('Add an area').selectOption({ index: 1 })
  await officer.getByRole('button', { name: 'Add', exact: true }).click()
  await officer.getByRole('button', { name: /^12 hrs? from now$/ }).click()
  await officer.getByRole('button', { name: 'Save draft' }).click()
  await expect(officer).toHaveURL(/\/en\/desk\/alerts\/LLA-/)
  const address = new URL(officer.url()).pathname
  await officer.getByText('CAP 1.2 file').click()
  await said(officer, '<severity>Severe</severity>')
  await expect(officer.getByRole('button', { name: /Publish/ })).toHaveCount(0)
  await officer.getByRole('button', { name: 'Hand in for review' }).click()
  await said(officer, /Waits for a team leader or station leader other than Chen Zhiyuan/)

  const lead = await deskOf(browser, 'lead')
  await lead.goto('/en/desk/alerts')
  await expect(lead.getByRole('listitem').filter({ hasText: headline })).toContainText('waits for you')
  await lead.getByRole('link', { name: headline }).click()
  await lead.getByRole('button', { name: 'Give back' }).click()
  await lead.getByLabel('What is to be changed').fill('Say which houses.')
  await inDialog(lead, 'Give back')
  await said(lead, /Given back: Chen Zhiyuan is to change it/)

  await officer.goto(address)
  await said(officer, 'Say which houses.')
  await english.getByLabel('What happened').fill('There is a smell of gas at Xuefu Road 10 to 20.')
  await expect(officer.getByRole('button', { name: 'Hand in for review' })).toHaveCount(0)
  await officer.getByRole('button', { name: 'Save draft' }).click()
  await officer.getByRole('button', { name: 'Hand in for review' }).click()
  await said(officer, /Waits for a team leader/)

  await lead.goto(address)
  await said(lead, 'There is a smell of gas at Xuefu Road 10 to 20.')
  await lead.getByRole('button', { name: 'Publish …' }).click()
  await expect(lead.getByRole('dialog')).toContainText('To subscribers in')
  await inDialog(lead, 'Publish now')
  await said(lead, 'in force')
  await expect(lead.getByRole('region', { name: 'All messages about this matter' }).or(lead.locator('section').filter({ hasText: 'All messages about this matter' })).first()).toContainText(/approved by .* published by/)

  await officer.goto(address)
  await officer.getByRole('button', { name: 'Update' }).click()
  await expect(officer).not.toHaveURL(new RegExp(`${address}$`))
  await english.getByLabel('What happened').fill('The leak was found. Stay away until it is closed.')
  await officer.getByRole('button', { name: 'Save draft' }).click()
  await officer.getByRole('button', { name: 'Hand in for review' }).click()
  await said(officer, /Waits for a team leader/)
  const update = new URL(officer.url()).pathname
  await lead.goto(update)
  await lead.getByRole('button', { name: 'Publish …' }).click()
  await inDialog(lead, 'Publish now')
  await said(lead, 'in force')

  await lead.getByRole('button', { name: 'All clear' }).click()
  await expect(lead).not.toHaveURL(new RegExp(`${update}$`))
  const clear = new URL(lead.url()).pathname
  await expect(lead.getByRole('radio', { name: 'Orange warning' })).toBeDisabled()
  await lead.getByRole('group', { name: /^Chinese/ }).getByLabel('Headline').fill('学府路燃气味已排除')
  await lead.getByRole('group', { name: /^Chinese/ }).getByLabel('What happened').fill('泄漏点已修好，可以正常生活。')
  await lead.getByRole('button', { name: 'Save draft' }).click()
  await lead.getByRole('button', { name: 'Hand in for review' }).click()
  await said(lead, /other than Shen Lan/)
  await expect(lead.getByRole('button', { name: 'Publish …' })).toHaveCount(0)
  const chief = await deskOf(browser, 'chief')
  await chief.goto(clear)
  await chief.getByRole('button', { name: 'Publish …' }).click()
  await inDialog(chief, 'Publish now')
  await said(chief, 'in force')

  await officer.goto(update)
  await said(officer, 'all clear given')
  await expect(officer.getByRole('button', { name: 'Update' })).toHaveCount(0)
  await expectNothingForAxe(officer)
  const shown = await (await officer.request.get(`/api/alerts/${clear.split('/').at(-1)}`)).json() as { references: { identifier: string }[] }
  expect(shown.references.map(({ identifier }) => identifier)).toEqual([update.split('/').at(-1)])
  for (const page of [officer, lead, chief]) await page.context().close()
})

test('the chief alone publishes a red one with a reason, which stands in its history', async ({ browser }) => {
  const chief = await deskOf(browser, 'chief')
  const { communities } = await (await chief.request.get('/api/desk/reference')).json() as { communities: { id: string }[] }
  const answer = await chief.request.post('/api/desk/alerts', { data: {
    kind: 'warning', colour: 'red', event: 'fire', urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed', expires: new Date(Date.now() + 6 * 3_600_000).toISOString(), isExercise: true,
    texts: { zh: { headline: '演练：仓库起火', description: '请远离东门。' } }, areas: [{ kind: 'community', community: communities[0]?.id }],
  }, headers: { 'sec-fetch-site': 'same-origin' } })
  const { alert } = await answer.json() as { alert: { identifier: string } }
  await chief.goto(`/en/desk/alerts/${alert.identifier}`)

  await expect(chief.getByRole('button', { name: 'Publish …' })).toHaveCount(0)
  await chief.getByRole('button', { name: 'Publish without a second person …' }).click()
  await chief.getByLabel('Why nobody else could look').fill('I am alone on duty tonight.')
  await inDialog(chief, 'Publish now')

  await said(chief, 'Published without a second person because:')
  await said(chief, 'I am alone on duty tonight.')
  await chief.context().close()
})

test('an area is drawn with the keys alone, and with taps', async ({ browser }) => {
  const lead = await deskOf(browser, 'lead')
  await lead.goto('/en/desk/alerts/new')
  await lead.getByRole('button', { name: 'Draw a shape' }).click()
  const map = lead.getByRole('application', { name: /Map of the communities/ })
  await expect(map).toBeFocused()
  for (const keys of [['Enter'], ['ArrowRight', 'ArrowRight', 'Enter'], ['Shift+ArrowDown', 'Enter'], ['Shift+ArrowLeft', 'Enter', 'Backspace']]) for (const key of keys) await lead.keyboard.press(key)
  await said(lead, 'Taken back; corners: 3')
  await lead.getByRole('button', { name: 'Close the shape' }).click()
  const areas = lead.getByRole('region', { name: 'Area', exact: true }).getByRole('listitem')
  await expect(areas).toHaveCount(1)
  await expect(areas.first()).toContainText('3 corners')

  await lead.getByRole('button', { name: 'Draw a circle' }).click()
  const box = await map.boundingBox()
  if (!box) throw new Error('no map')
  await lead.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5)
  await lead.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5)
  await expect(areas).toHaveCount(2)
  await expect(areas.nth(1)).toContainText(/radius \d+ m/)
  await areas.nth(1).getByText('Name and numbers').click()
  await areas.nth(1).getByLabel('Radius (m)').fill('450')
  await areas.nth(1).getByLabel('Radius (m)').blur()
  await expect(areas.nth(1)).toContainText('radius 450 m')
  await expectNothingForAxe(lead)

  await lead.getByLabel('What it is about').selectOption({ label: 'Fire' })
  await lead.getByRole('button', { name: 'Save draft' }).click()
  await expect(lead).toHaveURL(/\/en\/desk\/alerts\/LLA-/)
  await expect(areas).toHaveCount(2)
  await lead.context().close()
})

test('what was typed survives a reload, and a colleague’s change is not written over', async ({ browser }) => {
  const lead = await deskOf(browser, 'lead')
  await lead.goto('/en/desk/alerts/new')
  await lead.getByLabel('What it is about').selectOption({ label: 'Theft' })
  await lead.getByRole('group', { name: 'English' }).getByLabel('Headline').fill('Bicycles disappear at night')
  await lead.reload()
  await said(lead, 'This is what you typed before and did not save.')
  await expect(lead.getByRole('group', { name: 'English' }).getByLabel('Headline')).toHaveValue('Bicycles disappear at night')
  await lead.getByRole('button', { name: 'Save draft' }).click()
  await said(lead, 'Please look at these')
  await lead.getByRole('group', { name: 'English' }).getByLabel('What happened').fill('Please lock them to something.')
  await lead.getByRole('button', { name: 'Save draft' }).click()
  await expect(lead).toHaveURL(/\/en\/desk\/alerts\/LLA-/)
  const address = new URL(lead.url()).pathname

  const chief = await deskOf(browser, 'chief')
  await chief.goto(address)
  await chief.getByRole('button', { name: 'Change' }).click()
  await chief.getByRole('group', { name: 'English' }).getByLabel('Headline').fill('E-bikes disappear at night')
  await chief.getByRole('button', { name: 'Save draft' }).click()
  await said(chief, 'Draft saved')
  await lead.getByRole('group', { name: 'English' }).getByLabel('Headline').fill('Mine')
  await lead.getByRole('button', { name: 'Save draft' }).click()
  await said(lead, 'A colleague changed it meanwhile')
  await expect(lead.getByRole('group', { name: 'English' }).getByLabel('Headline')).toHaveValue('Mine')
  for (const page of [lead, chief]) await page.context().close()
})

for (const [account, may] of [['officer', true], ['auditor', false], ['admin', false]] as const) {
  test(`the ${account} ${may ? 'writes' : 'writes no'} alerts`, async ({ browser }) => {
    const page = await deskOf(browser, account, { width: 360, height: 740 })
    await page.goto('/en/desk/alerts')
    if (account === 'admin') await said(page, 'You cannot see reports, by design')
    else await expect(page.getByRole('navigation', { name: 'Views' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Write one' })).toHaveCount(may ? 1 : 0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await expectNothingForAxe(page)
    await page.goto('/en/desk/alerts/new')
    if (may) await expect(page.getByRole('button', { name: 'Save draft' })).toBeVisible()
    else await expect(page.getByRole('button', { name: 'Save draft' })).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await page.context().close()
  })
}

test('a template is written, used by a colleague, and removed', async ({ browser }) => {
  const chief = await deskOf(browser, 'chief')
  const name = `Ice on bridges ${stamp()}`
  await chief.goto('/en/desk/alerts/templates')
  await chief.getByRole('button', { name: 'New template' }).click()
  await chief.getByRole('group', { name: 'Name' }).getByRole('textbox').nth(0).fill('桥面结冰')
  await chief.getByRole('group', { name: 'Name' }).getByRole('textbox').nth(1).fill(name)
  await chief.getByLabel('What it is about').selectOption({ label: 'Snow and ice' })
  await chief.getByRole('group', { name: /^Chinese/ }).getByLabel('Headline').fill('【地点】桥面结冰')
  await chief.getByRole('group', { name: /^Chinese/ }).getByLabel('What happened').fill('请慢行。')
  await chief.getByRole('button', { name: 'Save', exact: true }).click()
  await said(chief, name)

  const officer = await deskOf(browser, 'officer')
  await officer.goto('/en/desk/alerts/new')
  await officer.getByLabel('Template').selectOption({ label: name })
  await officer.getByRole('button', { name: 'Fill in', exact: true }).click()
  await said(officer, 'Fill in the brackets first: 【地点】')
  await officer.goto('/en/desk/alerts/templates')
  await expect(officer.getByRole('button', { name: 'New template' })).toHaveCount(0)

  await chief.getByRole('button', { name: `Remove: ${name}` }).click()
  await inDialog(chief, 'Remove')
  await expect(chief.getByText(name)).toHaveCount(0)
  for (const page of [officer, chief]) await page.context().close()
})

test('the page’s beginning follows what is typed, with the mark of a drill, and says when a language is missing', async ({ browser }) => {
  const lead = await deskOf(browser, 'lead')
  await lead.goto('/en/desk/alerts/new')
  const [zh, en] = [lead.getByRole('article', { name: 'Public page (Chinese' }), lead.getByRole('article', { name: 'Public page (English)' })]
  await expect(zh).toContainText('(no headline yet)')

  await lead.getByRole('group', { name: /^Chinese/ }).getByLabel('Headline').pressSequentially('平安里起火')
  await expect(zh.getByRole('heading')).toHaveText('平安里起火')
  await expect(en).toContainText('not written: the page shows the Chinese text')
  await expect(en.getByRole('heading')).toHaveText('平安里起火')
  await said(lead, '5 of 140 characters')
  await lead.getByRole('group', { name: 'English' }).getByLabel('Headline').fill('Fire in Ping\'an')
  await lead.getByLabel('This is an exercise').check()
  await lead.getByRole('radio', { name: 'Red warning' }).check()
  await lead.getByLabel('Add an area').selectOption({ label: 'The whole area of the station' })
  await lead.getByRole('button', { name: 'Add', exact: true }).click()

  await expect(en.getByRole('heading')).toHaveText('EXERCISE: Fire in Ping\'an')
  await expect(en).toContainText('Red warning')
  await expect(en).toContainText('The whole area of the station')
  await expectNothingForAxe(lead)
  await lead.context().close()
})

test('a warning is written, placed by numbers and handed in with the keys alone', async ({ browser }) => {
  test.setTimeout(120_000)
  const page = await deskOf(browser, 'lead')
  await page.goto('/en/desk/alerts/new')
  await expect(page.getByRole('button', { name: 'Save draft' })).toBeVisible()
  const keys = async (...pressed: string[]) => { for (const key of pressed) await page.keyboard.press(key) }
  /** Goes on with Tab until it stands there. */
  const tabTo = async (wanted: Locator, most = 90) => {
    for (let n = 0; n < most; n++) {
      if (await wanted.evaluate(element => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('no Tab leads there')
  }
  const field = (group: string | RegExp, label: string) => page.getByRole('group', { name: group }).getByLabel(label)

  await tabTo(page.getByLabel('Template'))
  await tabTo(page.getByLabel('What it is about'))
  await page.keyboard.type('Fire')
  await tabTo(page.getByRole('radio', { name: 'Yellow warning' }))
  await keys('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Orange warning' })).toBeChecked()
  await tabTo(field(/^Chinese/, 'Headline'))
  await page.keyboard.type('学府路仓库起火')
  await tabTo(field(/^Chinese/, 'What happened'))
  await page.keyboard.type('请远离东门。')
  await tabTo(page.getByLabel('Add an area'))
  await keys('ArrowDown', 'ArrowDown')
  await expect(page.getByText('No area yet. Choose')).toBeVisible()
  await tabTo(page.getByRole('button', { name: 'Write a circle in numbers' }))
  await keys('Enter')
  const area = page.getByRole('region', { name: 'Area', exact: true }).getByRole('listitem').first()
  await expect(area).toContainText('radius 300 m')
  for (let n = 0; n < 40 && !await area.locator('summary').evaluate(element => element === document.activeElement); n++) await keys('Shift+Tab')
  if (await area.locator('details').evaluate(element => !(element as HTMLDetailsElement).open)) await keys('Enter')
  await tabTo(area.getByLabel('Radius (m)'))
  await keys('Control+a')
  await page.keyboard.type('450')
  await keys('Tab')
  await expect(area).toContainText('radius 450 m')
  await tabTo(page.getByRole('button', { name: 'Save draft' }))
  await keys('Enter')
  await expect(page).toHaveURL(/\/en\/desk\/alerts\/LLA-/)
  await expect(page.getByRole('button', { name: 'Hand in for review' })).toBeVisible()
  await tabTo(page.getByRole('button', { name: 'Hand in for review' }))
  await keys('Enter')
  await said(page, /other than Shen Lan/)
  await page.context().close()
})
