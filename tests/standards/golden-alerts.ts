import type { PublishedAlert } from '#shared/alerts/published-alert'
import { aSquare } from '../alerts/a-published-alert.ts'
import { knownAlerts } from '../alerts/known-alerts.ts'

const hexie: PublishedAlert['areas'][number] = { kind: 'grid', label: { zh: '和谐社区第三网格', en: 'Hexie, grid 3' }, community: 'he-xie', grid: 'HX-3', shape: { type: 'Polygon', coordinates: [[[114.07, 22.53], [114.075, 22.53], [114.075, 22.535], [114.07, 22.535], [114.07, 22.53]]] } }
const circle: PublishedAlert['areas'][number] = { kind: 'circle', label: { zh: '3号楼周边300米', en: '300 m around building 3' }, community: null, grid: null, shape: { type: 'Circle', center: [114.0723, 22.5321], radiusMeters: 300 } }
/** Two parts, one of them with a hole, which no format here can say. */
const station: PublishedAlert['areas'][number] = {
  kind: 'station', label: { zh: '临河派出所辖区', en: 'All of Linhe' }, community: null, grid: null,
  shape: { type: 'MultiPolygon', coordinates: [
    [[[114.05, 22.54], [114.06, 22.54], [114.06, 22.55], [114.05, 22.55], [114.05, 22.54]], [[114.052, 22.542], [114.052, 22.544], [114.054, 22.544], [114.054, 22.542], [114.052, 22.542]]],
    [[[114.07, 22.53], [114.08, 22.53], [114.08, 22.54], [114.07, 22.53]]],
  ] },
}
const { refund, gas, 'gas-2': update, 'gas-clear': clear, 'child-found': cancel, drill, heating, 'bikes-solved': solved } = knownAlerts

/** One alert of each sort that the formats treat differently, by the name of its golden files. */
export const goldenAlerts: Readonly<Record<string, PublishedAlert>> = {
  'warning': { ...refund, areas: [aSquare], web: 'https://linhe.example/a?b=1&c=2' },
  'first-of-three': { ...gas, areas: [hexie, circle] },
  'update': { ...update, areas: [hexie, circle], onset: '2026-11-22T07:00:00Z' },
  'all-clear': { ...clear, areas: [hexie] },
  'cancel': cancel,
  'exercise': drill,
  'tip-in-chinese-only': { ...heating, areas: [station], sender: { ...heating.sender, issuerCode: null } },
  'solved': { ...solved, texts: { ...solved.texts, zh: { ...solved.texts.zh, description: '追回车辆 <17> 辆 & 电池。\n“谢谢”大家！' } } },
}
