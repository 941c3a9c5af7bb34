import {
  articleCardsSchema, articleSchema, deskArticleQuerySchema, deskArticleSchema, deskArticlesSchema, knowledgePathSchema, knowledgeQuerySchema, previewArticleSchema, previewSchema, publishArticleSchema,
  publishedArticleSchema, saveArticleSchema, savedArticleSchema,
} from '#shared/knowledge/article-schema'
import type { Operation } from '../operation.ts'

const open = { noun: 'knowledge', access: 'anyone', method: 'get' } as const
const desk = { noun: 'knowledge', access: 'desk' } as const

export const knowledgeOperations: readonly Operation[] = [
  {
    ...open, path: '/api/knowledge', id: 'listArticles', query: knowledgeQuerySchema, summary: 'Articles of the knowledge base, or with q those that have its words, the best first',
    answers: [{ status: 200, says: 'The articles; locale is the language that the words are in.', schema: articleCardsSchema }], errors: [],
  },
  {
    ...open, path: '/api/knowledge/{slug}', id: 'readArticle', params: knowledgePathSchema, query: knowledgeQuerySchema.pick({ locale: true }), summary: 'One article, as Markdown and as HTML',
    answers: [{ status: 200, says: 'The article.', schema: articleSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/knowledge', id: 'listDeskArticles', summary: 'All articles with what residents see of them',
    answers: [{ status: 200, says: 'In the order of the page.', schema: deskArticlesSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/knowledge', id: 'saveArticle', body: saveArticleSchema, summary: 'Adds a version of an article, by lead or chief; published with it if wished',
    answers: [{ status: 200, says: 'Its number, and lines that another article has, too.', schema: savedArticleSchema }], errors: ['conflict', 'invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/knowledge/preview', id: 'previewArticle', body: previewArticleSchema, summary: 'A body as residents would see it',
    answers: [{ status: 200, says: 'HTML, and links that lead nowhere.', schema: previewSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/knowledge/{slug}', id: 'readDeskArticle', params: knowledgePathSchema, query: deskArticleQuerySchema, summary: 'One article with all of its versions',
    answers: [{ status: 200, says: 'The version asked for, or the one to go on with.', schema: deskArticleSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/knowledge/{slug}/publish', id: 'publishArticle', params: knowledgePathSchema, body: publishArticleSchema, summary: 'Lets residents read a version; null takes the article away from them',
    answers: [{ status: 200, says: 'What residents see now.', schema: publishedArticleSchema }], errors: [],
  },
]
