/** Headings of the knowledge base, in the order of /safety; the domain public.article_topic says the same. Names are `knowledge.topics.<topic>`. */
export const articleTopics = ['reporting', 'emergencies', 'scams', 'theft', 'people', 'neighbours', 'papers', 'together', 'rights'] as const
export type ArticleTopic = typeof articleTopics[number]
