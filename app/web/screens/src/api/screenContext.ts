import { inject, type InjectionKey } from 'vue'
import type { Session } from '../login/session'
import type { IkQuery } from './gql/graphql'
import type { Api } from './api'
import type { RetryContext } from './retry'
import type { DialogInputs } from '../taak/dialogInputs'

/** Who is logged in, as the server knows him. */
export type Ik = IkQuery['ik']

/** What every screen has at hand once somebody is logged in. */
export interface ScreenContext {
  api: Api
  session: Session
  /** The api's connection and the session, for what tries until there is an answer. */
  retryContext: RetryContext
  ik: Ik
  dialogInputs: DialogInputs
}

export const SCREEN_CONTEXT: InjectionKey<ScreenContext> = Symbol('screenContext')

/** What this screen has at hand. */
export const useScreenContext = (): ScreenContext => inject(SCREEN_CONTEXT) as ScreenContext
