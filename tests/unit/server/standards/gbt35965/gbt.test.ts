import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { readCap, type ReadAlert } from '#server/standards/cap/read-cap'
import { writeCap } from '#server/standards/cap/write-cap'
import { readGbt, readGbtTime } from '#server/standards/gbt35965/read-gbt'
import { gbtHeadline, gbtIdentifier, gbtTime, writeGbt } from '#server/standards/gbt35965/write-gbt'
import { childrenOf, readXml, textOf } from '#server/standards/xml/read-xml'
import { anAlert } from '../../../../alerts/arbitrary-alert.ts'
import { knownAlerts } from '../../../../alerts/known-alerts.ts'
import { edited, onLines } from '../../../../standards/edit.ts'
import { gbtProblems } from '../../../../standards/gbt-rules.ts'
import { goldenAlerts } from '../../../../standards/golden-alerts.ts'

const options = { publicUrl: 'https://linli.example' }
const golden = (name: string) => path.resolve(import.meta.dirname, `../../../../fixtures/standards/alerts/${name}.gbt.xml`)

/** What is left of an alert in GB/T 35965.1: Chinese, areas without holes. */
function inChinese<Alert extends ReadAlert>({ texts, sender, event, areas, ...rest }: Alert): ReadAlert {
  const { statement: _statement, endedBy: _endedBy, communityIds: _communities, gridIds: _grids, ...alert } = rest as typeof rest & Partial<PublishedAlert>
  const both = ({ zh }: { zh: string }) => ({ zh, en: zh })
  const outer = (rings: [number, number, ...number[]][][]) => rings.slice(0, 1)
  return {
    ...alert, texts: { zh: texts.zh }, sender: { ...sender, name: both(sender.name) }, event: { ...event, name: both(event.name) },
    areas: areas.map(area => ({ ...area, label: both(area.label), shape: area.shape.type === 'Polygon' ? { ...area.shape, coordinates: outer(area.shape.coordinates) } : area.shape.type === 'MultiPolygon' ? { ...area.shape, coordinates: area.shape.coordinates.map(outer) } : area.shape })),
  }
}

describe.each(Object.entries(goldenAlerts))('a GB/T 35965.1 message: %s', (name, alert) => {
  const xml = writeGbt(alert, options)

  it('is the golden file', async () => {
    await expect(onLines(xml)).toMatchFileSnapshot(golden(name))
  })

  it('keeps the rules for values', () => {
    expect(gbtProblems(xml)).toEqual([])
  })

  it('reads back as the same alert in Chinese', () => {
    expect(readGbt(xml, options)).toEqual(inChinese(alert))
  })

  it('says the same as CAP does', () => {
    expect(readGbt(xml, options)).toEqual(inChinese(readCap(writeCap(alert, options), options)))
  })
})

describe('GB/T 35965.1', () => {
  it('reads back, and says the same as CAP, whatever the desk types', () => {
    fc.assert(fc.property(anAlert, (alert) => {
      const read = readGbt(writeGbt(alert, options), options)

      expect(read).toEqual(inChinese(alert))
      expect(read).toEqual(inChinese(readCap(writeCap(alert, options), options)))
    }), { numRuns: 150 })
  })

  it('says Beijing time, over midnight and the turn of the year', () => {
    expect(gbtTime('2026-12-31T16:00:00Z')).toBe('2027-01-01 00:00:00+08:00')
    expect(readGbtTime('2027-01-01 00:00:00+08:00')).toBe('2026-12-31T16:00:00Z')
    expect(gbtIdentifier('44030441300000', '2026-11-22T16:30:05Z')).toBe('44030441300000_20261123003005_0')
  })

  it('references the first message of the chain alone, where CAP names all', () => {
    const clear = knownAlerts['gas-clear']

    expect(textOf(readXml(writeGbt(clear, options), 'alert'), 'references')).toBe(gbtIdentifier(clear.sender.issuerCode, knownAlerts.gas.sent))
    expect(textOf(readXml(writeCap(clear, options), 'alert'), 'references')?.split(' ')).toHaveLength(2)
  })

  it('writes a circle in metres, where CAP has kilometres', () => {
    const circleIn = (xml: string) => childrenOf(childrenOf(readXml(xml, 'alert'), 'info')[0]!, 'area').flatMap(area => childrenOf(area, 'circle').map(({ text }) => text))
    const alert = goldenAlerts['first-of-three']!

    expect(circleIn(writeGbt(alert, options))).toEqual(['22.5321,114.0723 300'])
    expect(circleIn(writeCap(alert, options))).toEqual(['22.5321,114.0723 0.3'])
  })

  it('gives the colour as severity, where CAP has its own word beside the colour', () => {
    const severities = (['blue', 'yellow', 'orange', 'red'] as const).map(colour => textOf(childrenOf(readXml(writeGbt({ ...knownAlerts.refund, colour }, options), 'alert'), 'info')[0]!, 'severity'))

    expect(severities).toEqual(['Blue', 'Yellow', 'Orange', 'Red'])
    expect(textOf(childrenOf(readXml(writeGbt(knownAlerts.battery, options), 'alert'), 'info')[0]!, 'severity')).toBe('Unknown')
  })

  it('headlines say issuer, act, event and colour: 发布, 更新, 撤销, 解除', () => {
    expect(['refund', 'gas-2', 'child-found', 'gas-clear', 'drill', 'bikes-solved'].map(name => gbtHeadline(knownAlerts[name as keyof typeof knownAlerts]))).toEqual([
      '临河派出所发布电信网络诈骗橙色预警', '临河派出所更新燃气泄漏红色预警', '临河派出所撤销人员走失红色预警', '临河派出所解除燃气泄漏红色预警', '【演练】临河派出所发布地震橙色预警', '临河派出所发布盗窃破案通报',
    ])
  })
})

const broken: readonly (readonly [name: string, edit: readonly [string | RegExp, string]])[] = [
  ['UTC instead of Beijing time', ['<sendTime>2026-11-22 15:00:00+08:00', '<sendTime>2026-11-22 07:00:00Z']],
  ['an identifier of another time', ['<identifier>44030441300000_20261122150000', '<identifier>44030441300000_20261122150001']],
  ['an identifier of ours', [/<identifier>.*?<\/identifier>/, '<identifier>LLA-G4S2-0002</identifier>']],
  ['all references instead of the first', [/<references>(.*?)<\/references>/, '<references>$1 $1</references>']],
  ['an update without a reference', [/<references>.*?<\/references>/, '']],
  ['a reference to itself', ['<references>44030441300000_20261122141500_0', '<references>44030441300000_20261122150000_0']],
  ['CAP\'s severity', ['<severity>Red', '<severity>Extreme']],
  ['a headline of another colour', [/<headline>(.*?)红色/, '<headline>$1橙色']],
  ['a headline that issues what is updated', [/<headline>临河派出所更新/, '<headline>临河派出所发布']],
  ['a circle in kilometres', ['114.0723 300<', '114.0723 0.3<']],
  ['a division code of six digits', ['<geocode>440304000000', '<geocode>440304']],
  ['English', ['<language>zh-CN', '<language>en']],
  ['elements in another order', [/(<status>.*?<\/status>)(<msgType>.*?<\/msgType>)/, '$2$1']],
  ['no info', [/<info>.*<\/info>/s, '']],
]

describe('a broken GB/T 35965.1 message', () => {
  const sound = writeGbt(goldenAlerts.update!, options)

  it.each(broken)('%s: the rules say so', (_name, edit) => {
    expect(gbtProblems(edited(sound, edit))).not.toEqual([])
  })

  it.each([['says two colours', [/<headline>(.*?)红色/, '<headline>$1橙色']], ['says two times', ['<sendTime>2026-11-22 15:00:00', '<sendTime>2026-11-22 15:00:01']], ['names another first message', ['<references>44030441300000_20261122141500_0', '<references>44030441300000_20261122141501_0']], ['is no message type', ['<msgType>Update', '<msgType>Ack']], ['has no colour that we know', ['<severity>Red', '<severity>Purple']]] as const)('is not read when it %s', (_name, edit) => {
    expect(() => readGbt(edited(sound, edit), options)).toThrow()
  })
})
