/* What CAP 1.2 and Google's profile ask for beyond the schema. Each rule names its clause. */
import { firstCrossingOf } from '#shared/communities/geometry/crossings'
import { childrenOf, readXml, textOf, valuesOf, type ReadElement } from '#server/standards/xml/read-xml'

const levels: Record<string, string> = { blue: 'IV', yellow: 'III', orange: 'II', red: 'I' }

/** The rules that a message breaks; empty when it breaks none. */
export function capProblems(xml: string): string[] {
  let alert: ReadElement
  try { alert = readXml(xml, 'alert') }
  catch (error) { return [`not readable: ${String(error)}`] }
  const infos = childrenOf(alert, 'info')
  return [...headProblems(alert), ...infos.length ? [] : ['Google: an alert needs an info'], ...sameness(infos), ...infos.flatMap(info => infoProblems(alert, info))]
}

const instantOf = (text: string | undefined) => text === undefined ? Number.NaN : Date.parse(text)
const badTime = (name: string, text: string | undefined) => text === undefined || /-00:00$|[+-](?!00:00)\d\d:\d\d$/.test(text) ? [] : [`§3.3.2 ${name}: UTC is -00:00, never Z or +00:00`]

function headProblems(alert: ReadElement): string[] {
  const [identifier = '', sender = '', sent, msgType] = ['identifier', 'sender', 'sent', 'msgType'].map(name => textOf(alert, name))
  const references = (textOf(alert, 'references') ?? '').split(/\s+/).filter(Boolean)
  return [
    ...[identifier, sender].some(text => !text || /[\s,<&]/.test(text)) ? ['§3.2.1 identifier and sender: no space, comma, < or &'] : [],
    ...badTime('sent', sent),
    ...msgType !== 'Alert' && !references.length ? ['§3.2.1 msgType: Update and Cancel name what they replace'] : [],
    ...msgType === 'Alert' && references.length ? ['§3.2.1 references: a first message has none'] : [],
    ...new Set(references).size < references.length ? ['§3.2.1 references: each once'] : [],
    ...references.flatMap((triple) => {
      const [by, named, at, ...more] = triple.split(',')
      if (!by || !named || !at || more.length) return ['§3.2.1 references: sender,identifier,sent']
      return [
        ...badTime('references', at),
        ...named === identifier && by === sender ? ['§3.2.1 references: never to itself'] : [],
        ...instantOf(at) <= instantOf(sent) ? [] : ['§3.2.1 references: never forward'],
      ]
    }),
    ...textOf(alert, 'status') === 'Exercise' && !textOf(alert, 'note') ? ['§3.2.1 status: an exercise has a note'] : [],
  ]
}

/** §3.2.2: one info per language, the same but for the words. */
function sameness(infos: readonly ReadElement[]): string[] {
  const same = ['category', 'urgency', 'severity', 'certainty', 'responseType', 'expires', 'effective', 'onset']
  const differs = same.filter(name => new Set(infos.map(info => textOf(info, name))).size > 1)
  const codes = new Set(infos.map(info => JSON.stringify([valuesOf(info, 'eventCode'), valuesOf(info, 'parameter')])))
  const languages = infos.map(info => textOf(info, 'language'))
  return [
    ...differs.map(name => `§3.2.2 info: ${name} differs between languages`), ...codes.size > 1 ? ['§3.2.2 info: codes differ between languages'] : [],
    ...new Set(languages).size < languages.length ? ['§3.2.2 info: one per language'] : [],
  ]
}

function infoProblems(alert: ReadElement, info: ReadElement): string[] {
  const [headline = '', description = '', instruction] = ['headline', 'description', 'instruction'].map(name => textOf(info, name))
  const [sent, expires, onset] = [instantOf(textOf(alert, 'sent')), instantOf(textOf(info, 'expires')), textOf(info, 'onset')]
  const { colour, level, kind, shortCode } = valuesOf(info, 'parameter')
  const areas = childrenOf(info, 'area')
  return [
    ...['effective', 'onset', 'expires'].flatMap(name => badTime(name, textOf(info, name))),
    ...expires > sent ? [] : ['§3.2.2 expires: there, and after sent'],
    ...onset !== undefined && !(instantOf(onset) < expires) ? ['§3.2.2 onset: before expires'] : [],
    ...headline.length > 0 && [...headline].length <= 140 + 10 && [...headline].length - (textOf(alert, 'status') === 'Exercise' ? 10 : 0) <= 140 ? [] : ['Google: headline of 1 to 140 characters'],
    ...description ? [] : ['Google: description is required'],
    ...new Set([headline, description, instruction ?? '']).size < 3 ? ['Google: headline, description and instruction must not repeat each other'] : [],
    ...[headline, description, instruction ?? ''].some(text => /<\/?[a-z]+[^>]*>|&(?:lt|amp|#\d+);/i.test(text)) ? ['§3.2.2 description: no markup'] : [],
    ...URL.parse(textOf(info, 'web') ?? '')?.protocol.startsWith('http') ? [] : ['§3.2.2 web: a full address, required by Google'],
    ...textOf(alert, 'status') === 'Exercise' && !/演练|exercise/i.test(headline.slice(0, 10)) ? ['an exercise says so in the first word of its headline'] : [],
    ...kind === 'warning' && (!colour || levels[colour] !== level) ? ['a warning has a colour and its level'] : [],
    ...shortCode && textOf(alert, 'identifier')?.endsWith(shortCode) ? [] : ['the short code ends the identifier'],
    ...areas.length ? areas.flatMap(areaProblems) : ['Google: area is required'],
  ]
}

function areaProblems(area: ReadElement): string[] {
  const [polygons, circles] = [childrenOf(area, 'polygon'), childrenOf(area, 'circle')]
  return [
    ...polygons.length + circles.length ? [] : ['Google: an area has a polygon, a circle or a geocode that others know'],
    ...polygons.flatMap(({ text }) => polygonProblems(text)),
    ...circles.flatMap(({ text }) => {
      const { pair = '', radius = '' } = /^(?<pair>\S+) (?<radius>\d+(?:\.\d+)?)$/.exec(text)?.groups ?? {}
      return isPlace(pair) && Number(radius) > 0 && Number(radius) <= 20 ? [] : ['§3.2.4 circle: lat,lon and a radius in kilometres (ours have up to 20)']
    }),
  ]
}

function isPlace(pair: string): boolean {
  const [lat, lng, ...more] = pair.split(',').map(Number)
  return !more.length && lat !== undefined && lng !== undefined && Math.abs(lat) <= 90 && Math.abs(lng) <= 180
}

function polygonProblems(text: string): string[] {
  const pairs = text.split(' ')
  if (pairs.length < 4 || !pairs.every(isPlace)) return ['§3.2.4 polygon: four pairs of lat,lon or more']
  if (pairs[0] !== pairs.at(-1)) return ['§3.2.4 polygon: the last pair is the first']
  const ring = pairs.map(pair => pair.split(',').map(Number)).map(([lat = 0, lng = 0]): [number, number] => [lng, lat])
  return firstCrossingOf({ type: 'Polygon', coordinates: [ring] }) ? ['§3.2.4 polygon: must not cross itself'] : []
}
