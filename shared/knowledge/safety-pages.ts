import type { ArticleAnswer, ArticleCard } from './article-schema.ts'
import type { ArticleTopic } from './topics.ts'

/** /safety: all articles by topic, or what was found. */
export interface SafetyPage { query: string, found: ArticleCard[] | null, topics: { topic: ArticleTopic, articles: ArticleCard[] }[], hasChat: boolean }

/** /safety/{slug}. `isUrgent`: the first thing it says is a number to dial. */
export interface ArticlePage { article: ArticleAnswer, isUrgent: boolean, hasChat: boolean }
