import { join } from 'node:path'
import { type Page, expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { drawMap } from '../../shared/communities/draw-map.ts'
import { demoCommunities } from '../../supabase/demo/geometry.ts'

// The custom element alone, on the drawing that components/communities/PlacePicker.vue puts around it.
const communities = demoCommunities.map(community => ({ ...community, grids: community.grids.map(grid => ({ ...grid, lng: grid.centre[0], lat: grid.centre[1] })) }))
const { frame, grids } = drawMap(communities, 'en')
const centreOf = (code: string) => {
  const [lng, lat] = communities.flatMap(community => community.grids).find(grid => grid.code === code)?.centre ?? [0, 0]
  return { lat, lng }
}

const sentences = ['picked', 'found', 'outside', 'searching', 'refused', 'unavailable'].map(name => `data-${name}="${name} …"`).join(' ')
const harness = `<!doctype html><html lang="en"><title>harness</title><enhance-pick-place ${sentences}>
  <select name="grid" aria-label="Grid"><option value=""></option>${grids.map(({ code }) => `<option value="${code}">${code}</option>`).join('')}</select>
  <p data-script hidden><button type="button">Use my location</button></p><p data-script hidden>Tap</p>
  <svg viewBox="0 0 ${frame.width} ${frame.height}" width="800" data-frame="${[frame.west, frame.north, frame.lngPerUnit, frame.latPerUnit].join(' ')}">
    ${grids.map(({ code, d }) => `<path class="map-grid" d="${d}" data-grid="${code}"/>`).join('')}<path class="map-pin" d="M0 0h9v9z" display="none"/></svg>
  <p role="status"></p><input type="hidden" name="lat"><input type="hidden" name="lng"></enhance-pick-place></html>`

async function open(page: Page) {
  await page.route('**/harness', route => route.fulfill({ contentType: 'text/html; charset=utf-8', body: harness }))
  await page.goto('/harness')
  const { outputFiles: [script] } = await build({ entryPoints: [join(import.meta.dirname, '../../components/enhance/pick-place.ts')], bundle: true, write: false, format: 'esm' })
  await page.addScriptTag({ content: script?.text ?? '', type: 'module' })
  await expect(page.getByText('Tap')).toBeVisible()
}

/** Taps the middle of a grid as it is drawn. */
async function tap(page: Page, code: string) {
  const cell = grids.find(grid => grid.code === code)
  const box = await page.locator('svg').boundingBox()
  if (!cell || !box) throw new Error(`no ${code} on the map`)
  await page.mouse.click(box.x + cell.x * box.width / frame.width, box.y + cell.y * box.height / frame.height)
}

async function location(page: Page) {
  return { lat: Number(await page.locator('[name=lat]').inputValue()), lng: Number(await page.locator('[name=lng]').inputValue()) }
}

test('a tap sets the pin and chooses the grid, to within a few metres', async ({ page }) => {
  await open(page)
  await tap(page, 'CL-04')

  await expect(page.getByRole('combobox')).toHaveValue('CL-04')
  await expect(page.getByRole('status')).toHaveText('picked CL-04')
  await expect(page.locator('.map-pin')).not.toHaveAttribute('display')
  const [spot, centre] = [await location(page), centreOf('CL-04')]
  expect(Math.abs(spot.lat - centre.lat)).toBeLessThan(0.0001)
  expect(Math.abs(spot.lng - centre.lng)).toBeLessThan(0.0001)
})

test('a tap beside the communities changes nothing and says so', async ({ page }) => {
  await open(page)
  await tap(page, 'PA-02')
  const before = await location(page)
  const box = await page.locator('svg').boundingBox()
  await page.mouse.click((box?.x ?? 0) + 3, (box?.y ?? 0) + 3)

  await expect(page.getByRole('status')).toHaveText('outside …')
  expect(await location(page)).toEqual(before)
})

test('a choice in the list marks the grid and drops a pin that lies elsewhere', async ({ page }) => {
  await open(page)
  await tap(page, 'PA-02')
  await page.getByRole('combobox').selectOption('HX-07')

  await expect(page.locator('.chosen')).toHaveAttribute('data-grid', 'HX-07')
  await expect(page.locator('.map-pin')).toHaveAttribute('display', 'none')
  await expect(page.locator('[name=lat]')).toHaveValue('')
})

test.describe('with a position', () => {
  test.use({ permissions: ['geolocation'] })

  test('"use my location" finds the grid', async ({ page, context }) => {
    await context.setGeolocation({ latitude: centreOf('HX-03').lat, longitude: centreOf('HX-03').lng })
    await open(page)
    await page.getByRole('button').press('Enter')

    await expect(page.getByRole('status')).toHaveText('found HX-03')
    await expect(page.getByRole('combobox')).toHaveValue('HX-03')
  })

  test('a position elsewhere is said to be outside and chooses nothing', async ({ page, context }) => {
    await context.setGeolocation({ latitude: 39.9, longitude: 116.4 })
    await open(page)
    await page.getByRole('button').click()

    await expect(page.getByRole('status')).toHaveText('outside …')
    await expect(page.getByRole('combobox')).toHaveValue('')
  })
})

test('a refused position is no dead end', async ({ page }) => {
  await open(page)
  await page.getByRole('button').click()

  await expect(page.getByRole('status')).toHaveText('refused …')
  await expect(page.getByRole('combobox')).toBeEnabled()
})
