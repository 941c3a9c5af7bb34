import type { TransactionSql } from 'postgres'
import { demoCommunities } from './geometry.ts'

export type DemoPlaces = {
  stationId: string
  communityIds: Map<string, string>
  grids: Map<string, { id: string, communityId: string, slug: string, lat: number, lng: number }>
}

/** Times are held together by word joiners (U+2060). */
const offices: Record<string, { zh: string, en: string, address: { zh: string, en: string }, phone: string, hours: { zh: string, en: string } }> = {
  'ping-an': {
    zh: '平安里警务室', en: 'Ping\'an Police Office', address: { zh: '学府街 27 号，平安里老街口', en: '27 Xuefu Street, at Ping\'an Old Street' }, phone: '0000-555-0121',
    hours: { zh: '周一至周五 9:00⁠–⁠11:30、14:00⁠–⁠17:30；周三到 20:00；周六 9:00⁠–⁠11:30', en: 'Monday to Friday 9:00⁠–⁠11:30 and 14:00⁠–⁠17:30; Wednesday until 20:00; Saturday 9:00⁠–⁠11:30' },
  },
  'chang-le': {
    zh: '长乐坊警务室', en: 'Changle Police Office', address: { zh: '中心路 88 号，水塔小区东门', en: '88 Zhongxin Road, east gate of Water Tower Estate' }, phone: '0000-555-0122',
    hours: { zh: '周一至周五 8:30⁠–⁠11:30、14:00⁠–⁠17:00；周二到 20:00', en: 'Monday to Friday 8:30⁠–⁠11:30 and 14:00⁠–⁠17:00; Tuesday until 20:00' },
  },
  'he-xie': {
    zh: '和谐苑警务室', en: 'Hexie Police Office', address: { zh: '学府街 169 号，和谐苑中区', en: '169 Xuefu Street, Hexie Centre' }, phone: '0000-555-0123',
    hours: { zh: '周一至周五 9:00⁠–⁠12:00、14:00⁠–⁠17:30；周四到 20:00', en: 'Monday to Friday 9:00⁠–⁠12:00 and 14:00⁠–⁠17:30; Thursday until 20:00' },
  },
}

/** Station, communities, their grids and police offices. */
export async function seedPlaces(sql: TransactionSql): Promise<DemoPlaces> {
  const [station] = await sql<{ id: string }[]>`
    insert into public.stations (slug, name, phone, address, is_default)
    values ('qing-he', ${sql.json({ zh: '清河派出所', en: 'Qinghe Police Station' })}, '0000-555-0110', ${sql.json({ zh: '北环路 1 号', en: '1 Beihuan Road' })}, true) returning id`
  const places: DemoPlaces = { stationId: station?.id ?? '', communityIds: new Map(), grids: new Map() }
  for (const [position, { slug, name, boundary, map, grids, officeAt }] of demoCommunities.entries()) {
    const [community] = await sql<{ id: string }[]>`
      insert into public.communities (station_id, slug, name, boundary, map, position)
      values (${places.stationId}, ${slug}, ${sql.json(name)}, ${sql.json(boundary)}, ${sql.json(map)}, ${position}) returning id`
    const communityId = community?.id ?? ''
    places.communityIds.set(slug, communityId)
    for (const grid of grids) {
      const [lng, lat] = grid.centre
      const [row] = await sql<{ id: string }[]>`
        insert into public.grids (community_id, code, name, boundary, centre_lat, centre_lng)
        values (${communityId}, ${grid.code}, ${sql.json(grid.name)}, ${sql.json(grid.boundary)}, ${lat}, ${lng}) returning id`
      places.grids.set(grid.code, { id: row?.id ?? '', communityId, slug, lat, lng })
    }
    const office = offices[slug]
    if (!office) throw new Error(`no police office for ${slug}`)
    await sql`
      insert into public.police_offices (community_id, name, address, phone, reception_hours, lat, lng)
      values (${communityId}, ${sql.json({ zh: office.zh, en: office.en })}, ${sql.json(office.address)}, ${office.phone}, ${sql.json(office.hours)}, ${officeAt[1]}, ${officeAt[0]})`
  }
  return places
}
