import { z } from 'zod'
import { localisedSchema, type Area, type Localised } from './reference-data.ts'
import { frameAround, project, type MapFrame, type Pixel } from './map-projection.ts'

/** What a map needs to know of a community; `map` is its GeoJSON of streets and landmarks, if it has one. */
export interface MapCommunity {
  slug: string
  name: Localised
  boundary: Area
  map?: unknown
  grids: readonly { code: string, name: Localised, boundary: Area, lat: number, lng: number }[]
}

export const landmarkKinds = ['school', 'market', 'police', 'clinic', 'bus'] as const
export type LandmarkKind = typeof landmarkKinds[number]

const position = z.array(z.number()).min(2)
const featureSchema = z.object({
  properties: z.object({ kind: z.string(), name: localisedSchema }),
  geometry: z.discriminatedUnion('type', [
    z.object({ type: z.literal('LineString'), coordinates: z.array(position) }),
    z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
    z.object({ type: z.literal('Point'), coordinates: position }),
  ]),
})
/** Features of a kind we cannot draw are left out: a station may bring more than we know. */
const mapSchema = z.object({ features: z.array(featureSchema.catch({ properties: { kind: '', name: { zh: '', en: '' } }, geometry: { type: 'Point', coordinates: [0, 0] } })) }).catch({ features: [] })

interface Label extends Pixel { text: string }

/** A map as shapes of an SVG: `d` is the data of a path. All numbers are whole, a unit is a few metres. */
export interface MapDrawing {
  frame: MapFrame
  parks: { d: string, label: Label }[]
  water: string[]
  /** `angle` in degrees, for a name written along its street. */
  streets: { d: string, label: (Label & { angle: number }) | undefined }[]
  grids: (Label & { code: string, d: string })[]
  communities: { d: string, label: Label }[]
  landmarks: (Label & { kind: LandmarkKind })[]
}

/** What a grid is called on the map: `PA-01` is 1. */
export const gridNumber = (code: string): string => code.replace(/^.*-0*(?=.)/, '')

/**
 * Turns communities into shapes.
 * @param locale language of the names
 */
export function drawMap(communities: readonly MapCommunity[], locale: keyof Localised): MapDrawing {
  const frame = frameAround(communities.map(({ boundary }) => boundary))
  const at = ([lng = 0, lat = 0]: readonly number[]): Pixel => {
    const { x, y } = project(frame, { lat, lng })
    return { x: Math.round(x), y: Math.round(y) }
  }
  const areaPath = (area: Area) => drawShape(frame, area)
  const middle = (ring: readonly (readonly number[])[]): Pixel => at([mean(ring.map(([lng = 0]) => lng)), mean(ring.map(([, lat = 0]) => lat))])

  const drawing: MapDrawing = { frame, parks: [], water: [], streets: [], grids: [], communities: [], landmarks: [] }
  for (const community of communities) {
    drawing.communities.push({ d: areaPath(community.boundary), label: { ...middle(community.grids.map(({ lat, lng }) => [lng, lat])), text: community.name[locale] } })
    for (const grid of community.grids) drawing.grids.push({ code: grid.code, d: areaPath(grid.boundary), text: gridNumber(grid.code), ...at([grid.lng, grid.lat]) })
    for (const { properties: { kind, name }, geometry } of mapSchema.parse(community.map ?? {}).features) {
      const text = name[locale]
      if (kind === 'park' && geometry.type === 'Polygon') {
        const [ring = []] = geometry.coordinates
        drawing.parks.push({ d: areaPath({ type: 'Polygon', coordinates: [ring as [number, number][]] }), label: { ...middle(ring.slice(1)), text } })
      }
      else if (kind === 'water' && geometry.type === 'LineString') {
        const d = path(geometry.coordinates.map(at))
        // Two communities may name the same canal between them.
        if (!drawing.water.includes(d)) drawing.water.push(d)
      }
      else if (kind === 'street' && geometry.type === 'LineString') {
        const points = geometry.coordinates.map(at)
        drawing.streets.push({ d: path(points), label: alongLongest(points, text) })
      }
      else if (geometry.type === 'Point') {
        const known = landmarkKinds.find(landmark => landmark === kind)
        if (known) drawing.landmarks.push({ kind: known, text, ...at(geometry.coordinates) })
      }
    }
  }
  return drawing
}

/** An area as the data of a path, in whole units. */
export function drawShape(frame: MapFrame, area: Area): string {
  const at = ([lng = 0, lat = 0]: readonly number[]): Pixel => {
    const { x, y } = project(frame, { lat, lng })
    return { x: Math.round(x), y: Math.round(y) }
  }
  return (area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()).map(ring => `${path(ring.slice(0, -1).map(at))}z`).join('')
}

/** A circle on the ground as the data of a path. */
export function drawCircle(frame: MapFrame, { center: [lng, lat], radiusMeters }: { center: readonly [number, number], radiusMeters: number }): string {
  const { x, y } = project(frame, { lat, lng })
  const radius = Math.max(1, Math.round(radiusMeters / metresPerDegree / frame.latPerUnit))
  return `M${Math.round(x) - radius} ${Math.round(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`
}

/** Of latitude; near enough for a drawing. */
const metresPerDegree = 111_320

/** Relative moves between whole numbers are short and add up exactly. */
function path(points: readonly Pixel[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let last = first
  return `M${first.x} ${first.y}l${rest.map((next) => {
    const move = `${next.x - last.x} ${next.y - last.y}`
    last = next
    return move
  }).join(' ')}`
}

/** The middle of the longest stretch, never written upside down. */
function alongLongest(points: readonly Pixel[], text: string) {
  let longest = 0
  let label: (Label & { angle: number }) | undefined
  points.slice(1).forEach((to, index) => {
    const from = points[index] ?? to
    const length = Math.hypot(to.x - from.x, to.y - from.y)
    if (length <= longest) return
    longest = length
    const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) * 180 / Math.PI)
    label = { x: Math.round((from.x + to.x) / 2), y: Math.round((from.y + to.y) / 2), text, angle: angle > 90 ? angle - 180 : angle <= -90 ? angle + 180 : angle }
  })
  return label
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
}
