import type { TransactionSql } from 'postgres'
import type { DemoPeople } from './people.ts'
import type { Told } from './tell-story.ts'

const title = { zh: '平安里电动车电瓶被盗案已破', en: 'Stolen scooter batteries in Ping\'an: solved' }
const body = {
  zh: '平安里老街一带的电动车电瓶被盗案已经破获，追回的电瓶已还给失主，偷电瓶的人已依法处理。\n夜里请把车停进有灯、有监控的车棚，电瓶能取下的随手带走。感谢提供线索的居民。',
  en: 'The thefts of scooter batteries around Ping\'an Old Street are solved; the batteries are back with their owners.\nPark in the lit shed at night, and take the battery with you if you can. Thank you to everybody who told us what they knew.',
}

/** One solved case on the page of Ping'an: written by its officer, published by the team leader a day after the reporter heard. */
export async function publishNotice(sql: TransactionSql, told: readonly Told[], { staff }: DemoPeople): Promise<void> {
  const { report } = told.find(({ report }) => report.category_code === 'theft' && report.status === 'resolved' && report.assigned_to === staff.officer.id) ?? {}
  if (!report) throw new Error('the demo has no solved theft in Ping\'an')
  const writtenAt = new Date(report.updated_at.getTime() + 20 * 3_600_000)
  const publishedAt = new Date(report.updated_at.getTime() + 30 * 3_600_000)
  await sql`
    insert into public.case_notices (station_id, community_id, report_id, title, body, edited_at, edited_by, published_at, published_by)
    values (${report.station_id}, ${report.community_id}, ${report.id}, ${sql.json(title)}, ${sql.json(body)}, ${writtenAt}, ${staff.officer.id}, ${publishedAt}, ${staff.lead.id})`
}
