import { expect, it } from 'vitest'
import { alertListSchema } from '#shared/alerts/alert-schema'
import { deskReportSchema } from '#shared/reports/desk-schema'
import { trackedReportSchema } from '#shared/reports/report-answers'
import { aReport, send, signedIn } from './portal-client.ts'

const opened = async (reference: string) => deskReportSchema.parse((await send('GET', `/api/desk/reports/${reference}`, { cookie: await signedIn('chief') })).body)

it('a tip names the alert it is about; whoever opens it reads which one, and its reporter too', async () => {
  const [alert] = alertListSchema.parse((await send('GET', '/api/alerts')).body).alerts
  const { reference, receipt } = await aReport({ alert: alert?.identifier.slice(4).toLowerCase() })

  expect(await opened(reference)).toMatchObject({ content: { alert: alert?.identifier }, about: { identifier: alert?.identifier, headline: { zh: expect.stringContaining(alert?.texts.zh.headline ?? '') } } })
  expect(trackedReportSchema.parse((await send('GET', `/api/reports/${reference}`, { receipt })).body).content?.alert).toBe(alert?.identifier)
})

it.each(['LLA-ZZZZ-ZZZZ', 'nothing', ''])('an alert that nobody knows (%j) is left out, and the report is taken', async (alert) => {
  const { content, about } = await opened((await aReport({ alert })).reference)

  expect([content.alert, about]).toEqual([undefined, null])
})
