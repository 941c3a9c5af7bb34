import type { FormArea } from '#shared/alerts/alert-form'
import { unproject, type MapFrame, type Pixel } from '#shared/communities/map-projection'

type Mode = 'polygon' | 'circle'
type Position = [number, number]

/** Metres of a degree of latitude: the mean radius of the earth. */
const metersPerDegree = 6_371_008.8 * Math.PI / 180
const emptyLabel = () => ({ zh: '', en: '' })

export function metersBetween([lng, lat]: Position, [toLng, toLat]: Position): number {
  return Math.hypot((toLng - lng) * Math.cos(lat * Math.PI / 180), toLat - lat) * metersPerDegree
}

/** Draws one area at a time on a map, by pointer (a tap is a corner) and by keys (arrows move a cross, Enter is a tap). */
export function useAreaDrawing(frame: () => MapFrame, { done, said }: { done: (area: FormArea) => void, said: (event: 'corner' | 'center' | 'moved' | 'removed' | 'stopped', at?: Position) => void }) {
  const mode = ref<Mode>()
  const corners = ref<Position[]>([])
  const cross = ref<Pixel>()

  const at = (pixel: Pixel): Position => {
    const { lat, lng } = unproject(frame(), pixel)
    return [lng, lat]
  }

  function begin(wanted: Mode) {
    mode.value = wanted
    corners.value = []
    cross.value = { x: frame().width / 2, y: frame().height / 2 }
  }

  function stop() {
    mode.value = undefined
    corners.value = []
    cross.value = undefined
  }

  function tap(pixel: Pixel) {
    if (!mode.value) return
    cross.value = pixel
    const spot = at(pixel)
    const [center] = corners.value
    if (mode.value === 'circle' && center) return finishCircle(center, metersBetween(center, spot))
    corners.value = [...corners.value, spot]
    said(mode.value === 'circle' ? 'center' : 'corner', spot)
  }

  function finishCircle(center: Position, radius: number) {
    done({ kind: 'circle', community: null, grid: null, label: emptyLabel(), ring: null, circle: { type: 'Circle', center, radiusMeters: Math.min(20_000, Math.max(20, Math.round(radius))) } })
    stop()
  }

  function finishPolygon() {
    if (corners.value.length < 3) return
    done({ kind: 'polygon', community: null, grid: null, label: emptyLabel(), ring: corners.value, circle: null })
    stop()
  }

  function removeLast() {
    if (!corners.value.length) return
    corners.value = corners.value.slice(0, -1)
    said('removed')
  }

  const steps: Record<string, Position> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  function key(event: KeyboardEvent) {
    if (!mode.value || !cross.value) return
    const step = steps[event.key]
    if (step) {
      const length = event.shiftKey ? 50 : 10
      const { width, height } = frame()
      cross.value = { x: Math.min(width, Math.max(0, cross.value.x + step[0] * length)), y: Math.min(height, Math.max(0, cross.value.y + step[1] * length)) }
      said('moved', at(cross.value))
    }
    else if (event.key === 'Enter' || event.key === ' ') { tap(cross.value) }
    else if (event.key === 'Backspace' || event.key === 'Delete') { removeLast() }
    else if (event.key === 'Escape') { stop(); said('stopped') }
    else { return }
    event.preventDefault()
  }

  return { mode, corners, cross, begin, stop, tap, key, removeLast, finishPolygon }
}
