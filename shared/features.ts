/** The nouns of the product, one closed list: folders, locale files, commands and articles are named after them. */
export const nouns = [
  'reports', 'revisits', 'alerts', 'patrols', 'ratings', 'surveys',
  'knowledge', 'communities', 'accounts', 'staff', 'chat', 'trust',
] as const

export type Noun = (typeof nouns)[number]

/** Nouns whose pages exist. A noun's doors, commands and articles appear when it is named here. */
export const builtNouns: readonly Noun[] = ['reports', 'alerts', 'patrols', 'ratings', 'surveys', 'knowledge', 'communities', 'accounts', 'staff', 'chat', 'trust']

/** A door on the home page. Its texts are `app.doors.<name>.title` and `.hint`. */
export interface Door {
  name: string
  noun: Noun
  /** Below `/{locale}`. */
  path: string
}

const allDoors: readonly Door[] = [
  { name: 'report', noun: 'reports', path: '/reports/new' },
  { name: 'track', noun: 'reports', path: '/reports/track' },
  { name: 'alerts', noun: 'alerts', path: '/alerts' },
  { name: 'patrols', noun: 'patrols', path: '/patrols' },
  { name: 'ratings', noun: 'ratings', path: '/ratings' },
  { name: 'surveys', noun: 'surveys', path: '/surveys' },
  { name: 'communities', noun: 'communities', path: '/communities' },
  { name: 'account', noun: 'accounts', path: '/account' },
]

export const doors = allDoors.filter(({ noun }) => builtNouns.includes(noun))
