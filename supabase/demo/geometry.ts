/**
 * An invented neighbourhood. Its coordinates lie in the open water of Lake Tai, so that no real street or home is meant.
 * Everything hangs on junctions: grids that share a street share its points, so they tile their community without gap or overlap.
 */
export type Position = [lng: number, lat: number]
export type Polygon = { type: 'Polygon', coordinates: Position[][] }
export type Names = { zh: string, en: string }
export type Feature = {
  type: 'Feature'
  properties: { kind: 'street' | 'water' | 'park' | 'school' | 'market' | 'police' | 'clinic' | 'bus', name: Names }
  geometry: { type: 'LineString', coordinates: Position[] } | { type: 'Point', coordinates: Position } | Polygon
}
export type DemoGrid = { code: string, name: Names, boundary: Polygon, centre: Position }
export type DemoCommunity = { slug: string, name: Names, boundary: Polygon, grids: DemoGrid[], map: { type: 'FeatureCollection', features: Feature[] }, officeAt: Position }

type Meters = [east: number, north: number]

const ORIGIN = { lng: 120.138, lat: 31.203 }
const METERS_PER_DEGREE = 111_320

/** Crossroads in metres east and north of the origin. Letters go west to east, numbers south to north. */
const junctions: Record<string, Meters> = {
  A1: [20, 35], B1: [310, 10], C1: [585, 0], D1: [905, -25], E1: [1190, -10], F1: [1475, 20], G1: [1770, 30], H1: [2080, 15], I1: [2370, 60],
  A2: [0, 365], B2: [295, 350], C2: [575, 345], D2: [880, 330], E2: [1180, 345], F2: [1470, 365], G2: [1765, 375], H2: [2085, 370], I2: [2395, 395],
  A3: [-25, 700], B3: [280, 690], C3: [570, 685], D3: [865, 675], E3: [1175, 690], F3: [1465, 705], G3: [1750, 710], H3: [2090, 715], I3: [2405, 735],
  A4: [10, 1010], B4: [290, 1035], C4: [580, 1040], D4: [890, 1020], E4: [1185, 1035], F4: [1480, 1050], G4: [1775, 1045], H4: [2075, 1030], I4: [2360, 1000],
}

/** Where a street bends between two crossroads. The canal along D winds most. */
const bends: Record<string, Meters[]> = {
  'A1 B1': [[160, 12]], 'H1 I1': [[2240, 26]], 'A3 A4': [[-24, 868]], 'I1 I2': [[2402, 222]], 'I3 I4': [[2404, 880]],
  'D1 D2': [[918, 122], [886, 226]], 'D2 D3': [[902, 452], [892, 572]], 'D3 D4': [[846, 788], [868, 912]],
  'E3 F3': [[1322, 708]], 'G2 G3': [[1744, 538]], 'C2 C3': [[556, 520]], 'H2 H3': [[2106, 548]],
}

const point = ([east, north]: Meters): Position => [
  round(ORIGIN.lng + east / (METERS_PER_DEGREE * Math.cos(ORIGIN.lat * Math.PI / 180))),
  round(ORIGIN.lat + north / METERS_PER_DEGREE),
]

/** Six decimals are a tenth of a metre. */
function round(degrees: number) {
  return Math.round(degrees * 1e6) / 1e6
}

/** The street from one junction to the next, without its last point. */
function stretch(from: string, to: string): Position[] {
  const start = junctions[from]
  if (!start) throw new Error(`no junction ${from}`)
  const between = bends[`${from} ${to}`] ?? bends[`${to} ${from}`]?.toReversed() ?? []
  return [start, ...between].map(point)
}

const pairs = (names: string[]): [string, string][] => names.slice(1).map((name, i) => [names[i] ?? name, name])

function path(text: string): Position[] {
  const names = text.split(' ')
  return [...pairs(names).flatMap(([from, to]) => stretch(from, to)), ...stretch(names.at(-1) ?? '', '')]
}

function ring(corners: string[]): Polygon {
  const closed = [...corners, corners[0] ?? '']
  return { type: 'Polygon', coordinates: [path(closed.join(' '))] }
}

/** The streets that lie on one side only make the outline, counter-clockwise. */
function outline(cells: string[][]): string[] {
  const edges = new Map(cells.flatMap(corners => pairs([...corners, corners[0] ?? ''])).map(([from, to]) => [`${from} ${to}`, [from, to] as const]))
  for (const [from, to] of [...edges.values()]) {
    if (edges.delete(`${to} ${from}`)) edges.delete(`${from} ${to}`)
  }
  const next = new Map(edges.values())
  const first = [...next.keys()][0] ?? ''
  const corners = [first]
  for (let at = next.get(first); at !== undefined && at !== first; at = next.get(at)) corners.push(at)
  if (corners.length !== next.size) throw new Error('the cells are not one piece')
  return corners
}

/** The middle of the area, where a grid's number is drawn and what Open311 later gives as its place. */
function centre({ coordinates: [points = []] }: Polygon): Position {
  let area = 0
  let [x, y] = [0, 0]
  const [x0, y0] = points[0] ?? [0, 0]
  points.slice(1).forEach(([lng, lat], i) => {
    const [ax, ay] = [(points[i]?.[0] ?? 0) - x0, (points[i]?.[1] ?? 0) - y0]
    const [bx, by] = [lng - x0, lat - y0]
    const cross = ax * by - bx * ay
    area += cross / 2
    x += (ax + bx) * cross
    y += (ay + by) * cross
  })
  return [round(x0 + x / (6 * area)), round(y0 + y / (6 * area))]
}

const line = (kind: 'street' | 'water', zh: string, en: string, junctionNames: string): Feature =>
  ({ type: 'Feature', properties: { kind, name: { zh, en } }, geometry: { type: 'LineString', coordinates: path(junctionNames) } })
const place = (kind: 'school' | 'market' | 'police' | 'clinic' | 'bus', zh: string, en: string, at: Meters): Feature =>
  ({ type: 'Feature', properties: { kind, name: { zh, en } }, geometry: { type: 'Point', coordinates: point(at) } })
const park = (zh: string, en: string, corners: Meters[]): Feature =>
  ({ type: 'Feature', properties: { kind: 'park', name: { zh, en } }, geometry: { type: 'Polygon', coordinates: [[...corners, ...corners.slice(0, 1)].map(point)] } })

type Plan = { slug: string, name: Names, prefix: string, gridName: Names, cells: [corners: string, zh: string, en: string][], office: Meters, features: Feature[] }

const ordinals = ['一', '二', '三', '四', '五', '六', '七', '八', '九']

function build({ slug, name, prefix, gridName, cells, office, features }: Plan): DemoCommunity {
  const corners = cells.map(([text]) => text.split(' '))
  return {
    slug,
    name,
    boundary: ring(outline(corners)),
    officeAt: point(office),
    map: { type: 'FeatureCollection', features },
    grids: cells.map(([text, zh, en], i) => {
      const boundary = ring(text.split(' '))
      return {
        code: `${prefix}-${String(i + 1).padStart(2, '0')}`,
        name: { zh: `${gridName.zh}${ordinals[i]}网格 · ${zh}`, en: `${gridName.en} Grid ${i + 1} · ${en}` },
        boundary,
        centre: centre(boundary),
      }
    }),
  }
}

export const demoCommunities: DemoCommunity[] = [
  build({
    slug: 'ping-an', name: { zh: '平安里', en: 'Ping\'an' }, prefix: 'PA', gridName: { zh: '平安里', en: 'Ping\'an' }, office: [440, 425],
    cells: [
      ['A1 B1 B2 A2', '西苑小区', 'Xiyuan Estate'], ['B1 C1 C2 B2', '南湾新村', 'Nanwan New Village'], ['C1 D1 D2 C2', '清河里', 'Qinghe Lane'],
      ['A2 B2 B3 A3', '槐花园', 'Huaihua Gardens'], ['B2 C2 C3 B3', '平安里老街', 'Ping\'an Old Street'], ['C2 D2 D3 C3', '河畔家园', 'Riverside Homes'],
      ['A3 B3 C3 C4 B4 A4', '平安公园', 'Ping\'an Park'], ['C3 D3 D4 C4', '北桥小区', 'North Bridge Estate'],
    ],
    features: [
      line('street', '南湾路', 'Nanwan Road', 'A1 B1 C1 D1'), line('street', '学府街', 'Xuefu Street', 'A2 B2 C2 D2'), line('street', '中心路', 'Zhongxin Road', 'A3 B3 C3 D3'),
      line('street', '北环路', 'Beihuan Road', 'A4 B4 C4 D4'), line('street', '西苑路', 'Xiyuan Road', 'A1 A2 A3 A4'), line('street', '槐树巷', 'Huaishu Lane', 'C1 C2 C3 C4'),
      line('water', '清河', 'Qing Canal', 'D1 D2 D3 D4'), park('平安公园', 'Ping\'an Park', [[40, 770], [300, 752], [360, 880], [250, 975], [60, 950]]),
      place('police', '平安里警务室', 'Ping\'an Police Office', [440, 425]), place('school', '学府街小学', 'Xuefu Street School', [150, 440]), place('clinic', '社区卫生站', 'Health Centre', [720, 250]),
    ],
  }),
  build({
    slug: 'chang-le', name: { zh: '长乐坊', en: 'Changle' }, prefix: 'CL', gridName: { zh: '长乐坊', en: 'Changle' }, office: [1030, 622],
    cells: [
      ['D1 E1 E2 D2', '河东里', 'East Bank Lane'], ['E1 F1 F2 E2', '长乐菜场', 'Changle Market'], ['D2 E2 E3 D3', '水塔小区', 'Water Tower Estate'],
      ['E2 F2 F3 E3', '长乐坊', 'Changle Lanes'], ['F2 G2 G3 F3', '和风苑', 'Hefeng Court'], ['D3 E3 F3 F4 E4 D4', '纺织新村', 'Textile Workers\' Village'], ['F3 G3 G4 F4', '车站小区', 'Bus Station Estate'],
    ],
    features: [
      line('street', '南湾路', 'Nanwan Road', 'D1 E1 F1'), line('street', '学府街', 'Xuefu Street', 'D2 E2 F2 G2'), line('street', '中心路', 'Zhongxin Road', 'D3 E3 F3 G3'),
      line('street', '北环路', 'Beihuan Road', 'D4 E4 F4 G4'), line('street', '长乐街', 'Changle Street', 'E1 E2 E3'), line('street', '和谐大道', 'Hexie Avenue', 'G2 G3 G4'),
      line('water', '清河', 'Qing Canal', 'D1 D2 D3 D4'), place('police', '长乐坊警务室', 'Changle Police Office', [1030, 622]),
      place('market', '长乐菜场', 'Changle Market', [1330, 75]), place('bus', '北环路汽车站', 'Beihuan Bus Station', [1630, 1005]), place('school', '纺织中学', 'Textile Middle School', [1040, 790]),
    ],
  }),
  build({
    slug: 'he-xie', name: { zh: '和谐苑', en: 'Hexie' }, prefix: 'HX', gridName: { zh: '和谐苑', en: 'Hexie' }, office: [1990, 465],
    cells: [
      ['F1 G1 G2 F2', '南湾广场', 'Nanwan Square'], ['G1 H1 H2 G2', '和谐苑南区', 'Hexie South'], ['H1 I1 I2 H2', '湖景花园', 'Lakeview Gardens'],
      ['G2 H2 H3 G3', '和谐苑中区', 'Hexie Centre'], ['H2 I2 I3 H3', '东湖公寓', 'Donghu Flats'], ['G3 H3 H4 G4', '和谐苑北区', 'Hexie North'], ['H3 I3 I4 H4', '创业园', 'Startup Park'],
    ],
    features: [
      line('street', '南湾路', 'Nanwan Road', 'F1 G1 H1 I1'), line('street', '学府街', 'Xuefu Street', 'F2 G2 H2 I2'), line('street', '中心路', 'Zhongxin Road', 'G3 H3 I3'),
      line('street', '北环路', 'Beihuan Road', 'G4 H4 I4'), line('street', '和谐大道', 'Hexie Avenue', 'G1 G2 G3 G4'), line('street', '东湖路', 'Donghu Road', 'I1 I2 I3 I4'),
      park('湖滨绿地', 'Lakeside Green', [[2180, 90], [2320, 110], [2350, 250], [2210, 270]]), place('police', '和谐苑警务室', 'Hexie Police Office', [1990, 465]),
      place('market', '南湾广场', 'Nanwan Square', [1620, 95]), place('school', '和谐苑幼儿园', 'Hexie Kindergarten', [1930, 672]), place('clinic', '东湖门诊', 'Donghu Clinic', [2250, 655]),
    ],
  }),
]
