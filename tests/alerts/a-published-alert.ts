import type { PublishedAlert } from '#shared/alerts/published-alert'

/** The square of demo size that most test alerts are for; closed, counter-clockwise (RFC 7946 §3.1.6). */
export const aSquare: PublishedAlert['areas'][number] = {
  kind: 'community', label: { zh: '平安社区', en: 'Ping\'an' }, community: 'ping-an', grid: null,
  shape: { type: 'Polygon', coordinates: [[[114.05, 22.54], [114.06, 22.54], [114.06, 22.55], [114.05, 22.55], [114.05, 22.54]]] },
}

/** A published alert: a current orange warning unless told otherwise. */
export function aPublishedAlert(changes: Partial<PublishedAlert> = {}): PublishedAlert {
  const alert = {
    identifier: 'LLA-7K3Q-9XPA',
    sender: { slug: 'linhe', name: { zh: '临河派出所', en: 'Linhe Police Station' }, issuerCode: '44030441300000' },
    sent: '2026-11-22T07:30:00Z', messageType: 'alert', isExercise: false, kind: 'warning', colour: 'orange',
    event: { code: 'fraud', category: 'Security', name: { zh: '电信网络诈骗', en: 'Phone and online fraud' } },
    urgency: 'Expected', severity: 'Severe', certainty: 'Observed',
    onset: null, expires: '2026-11-24T12:00:00Z', references: [],
    texts: {
      zh: { headline: '橙色预警：冒充快递客服退款诈骗多发', description: '近期有人冒充快递客服，以退款为由骗取钱款。', instruction: '不要共享屏幕。' },
      en: { headline: 'Orange warning: fake courier refund calls', description: 'Callers pretend to be couriers and ask for money.', instruction: 'Do not share your screen.' },
    },
    areas: [aSquare], web: null, contact: '0755-83210110',
    follows: null, endedBy: null, communityIds: [], gridIds: [],
    ...changes,
  } satisfies Partial<PublishedAlert>
  const first = { chain: changes.chain ?? alert.identifier, chainSent: changes.chainSent ?? alert.sent }
  const statement = { version: 1 as const, type: 'alert' as const, identifier: alert.identifier, sent: alert.sent, contentHash: '0'.repeat(64), references: alert.references, keyId: 'k1', signature: 'none' }
  return { ...alert, ...first, statement }
}
