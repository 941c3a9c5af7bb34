/** What `npm run models` fetches unless CHAT_MODEL names another: knows Chinese and English, 118 MB quantised. @see https://huggingface.co/Xenova/paraphrase-multilingual-MiniLM-L12-v2 */
export const defaultModel = 'Xenova/paraphrase-multilingual-MiniLM-L12-v2'

/** `name` or `owner/name`. It becomes a path: no part begins with a dot, so that none leads out of CHAT_MODEL_DIR. */
export const modelNamePattern = /^\w[\w.-]*(?:\/\w[\w.-]*)?$/
