/** The closed list of nouns: every folder, text file, route and command is named after one of them (RULES §J). */
export const features = ['reports', 'revisits', 'alerts', 'patrols', 'ratings', 'surveys', 'knowledge', 'communities', 'accounts', 'staff', 'chat', 'trust'] as const

export type Feature = typeof features[number]
