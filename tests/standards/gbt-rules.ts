/* What GB/T 35965.1-2018 (annex A, values) asks for, as far as its text and messages in use tell. */
import { childrenOf, readXml, textOf, type ReadElement } from '#server/standards/xml/read-xml'

const order = ['identifier', 'sender', 'senderCode', 'sendTime', 'status', 'msgType', 'scope', 'code', 'secClassification', 'note', 'references', 'info']
const identifier = /^\d{14}_(\d{14})_\d$/
const beijing = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+08:00$/
const colours: Record<string, string> = { Red: '红色', Orange: '橙色', Yellow: '黄色', Blue: '蓝色' }

/** The rules that a message breaks; empty when it breaks none. */
export function gbtProblems(xml: string): string[] {
  let alert: ReadElement
  try { alert = readXml(xml, 'alert') }
  catch (error) { return [`not readable: ${String(error)}`] }
  const own = textOf(alert, 'identifier') ?? ''
  const [info] = childrenOf(alert, 'info')
  const positions = alert.children.map(({ name }) => order.indexOf(name))
  const [msgType, references, sendTime = ''] = ['msgType', 'references', 'sendTime'].map(name => textOf(alert, name))
  return [
    ...positions.every((position, index) => position >= 0 && position > (positions[index - 1] ?? -1)) ? [] : ['§5: elements in their order, each once'],
    ...identifier.exec(own)?.[1] === sendTime.slice(0, 19).replace(/\D/g, '') && own.startsWith(textOf(alert, 'senderCode') ?? '-') ? [] : ['A.1.1: issuer, Beijing time in 14 digits, number'],
    ...beijing.test(sendTime) ? [] : ['A.1.3.2: Beijing time, YYYY-MM-DD hh:mm:ss+08:00'],
    ...msgType !== undefined && ['Alert', 'Update', 'Cancel'].includes(msgType) ? [] : ['A.1: Alert, Update or Cancel'],
    ...(msgType === 'Alert') === (references === undefined) ? [] : ['A.1: Update and Cancel have references, a first message has none'],
    ...references === undefined || (identifier.test(references) && references !== own && (identifier.exec(references)?.[1] ?? '') <= (identifier.exec(own)?.[1] ?? '')) ? [] : ['A.1: references name one message, the first'],
    ...info ? infoProblems(info, msgType, textOf(alert, 'sender') ?? '') : ['§5: info is required'],
  ]
}

function infoProblems(info: ReadElement, msgType: string | undefined, sender: string): string[] {
  const [severity = '', headline = ''] = ['severity', 'headline'].map(name => textOf(info, name))
  const acts = { Alert: ['发布'], Update: ['更新'], Cancel: ['解除', '撤销'] }[msgType ?? ''] ?? []
  return [
    ...textOf(info, 'language') === 'zh-CN' ? [] : ['A.2: zh-CN'],
    ...['effective', 'onset', 'expires'].flatMap(name => beijing.test(textOf(info, name) ?? (name === 'onset' ? '2000-01-01 00:00:00+08:00' : '')) ? [] : [`A.1.3.2 ${name}: Beijing time`]),
    ...severity === 'Unknown' || colours[severity] ? [] : ['A.2: severity is Red, Orange, Yellow, Blue or Unknown'],
    ...acts.some(act => headline.replace('【演练】', '').startsWith(`${sender}${act}`)) && headline.includes(textOf(info, 'event') ?? '-') && headline.includes(colours[severity] ?? '') ? [] : ['A.2 headline: issuer, act, event, colour'],
    ...childrenOf(info, 'area').flatMap((area) => {
      const circles = childrenOf(area, 'circle').map(({ text }) => Number(text.split(' ')[1]))
      const geocode = textOf(area, 'geocode')
      return [
        ...circles.every(radius => radius >= 20) ? [] : ['A.3 circle: the radius is in metres (ours have 20 or more)'],
        ...geocode === undefined || /^\d{12}(,\d{12})*$/.test(geocode) ? [] : ['A.3 geocode: division codes apart by commas'],
      ]
    }),
  ]
}
