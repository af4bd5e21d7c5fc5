import type { CodegenConfig } from '@graphql-codegen/cli'

// Types of every operation, and the manifest of trusted documents by which the screens call them: what is sent is the
// id of a document, so a server can be told to execute nothing else.
export default {
  schema: '../../../schema.graphql',
  documents: ['src/**/*.graphql'],
  generates: {
    'src/api/gql/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          mode: 'replaceDocumentWithHash',
          hashPropertyName: 'documentId',
          hashAlgorithm: 'sha256',
        },
      },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'never',
        scalars: { DateTime: 'string', ID: 'string' },
        avoidOptionals: { field: true },
      },
    },
  },
} satisfies CodegenConfig
