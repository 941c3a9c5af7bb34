// @ts-check
import { createConfigForNuxt } from '@nuxt/eslint-config'

const serverCode = {
  group: ['#server/*', '#server', '~/server/*', '~~/server/*', '@/server/*', '**/server/**', '@supabase/*', '**/supabase/**', '**/bot/**', 'node:*'],
  message: 'Pages and components get shipped to the browser: put the rule into shared/ or ask the server for the result.',
}

export default createConfigForNuxt(
  {
    features: { standalone: true, stylistic: { indent: 2, quotes: 'single', semi: false, braceStyle: 'stroustrup' } },
    dirs: { root: ['.'], pages: ['pages'], layouts: ['layouts'], components: ['components'], componentsPrefixed: [], composables: ['composables'], plugins: ['plugins'] },
  },
  { ignores: ['**/database.types.ts', 'tests/bench/results/**', '.cache/**', '.data/**', '.models/**'] },
  {
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Plain Node runs our TypeScript: use an `as const` array.' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'vue/multi-word-component-names': 'off',
      'vue/html-self-closing': 'off',
      // Light: what a reader does not stumble over needs no rule.
      '@stylistic/max-statements-per-line': 'off',
      '@stylistic/quote-props': 'off',
      '@stylistic/brace-style': 'off',
      '@stylistic/operator-linebreak': 'off',
      '@stylistic/member-delimiter-style': 'off',
      'nuxt/nuxt-config-keys-order': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      // Vue 3 renders fragments, and every wrapper would be sent to the residents' phones.
      'vue/no-multiple-template-root': 'off',
    },
  },
  {
    files: ['pages/**', 'components/**', 'composables/**', 'layouts/**', 'app.vue', 'error.vue'],
    rules: { 'no-restricted-imports': ['error', { patterns: [serverCode] }] },
  },
  {
    files: ['scripts/**', 'tests/**', 'supabase/embedded/quiet-console.ts'],
    rules: { 'no-console': 'off' },
  },
)
