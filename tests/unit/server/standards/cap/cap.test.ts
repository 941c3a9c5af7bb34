import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { readCap, readCapTime, type ReadAlert } from '#server/standards/cap/read-cap'
import { capTime, writeCap } from '#server/standards/cap/write-cap'
import { childrenOf, readXml, textOf } from '#server/standards/xml/read-xml'
import { anAlert } from '../../../../alerts/arbitrary-alert.ts'
import { knownAlerts } from '../../../../alerts/known-alerts.ts'
import { capProblems } from '../../../../standards/cap-rules.ts'
import { edited, onLines } from '../../../../standards/edit.ts'
import { goldenAlerts } from '../../../../standards/golden-alerts.ts'
import { capSchemaProblems } from '../../../../standards/validate-xml.ts'

const options = { publicUrl: 'https://linli.example' }
const golden = (name: string) => path.resolve(import.meta.dirname, `../../../../fixtures/standards/alerts/${name}.cap.xml`)

/** What is left of an alert in CAP: no statement, and names only in languages that it has texts in. */
function inCap({ statement: _statement, endedBy: _endedBy, communityIds: _communities, gridIds: _grids, ...alert }: PublishedAlert): ReadAlert {
  const named = ({ zh, en }: { zh: string, en: string }) => ({ zh, en: alert.texts.en ? en : zh })
  return {
    ...alert, sender: { ...alert.sender, name: named(alert.sender.name) }, event: { ...alert.event, name: named(alert.event.name) },
    areas: alert.areas.map(area => ({ ...area, label: named(area.label), shape: withoutHoles(area.shape) })),
  }
}

/** Neither standard knows holes. */
function withoutHoles(shape: PublishedAlert['areas'][number]['shape']): typeof shape {
  if (shape.type === 'Polygon') return { ...shape, coordinates: shape.coordinates.slice(0, 1) }
  return shape.type === 'MultiPolygon' ? { ...shape, coordinates: shape.coordinates.map(rings => rings.slice(0, 1)) } : shape
}

describe.each(Object.entries(goldenAlerts))('a CAP message: %s', (name, alert) => {
  const xml = writeCap(alert, options)

  it('is the golden file', async () => {
    await expect(onLines(xml)).toMatchFileSnapshot(golden(name))
  })

  it('is valid by the OASIS schema and by the rules that it cannot say', () => {
    expect(capSchemaProblems(xml)).toEqual([])
    expect(capProblems(xml)).toEqual([])
  })

  it('reads back as the same alert', () => {
    expect(readCap(xml, options)).toEqual(inCap(alert))
  })
})

describe('CAP 1.2', () => {
  it('is valid and reads back, whatever the desk types', () => {
    fc.assert(fc.property(anAlert, (alert) => {
      const xml = writeCap(alert, options)

      expect(capSchemaProblems(xml)).toEqual([])
      expect(readCap(xml, options)).toEqual(inCap(alert))
    }), { numRuns: 150 })
  })

  it('says UTC as -00:00, and reads every offset', () => {
    expect(capTime('2026-11-22T07:30:00.900Z')).toBe('2026-11-22T07:30:00-00:00')
    expect(readCapTime('2026-11-22T15:30:00+08:00')).toBe('2026-11-22T07:30:00Z')
    expect(() => readCapTime('2026-11-22T07:30:00Z')).toThrow('no CAP time')
  })

  it('references every message that still counted, each with its sender and time', () => {
    expect(textOf(readXml(writeCap(knownAlerts['gas-clear'], options), 'alert'), 'references')).toBe('linhe@linli.example,LLA-G4S1-0001,2026-11-22T06:15:00-00:00 linhe@linli.example,LLA-G4S2-0002,2026-11-22T07:00:00-00:00')
  })

  it('an all clear is an update that says so', () => {
    const alert = readXml(writeCap(knownAlerts['gas-clear'], options), 'alert')

    expect(textOf(alert, 'msgType')).toBe('Update')
    expect(childrenOf(alert, 'info').map(info => textOf(info, 'responseType'))).toEqual(['AllClear', 'AllClear'])
  })

  it('writes a circle in kilometres', () => {
    const [info] = childrenOf(readXml(writeCap(goldenAlerts['first-of-three']!, options), 'alert'), 'info')

    expect(childrenOf(info!, 'area').flatMap(area => childrenOf(area, 'circle').map(({ text }) => text))).toEqual(['22.5321,114.0723 0.3'])
  })

  it('leaves out what XML cannot carry, and refuses to read a document type', () => {
    const xml = writeCap({ ...knownAlerts.refund, contact: 'a\u0000b\u000B\uD800c' }, options)

    expect(capSchemaProblems(xml)).toEqual([])
    expect(readCap(xml, options).contact).toBe('abc')
    expect(() => readCap(xml.replace('<alert', '<!DOCTYPE alert [<!ENTITY e "x">]><alert'), options)).toThrow('document type')
  })

  it.each([
    ['another root', ['<alert ', '<alarm ']], ['another version', ['cap:1.2', 'cap:1.1']], ['another portal', [/linhe@linli.example/g, 'linhe@other.example']], ['no language of ours', [/<language>.*?<\/language>/g, '<language>fr</language>']],
    ['an acknowledgement', ['<msgType>Alert', '<msgType>Ack']], ['a word that is no severity', [/<severity>Severe/g, '<severity>Big']], ['an area without a shape', [/<polygon>.*?<\/polygon>/g, '']], ['a shape that is no shape', [/<polygon>22/g, '<polygon>x']],
  ] as const)('does not read %s', (_name, edit) => {
    expect(() => readCap(edited(writeCap(knownAlerts.refund, options), edit), options)).toThrow()
  })
})

/** What each fixture breaks, and which of the two validators must see it. */
const broken: readonly (readonly [name: string, by: 'schema' | 'rules', edit: readonly [string | RegExp, string]])[] = [
  ['not closed', 'schema', ['</alert>', '']],
  ['a time with Z', 'schema', ['<sent>2026-11-22T07:00:00-00:00', '<sent>2026-11-22T07:00:00Z']],
  ['elements in another order', 'schema', [/(<status>.*?<\/status>)(<msgType>.*?<\/msgType>)/, '$2$1']],
  ['no scope', 'schema', ['<scope>Public</scope>', '']],
  ['a status of its own', 'schema', ['<status>Actual', '<status>Real']],
  ['an info without an event', 'schema', [/<event>.*?<\/event>/, '']],
  ['a severity in Chinese', 'schema', ['<severity>Extreme', '<severity>红']],
  ['an element of its own', 'schema', ['<area>', '<colour>red</colour><area>']],
  ['a parameter without a value', 'schema', [/<parameter>(<valueName>.*?<\/valueName>)<value>.*?<\/value>/, '<parameter>$1']],
  ['another namespace', 'schema', ['cap:1.2', 'cap:1.1']],
  ['UTC as +00:00', 'rules', ['<sent>2026-11-22T07:00:00-00:00', '<sent>2026-11-22T07:00:00+00:00']],
  ['an update without references', 'rules', [/<references>.*?<\/references>/, '']],
  ['a reference without its time', 'rules', [',2026-11-22T06:15:00-00:00</references>', '</references>']],
  ['a reference to itself', 'rules', ['linhe@linli.example,LLA-G4S1-0001', 'linhe@linli.example,LLA-G4S2-0002']],
  ['a reference forward', 'rules', ['06:15:00-00:00</references>', '09:15:00-00:00</references>']],
  ['a first message with references', 'rules', ['<msgType>Update', '<msgType>Alert']],
  ['an identifier with a comma', 'rules', ['<identifier>LLA-', '<identifier>LLA,']],
  ['an open polygon', 'rules', [' 22.53,114.07</polygon>', ' 22.531,114.07</polygon>']],
  ['a polygon of three pairs', 'rules', [/<polygon>.*?<\/polygon>/, '<polygon>22.53,114.07 22.53,114.08 22.53,114.07</polygon>']],
  ['a polygon that crosses itself', 'rules', [/<polygon>.*?<\/polygon>/, '<polygon>22.53,114.07 22.54,114.08 22.53,114.08 22.54,114.07 22.53,114.07</polygon>']],
  ['longitude before latitude', 'rules', [/<polygon>.*?<\/polygon>/, '<polygon>114.07,22.53 114.08,22.53 114.08,22.54 114.07,22.53</polygon>']],
  ['a circle in metres', 'rules', ['114.0723 0.3<', '114.0723 300<']],
  ['an area without a shape', 'rules', [/<circle>.*?<\/circle>/, '']],
  ['no area', 'rules', [/<area>.*?<\/area>(?=<\/info>)|<area>.*?<\/area>/g, '']],
  ['languages of different severity', 'rules', ['<severity>Extreme', '<severity>Severe']],
  ['a language twice', 'rules', ['<language>en<', '<language>zh-CN<']],
  ['no time to live', 'rules', [/<expires>.*?<\/expires>/g, '']],
  ['gone before it came', 'rules', [/<expires>2026-11-22/g, '<expires>2026-11-21']],
  ['no description', 'rules', [/<description>.*?<\/description>/, '']],
  ['a headline said twice', 'rules', [/<headline>(.*?)<\/headline><description>.*?<\/description>/, '<headline>$1</headline><description>$1</description>']],
  ['a headline of 151 characters', 'rules', [/<headline>.*?<\/headline>/, `<headline>${'长'.repeat(151)}</headline>`]],
  ['markup in a text', 'rules', ['<description>', '<description>&lt;b&gt;']],
  ['a web address without a host', 'rules', [/<web>.*?<\/web>/, '<web>/zh/alerts</web>']],
  ['a colour of another level', 'rules', ['<value>I</value>', '<value>IV</value>']],
  ['another short code', 'rules', ['<value>G4S2-0002', '<value>G4S1-0001']],
  ['an exercise without a note', 'rules', ['<status>Actual', '<status>Exercise']],
]

describe('a broken CAP message', () => {
  const sound = writeCap(goldenAlerts.update!, options)

  it.each(broken)('%s: the %s say so', (_name, by, edit) => {
    const xml = edited(sound, edit)

    expect(by === 'schema' ? capSchemaProblems(xml) : capProblems(xml)).not.toEqual([])
  })

  it('what only the rules see is valid by the schema: it takes both', () => {
    const unseen = broken.filter(([, by, edit]) => by === 'rules' && capSchemaProblems(edited(sound, edit)).length === 0)

    expect(unseen.length).toBeGreaterThan(20)
  })
})
