import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import accessibility from 'eslint-plugin-vuejs-accessibility'

export default defineConfigWithVueTs(
  { ignores: ['src/api/gql/**'] },
  vue.configs['flat/recommended'],
  accessibility.configs['flat/recommended'],
  vueTsConfigs.strictTypeChecked,
  prettier,
  {
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // What an interface promises is async, whether this one waits for anything or not.
      '@typescript-eslint/require-await': 'off',
      // A prop that may be left out is undefined then.
      'vue/require-default-prop': 'off',
      'vuejs-accessibility/label-has-for': 'off',
    },
  },
)
